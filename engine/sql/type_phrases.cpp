#include "engine/sql/type_phrases.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "engine/sql/ascii.h"

namespace engine::sql {
namespace {

struct Phrase {
  std::string_view words;
  std::string_view type;
};

// Words for a type besides those of its own name; by first letter, as the types are.
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

constexpr char initial(const Phrase& phrase) { return phrase.words[0]; }
constexpr char initial(const ObjectType& type) { return type.name[0]; }

// Where in `table` the entries of each letter begin, and of the one behind 'z'.
using Letters = std::array<std::size_t, 27>;

template <typename Table>
constexpr Letters letters_of(const Table& table) {
  Letters first{};
  for (std::size_t letter = 0; letter < first.size(); ++letter) {
    std::size_t i = 0;
    while (i < table.size() && initial(table[i]) < static_cast<char>('a' + letter)) ++i;
    first[letter] = i;
  }
  return first;
}

constexpr Letters kPhraseLetters = letters_of(std::span(kPhrases));
static_assert(std::is_sorted(std::begin(kPhrases), std::end(kPhrases),
                             [](const Phrase& a, const Phrase& b) {
                               return initial(a) < initial(b);
                             }));

// How many words the phrase has, if they all stand at the cursor; else 0. `between` parts them.
std::size_t matched_words(std::string_view phrase, char between, TokenCursor* cursor) {
  std::size_t count = 0;
  while (true) {
    const std::size_t end = std::min(phrase.find(between), phrase.size());
    if (!cursor->is(Word::of(phrase.substr(0, end)), count++)) return 0;
    if (end == phrase.size()) return count;
    phrase.remove_prefix(end + 1);
  }
}

}  // namespace

std::string_view read_object_type(TokenCursor* cursor) {
  if (cursor->peek().kind != TokenKind::kWord) return {};
  const char letter = lower(cursor->raw().front());
  if (letter < 'a' || letter > 'z') return {};
  static const Letters type_letters = letters_of(object_types());
  const auto index = static_cast<std::size_t>(letter - 'a');
  std::string_view type;
  std::size_t longest = 0;
  const auto try_words = [&](std::string_view words, char between, std::string_view of) {
    const std::size_t length = matched_words(words, between, cursor);
    if (length > longest) longest = length, type = of;
  };
  for (std::size_t i = type_letters[index]; i < type_letters[index + 1]; ++i) {
    try_words(object_types()[i].name, '_', object_types()[i].name);
  }
  for (std::size_t i = kPhraseLetters[index]; i < kPhraseLetters[index + 1]; ++i) {
    try_words(kPhrases[i].words, ' ', kPhrases[i].type);
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
