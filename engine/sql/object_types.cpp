#include "engine/sql/object_types.h"

#include <array>

namespace engine::sql {
namespace {

struct Phrase {
  std::array<std::string_view, 4> words;
  std::string_view type;
};

// The longest phrase that fits is taken.
constexpr Phrase kPhrases[] = {
    {{"table"}, "table"},
    {{"view"}, "view"},
    {{"index"}, "index"},
    {{"procedure"}, "procedure"},
    {{"proc"}, "procedure"},
    {{"function"}, "function"},
    {{"trigger"}, "trigger"},
    {{"sequence"}, "sequence"},
    {{"generator"}, "sequence"},
    {{"schema"}, "schema"},
    {{"synonym"}, "synonym"},
    {{"package", "body"}, "package_body"},
    {{"package"}, "package"},
    {{"type", "body"}, "type_body"},
    {{"type"}, "type"},
    {{"domain"}, "domain"},
    {{"materialized", "view", "log"}, "materialized_view_log"},
    {{"materialized", "view"}, "materialized_view"},
    {{"snapshot"}, "materialized_view"},
    {{"virtual", "table"}, "virtual_table"},
    {{"foreign", "table"}, "foreign_table"},
    {{"foreign", "data", "wrapper"}, "foreign_data_wrapper"},
    {{"external", "table"}, "external_table"},
    {{"external", "data", "source"}, "external_data_source"},
    {{"external", "file", "format"}, "external_file_format"},
    {{"external", "resource", "pool"}, "external_resource_pool"},
    {{"external", "library"}, "external_library"},
    {{"event", "trigger"}, "event_trigger"},
    {{"event", "session"}, "event_session"},
    {{"event", "notification"}, "event_notification"},
    {{"event"}, "event"},
    {{"database", "link"}, "database_link"},
    {{"database", "scoped", "credential"}, "credential"},
    {{"database", "scoped", "configuration"}, "database_scoped_configuration"},
    {{"database", "audit", "specification"}, "audit_specification"},
    {{"database", "role"}, "role"},
    {{"database"}, "database"},
    {{"extension"}, "extension"},
    {{"rule"}, "rule"},
    {{"policy"}, "policy"},
    {{"security", "policy"}, "security_policy"},
    {{"row", "access", "policy"}, "row_access_policy"},
    {{"masking", "policy"}, "masking_policy"},
    {{"network", "policy"}, "network_policy"},
    {{"application", "role"}, "application_role"},
    {{"server", "role"}, "server_role"},
    {{"server", "audit", "specification"}, "audit_specification"},
    {{"server", "audit"}, "audit"},
    {{"server"}, "server"},
    {{"role"}, "role"},
    {{"user", "mapping"}, "user_mapping"},
    {{"user"}, "user"},
    {{"login"}, "login"},
    {{"group"}, "role"},
    {{"aggregate"}, "aggregate"},
    {{"operator", "class"}, "operator_class"},
    {{"operator", "family"}, "operator_family"},
    {{"operator"}, "operator"},
    {{"cast"}, "cast"},
    {{"collation"}, "collation"},
    {{"conversion"}, "conversion"},
    {{"transform"}, "transform"},
    {{"text", "search", "configuration"}, "text_search_configuration"},
    {{"text", "search", "dictionary"}, "text_search_dictionary"},
    {{"text", "search", "parser"}, "text_search_parser"},
    {{"text", "search", "template"}, "text_search_template"},
    {{"access", "method"}, "access_method"},
    {{"language"}, "language"},
    {{"publication"}, "publication"},
    {{"subscription"}, "subscription"},
    {{"statistics"}, "statistics"},
    {{"tablespace"}, "tablespace"},
    {{"large", "object"}, "large_object"},
    {{"column"}, "column"},
    {{"constraint"}, "constraint"},
    {{"partition", "function"}, "partition_function"},
    {{"partition", "scheme"}, "partition_scheme"},
    {{"fulltext", "index"}, "fulltext_index"},
    {{"fulltext", "catalog"}, "fulltext_catalog"},
    {{"fulltext", "stoplist"}, "fulltext_stoplist"},
    {{"search", "property", "list"}, "search_property_list"},
    {{"xml", "schema", "collection"}, "xml_schema_collection"},
    {{"xml", "index"}, "index"},
    {{"spatial", "index"}, "index"},
    {{"columnstore", "index"}, "index"},
    {{"assembly"}, "assembly"},
    {{"certificate"}, "certificate"},
    {{"symmetric", "key"}, "symmetric_key"},
    {{"asymmetric", "key"}, "asymmetric_key"},
    {{"column", "master", "key"}, "column_master_key"},
    {{"column", "encryption", "key"}, "column_encryption_key"},
    {{"credential"}, "credential"},
    {{"endpoint"}, "endpoint"},
    {{"message", "type"}, "message_type"},
    {{"contract"}, "contract"},
    {{"queue"}, "queue"},
    {{"service"}, "service"},
    {{"route"}, "route"},
    {{"default"}, "default"},
    {{"resource", "pool"}, "resource_pool"},
    {{"resource", "monitor"}, "resource_monitor"},
    {{"workload", "group"}, "workload_group"},
    {{"availability", "group"}, "availability_group"},
    {{"java", "source"}, "java_source"},
    {{"java", "class"}, "java_class"},
    {{"java", "resource"}, "java_resource"},
    {{"library"}, "library"},
    {{"directory"}, "directory"},
    {{"context"}, "context"},
    {{"dimension"}, "dimension"},
    {{"cluster"}, "cluster"},
    {{"profile"}, "profile"},
    {{"outline"}, "outline"},
    {{"edition"}, "edition"},
    {{"indextype"}, "indextype"},
    {{"file", "format"}, "file_format"},
    {{"stage"}, "stage"},
    {{"pipe"}, "pipe"},
    {{"stream"}, "stream"},
    {{"task"}, "task"},
    {{"alert"}, "alert"},
    {{"tag"}, "tag"},
    {{"share"}, "share"},
    {{"warehouse"}, "warehouse"},
    {{"job"}, "job"},
    {{"exception"}, "exception"},
    {{"alias"}, "synonym"},
    {{"nickname"}, "nickname"},
    {{"variable"}, "variable"},
    {{"module"}, "module"},
    {{"bufferpool"}, "bufferpool"},
    {{"mask"}, "mask"},
    {{"permission"}, "permission"},
};

std::size_t matched_words(const Phrase& phrase, TokenCursor* cursor) {
  std::size_t i = 0;
  for (; i < phrase.words.size() && !phrase.words[i].empty(); ++i) {
    if (!cursor->is(phrase.words[i], i)) return 0;
  }
  return i;
}

}  // namespace

std::string_view read_object_type(TokenCursor* cursor) {
  std::string_view type;
  std::size_t longest = 0;
  for (const Phrase& phrase : kPhrases) {
    const std::size_t length = matched_words(phrase, cursor);
    if (length > longest) longest = length, type = phrase.type;
  }
  for (std::size_t i = 0; i < longest; ++i) cursor->advance();
  return type;
}

}  // namespace engine::sql
