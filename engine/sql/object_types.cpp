#include "engine/sql/object_types.h"

#include <algorithm>
#include <array>

#include "engine/sql/ascii.h"

namespace engine::sql {
namespace {

struct Phrase {
  std::string_view words;
  std::string_view type;
  Scope scope = Scope::kSchema;
};

// By first letter, so that few are compared. The longest phrase that fits is taken.
constexpr Phrase kPhrases[] = {
    {"access method", "access_method", Scope::kDatabase},
    {"aggregate", "aggregate"},
    {"aggregate function", "aggregate"},
    {"aggregation policy", "aggregation_policy"},
    {"alert", "alert"},
    {"alias", "synonym"},
    {"analytic view", "analytic_view"},
    {"api integration", "api_integration"},
    {"application", "application"},
    {"application package", "application_package"},
    {"application role", "application_role", Scope::kDatabase},
    {"assembly", "assembly", Scope::kDatabase},
    {"assignment", "assignment"},
    {"asymmetric key", "asymmetric_key", Scope::kDatabase},
    {"attribute dimension", "attribute_dimension"},
    {"audit policy", "audit_policy", Scope::kDatabase},
    {"authentication policy", "authentication_policy"},
    {"availability group", "availability_group", Scope::kServer},
    {"broker priority", "broker_priority", Scope::kDatabase},
    {"bufferpool", "bufferpool", Scope::kServer},
    {"capacity", "capacity"},
    {"cast", "cast", Scope::kDatabase},
    {"catalog integration", "catalog_integration", Scope::kDatabase},
    {"certificate", "certificate", Scope::kDatabase},
    {"changefeed", "changefeed"},
    {"cluster", "cluster"},
    {"collation", "collation"},
    {"column", "column"},
    {"column encryption key", "column_encryption_key", Scope::kDatabase},
    {"column master key", "column_master_key", Scope::kDatabase},
    {"columnstore index", "index"},
    {"compute pool", "compute_pool", Scope::kServer},
    {"connection", "connection", Scope::kServer},
    {"constraint", "constraint"},
    {"context", "context", Scope::kDatabase},
    {"contract", "contract", Scope::kDatabase},
    {"conversion", "conversion"},
    {"credential", "credential", Scope::kDatabase},
    {"cryptographic provider", "cryptographic_provider", Scope::kServer},
    {"database", "database", Scope::kServer},
    {"database audit specification", "audit_specification", Scope::kDatabase},
    {"database encryption key", "database_encryption_key", Scope::kDatabase},
    {"database link", "database_link"},
    {"database master key", "database_master_key"},
    {"database partition group", "database_partition_group", Scope::kServer},
    {"database role", "role", Scope::kDatabase},
    {"database scoped configuration", "database_scoped_configuration", Scope::kDatabase},
    {"database scoped credential", "credential", Scope::kDatabase},
    {"dataset", "dataset"},
    {"datashare", "datashare", Scope::kDatabase},
    {"default", "default"},
    {"dimension", "dimension"},
    {"directory", "directory", Scope::kDatabase},
    {"diskgroup", "diskgroup", Scope::kServer},
    {"domain", "domain"},
    {"dynamic table", "dynamic_table"},
    {"edition", "edition", Scope::kDatabase},
    {"endpoint", "endpoint", Scope::kServer},
    {"event", "event"},
    {"event monitor", "event_monitor", Scope::kDatabase},
    {"event notification", "event_notification", Scope::kDatabase},
    {"event session", "event_session", Scope::kServer},
    {"event table", "event_table"},
    {"event trigger", "event_trigger", Scope::kDatabase},
    {"exception", "exception", Scope::kDatabase},
    {"extension", "extension", Scope::kDatabase},
    {"external access integration", "external_access_integration"},
    {"external data source", "external_data_source", Scope::kDatabase},
    {"external file format", "external_file_format", Scope::kDatabase},
    {"external function", "external_function"},
    {"external language", "external_language", Scope::kDatabase},
    {"external library", "external_library", Scope::kDatabase},
    {"external model", "external_model", Scope::kDatabase},
    {"external resource pool", "external_resource_pool", Scope::kServer},
    {"external schema", "external_schema", Scope::kDatabase},
    {"external stream", "external_stream"},
    {"external table", "external_table"},
    {"external volume", "external_volume"},
    {"failover group", "failover_group", Scope::kServer},
    {"file format", "file_format"},
    {"filegroup", "filegroup", Scope::kDatabase},
    {"filter", "filter", Scope::kDatabase},
    {"flashback archive", "flashback_archive"},
    {"foreign data wrapper", "foreign_data_wrapper", Scope::kDatabase},
    {"foreign server", "server", Scope::kDatabase},
    {"foreign table", "foreign_table"},
    {"fulltext catalog", "fulltext_catalog", Scope::kDatabase},
    {"fulltext index", "fulltext_index"},
    {"fulltext stoplist", "fulltext_stoplist", Scope::kDatabase},
    {"function", "function"},
    {"function mapping", "function_mapping"},
    {"generator", "sequence"},
    {"git repository", "git_repository"},
    {"group", "role", Scope::kDatabase},
    {"hierarchy", "hierarchy"},
    {"histogram template", "histogram_template", Scope::kServer},
    {"image repository", "image_repository"},
    {"index", "index"},
    {"index extension", "index_extension"},
    {"indextype", "indextype"},
    {"inmemory join group", "inmemory_join_group"},
    {"integration", "integration", Scope::kDatabase},
    {"java class", "java_class"},
    {"java resource", "java_resource"},
    {"java source", "java_source"},
    {"job", "job"},
    {"join policy", "join_policy"},
    {"json collection table", "table"},
    {"json collection view", "view"},
    {"json relational duality view", "view"},
    {"language", "language", Scope::kDatabase},
    {"large object", "large_object", Scope::kDatabase},
    {"library", "library"},
    {"lockdown profile", "lockdown_profile", Scope::kServer},
    {"logfile group", "logfile_group", Scope::kServer},
    {"login", "login", Scope::kServer},
    {"managed account", "managed_account", Scope::kServer},
    {"mapping", "mapping", Scope::kDatabase},
    {"mask", "mask"},
    {"masking policy", "masking_policy"},
    {"master key", "master_key", Scope::kDatabase},
    {"materialized view", "materialized_view"},
    {"materialized view log", "materialized_view_log"},
    {"materialized zonemap", "zonemap"},
    {"message type", "message_type", Scope::kDatabase},
    {"method", "method"},
    {"mining model", "mining_model"},
    {"mle env", "mle_env"},
    {"mle module", "mle_module"},
    {"model", "model"},
    {"module", "module"},
    {"network policy", "network_policy", Scope::kServer},
    {"network rule", "network_rule"},
    {"nickname", "nickname"},
    {"nodegroup", "database_partition_group", Scope::kServer},
    {"notebook", "notebook"},
    {"notification integration", "notification_integration", Scope::kDatabase},
    {"operator", "operator"},
    {"operator class", "operator_class"},
    {"operator family", "operator_family"},
    {"outline", "outline"},
    {"package", "package"},
    {"package body", "package_body"},
    {"packages policy", "packages_policy"},
    {"parameter", "parameter", Scope::kServer},
    {"partition function", "partition_function", Scope::kDatabase},
    {"partition scheme", "partition_scheme", Scope::kDatabase},
    {"password policy", "password_policy"},
    {"permission", "permission"},
    {"pfile", "pfile", Scope::kServer},
    {"pipe", "pipe"},
    {"plan guide", "plan_guide", Scope::kDatabase},
    {"pluggable database", "pluggable_database", Scope::kServer},
    {"policy", "policy"},
    {"privacy policy", "privacy_policy"},
    {"proc", "procedure"},
    {"procedural language", "language", Scope::kDatabase},
    {"procedure", "procedure"},
    {"profile", "profile", Scope::kServer},
    {"projection policy", "projection_policy"},
    {"property graph", "property_graph"},
    {"publication", "publication", Scope::kDatabase},
    {"queue", "queue"},
    {"remote service binding", "remote_service_binding", Scope::kDatabase},
    {"replication group", "replication_group", Scope::kServer},
    {"reservation", "reservation"},
    {"resource group", "resource_group", Scope::kServer},
    {"resource monitor", "resource_monitor", Scope::kServer},
    {"resource pool", "resource_pool", Scope::kServer},
    {"restore point", "restore_point", Scope::kServer},
    {"role", "role", Scope::kDatabase},
    {"rollback segment", "rollback_segment"},
    {"route", "route", Scope::kDatabase},
    {"routine", "function"},
    {"row access policy", "row_access_policy"},
    {"rule", "rule"},
    {"schema", "schema", Scope::kDatabase},
    {"search index", "search_index"},
    {"search property list", "search_property_list", Scope::kDatabase},
    {"secret", "secret"},
    {"security integration", "security_integration", Scope::kDatabase},
    {"security label", "security_label", Scope::kDatabase},
    {"security label component", "security_label_component"},
    {"security policy", "security_policy"},
    {"selective xml index", "index"},
    {"semantic view", "semantic_view"},
    {"sequence", "sequence"},
    {"server", "server", Scope::kDatabase},
    {"server audit", "audit", Scope::kServer},
    {"server audit specification", "audit_specification", Scope::kDatabase},
    {"server role", "server_role", Scope::kServer},
    {"service", "service", Scope::kDatabase},
    {"service class", "service_class"},
    {"service master key", "service_master_key"},
    {"session policy", "session_policy"},
    {"shadow", "shadow", Scope::kDatabase},
    {"share", "share", Scope::kServer},
    {"snapshot", "materialized_view"},
    {"snapshot table", "table"},
    {"spatial index", "index"},
    {"spatial reference system", "spatial_reference_system", Scope::kServer},
    {"spfile", "spfile", Scope::kServer},
    {"stage", "stage"},
    {"statistics", "statistics"},
    {"stogroup", "stogroup", Scope::kServer},
    {"storage integration", "storage_integration", Scope::kDatabase},
    {"stream", "stream"},
    {"streamlit", "streamlit"},
    {"subscription", "subscription", Scope::kDatabase},
    {"symmetric key", "symmetric_key", Scope::kDatabase},
    {"synonym", "synonym"},
    {"table", "table"},
    {"table function", "function"},
    {"tablegroup", "tablegroup"},
    {"tablespace", "tablespace", Scope::kServer},
    {"tag", "tag"},
    {"task", "task"},
    {"text search configuration", "text_search_configuration"},
    {"text search dictionary", "text_search_dictionary"},
    {"text search parser", "text_search_parser"},
    {"text search template", "text_search_template"},
    {"threshold", "threshold", Scope::kServer},
    {"transform", "transform", Scope::kDatabase},
    {"trigger", "trigger"},
    {"trusted context", "trusted_context"},
    {"type", "type"},
    {"type body", "type_body"},
    {"type mapping", "type_mapping"},
    {"undo tablespace", "tablespace", Scope::kServer},
    {"usage list", "usage_list"},
    {"user", "user", Scope::kDatabase},
    {"user mapping", "user_mapping", Scope::kDatabase},
    {"variable", "variable"},
    {"vector index", "vector_index"},
    {"view", "view"},
    {"virtual table", "virtual_table"},
    {"warehouse", "warehouse", Scope::kServer},
    {"work action set", "work_action_set"},
    {"work class set", "work_class_set"},
    {"workload", "workload", Scope::kServer},
    {"workload classifier", "workload_classifier", Scope::kServer},
    {"workload group", "workload_group", Scope::kServer},
    {"wrapper", "wrapper", Scope::kDatabase},
    {"xml index", "index"},
    {"xml schema collection", "xml_schema_collection"},
    {"xsrobject", "xsrobject"},
    {"zonemap", "zonemap"},
};

constexpr char initial(const Phrase& phrase) { return phrase.words[0]; }

static_assert(std::is_sorted(std::begin(kPhrases), std::end(kPhrases),
                             [](const Phrase& a, const Phrase& b) {
                               return initial(a) < initial(b);
                             }));

// kPhrases[kFirst[c - 'a']] is the first one of the letter c.
constexpr auto kFirst = [] {
  std::array<std::size_t, 27> first{};
  for (std::size_t letter = 0; letter < first.size(); ++letter) {
    std::size_t i = 0;
    while (i < std::size(kPhrases) && initial(kPhrases[i]) < static_cast<char>('a' + letter)) ++i;
    first[letter] = i;
  }
  return first;
}();

// How many words the phrase has, if they all stand at the cursor; else 0.
std::size_t matched_words(std::string_view phrase, TokenCursor* cursor) {
  std::size_t count = 0;
  while (true) {
    const std::size_t end = std::min(phrase.find(' '), phrase.size());
    if (!cursor->is(phrase.substr(0, end), count++)) return 0;
    if (end == phrase.size()) return count;
    phrase.remove_prefix(end + 1);
  }
}

}  // namespace

std::string_view read_object_type(TokenCursor* cursor) {
  if (cursor->peek().kind != TokenKind::kWord) return {};
  const char letter = lower(cursor->raw().front());
  if (letter < 'a' || letter > 'z') return {};
  std::string_view type;
  std::size_t longest = 0;
  const auto index = static_cast<std::size_t>(letter - 'a');
  for (std::size_t i = kFirst[index]; i < kFirst[index + 1]; ++i) {
    const std::size_t length = matched_words(kPhrases[i].words, cursor);
    if (length > longest) longest = length, type = kPhrases[i].type;
  }
  for (std::size_t i = 0; i < longest; ++i) cursor->advance();
  return type;
}

std::string_view object_type_of(std::string_view words) {
  TokenCursor cursor(words, 0, words.size(), Dialect::kGeneric);
  return read_object_type(&cursor);
}

Scope scope_of(std::string_view type, Dialect dialect) {
  if (type.empty() || type == "table" || type == "index" || type == "constraint") {
    return Scope::kSchema;
  }
  if (type == "role" || type == "user") {
    const bool of_database = dialect == Dialect::kTsql || dialect == Dialect::kFirebird;
    return of_database ? Scope::kDatabase : Scope::kServer;
  }
  // The schemas of MySQL are its databases; what SQL Server Agent runs lies in msdb.
  if (type == "schema" && dialect == Dialect::kMysql) return Scope::kServer;
  if ((type == "job" || type == "alert") && dialect == Dialect::kTsql) return Scope::kServer;
  if (type == "server" && dialect == Dialect::kMysql) return Scope::kServer;
  if (type == "ddl_trigger") return Scope::kDatabase;
  for (std::size_t i = kFirst[static_cast<std::size_t>(type[0] - 'a')]; i < std::size(kPhrases);
       ++i) {
    if (kPhrases[i].type == type) return kPhrases[i].scope;
  }
  return Scope::kSchema;
}

bool has_overloads(std::string_view type, Dialect dialect) {
  if (type != "function" && type != "procedure" && type != "aggregate") return false;
  return dialect == Dialect::kPostgresql || dialect == Dialect::kSnowflake ||
         dialect == Dialect::kDb2;
}

}  // namespace engine::sql
