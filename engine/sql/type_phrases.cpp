#include "engine/sql/type_phrases.h"

#include <algorithm>
#include <vector>

#include "engine/sql/word.h"

namespace engine::sql {
namespace {

struct Phrase {
  std::string_view words;
  std::string_view type;
};

// Words for a type besides those of its own name.
constexpr Phrase kPhrases[] = {
    {"aggregate function", "aggregate"},
    {"alias", "synonym"},
    {"columnstore index", "index"},
    {"database audit specification", "audit_specification"},
    {"database role", "role"},
    {"database scoped credential", "credential"},
    {"foreign server", "server"},
    {"generator", "sequence"},
    {"group", "role"},
    {"json collection table", "table"},
    {"json collection view", "view"},
    {"json relational duality view", "view"},
    {"materialized zonemap", "zonemap"},
    {"nodegroup", "database_partition_group"},
    {"proc", "procedure"},
    {"procedural language", "language"},
    {"routine", "function"},
    {"selective xml index", "index"},
    {"server audit", "audit"},
    {"server audit specification", "audit_specification"},
    {"snapshot", "materialized_view"},
    {"snapshot table", "table"},
    {"spatial index", "index"},
    {"table function", "function"},
    {"undo tablespace", "tablespace"},
    {"xml index", "index"},
};

// The words of a type or phrase, the first of them apart.
struct Candidate {
  Word first;
  std::string_view others;
  char between;  // parts them
  std::string_view type;
};

Candidate candidate(std::string_view words, char between, std::string_view type) {
  const std::size_t end = std::min(words.find(between), words.size());
  const std::string_view others = end == words.size() ? "" : words.substr(end + 1);
  return {Word::of(words.substr(0, end)), others, between, type};
}

bool by_first(const Candidate& a, const Candidate& b) { return a.first.head() < b.first.head(); }

std::vector<Candidate> all_candidates() {
  std::vector<Candidate> all;
  for (const ObjectType& type : object_types()) all.push_back(candidate(type.name, '_', type.name));
  for (const Phrase& phrase : kPhrases) all.push_back(candidate(phrase.words, ' ', phrase.type));
  std::stable_sort(all.begin(), all.end(), by_first);
  return all;
}

// How many words it has, if they all stand at the cursor; else 0.
std::size_t matched_words(const Candidate& candidate, TokenCursor* cursor) {
  if (!cursor->is(candidate.first)) return 0;
  std::size_t count = 1;
  for (std::string_view rest = candidate.others; !rest.empty(); ++count) {
    const std::size_t end = std::min(rest.find(candidate.between), rest.size());
    if (!cursor->is(Word::of(rest.substr(0, end)), count)) return 0;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return count;
}

}  // namespace

std::string_view read_object_type(TokenCursor* cursor) {
  if (cursor->peek().kind != TokenKind::kWord) return {};
  static const std::vector<Candidate> candidates = all_candidates();
  const auto [begin, end] = std::equal_range(candidates.begin(), candidates.end(),
                                             Candidate{cursor->word(), {}, ' ', {}}, by_first);
  std::string_view type;
  std::size_t longest = 0;
  for (auto one = begin; one != end; ++one) {
    const std::size_t length = matched_words(*one, cursor);
    if (length > longest) longest = length, type = one->type;
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
  const bool of_agent = type == "job" || type == "schedule" || type == "alert";
  if (of_agent && dialect == Dialect::kTsql) return Scope::kServer;
  if (type == "server" && dialect == Dialect::kMysql) return Scope::kServer;
  // Every trigger of Oracle lies in a schema, whatever it waits for.
  if (type == "ddl_trigger" && dialect == Dialect::kOracle) return Scope::kSchema;
  return object_type(type).scope;
}

bool is_function(std::string_view type) {
  return type == "function" || type == "procedure" || type == "aggregate";
}

bool has_overloads(std::string_view type, Dialect dialect) {
  if (!is_function(type)) return false;
  return dialect == Dialect::kPostgresql || dialect == Dialect::kSnowflake ||
         dialect == Dialect::kDb2;
}

}  // namespace engine::sql
