#include "engine/order/object_rank.h"

#include <algorithm>
#include <array>

#include "engine/sql/ascii.h"

namespace engine::order {
namespace {

// Kinds of object in the order in which a database is built; one row is one rank, from 1.
constexpr std::array<std::array<std::string_view, 9>, 14> kRanks = {{
    {"database", "tablespace", "role", "user", "login", "server_role", "application_role"},
    {"schema"},
    {"extension", "language", "foreign_data_wrapper", "server", "collation", "assembly",
     "partition_function", "fulltext_catalog", "xml_schema_collection"},
    {"type", "domain", "partition_scheme", "text_search_dictionary"},
    {"sequence"},
    {"table", "foreign_table", "external_table", "virtual_table"},
    {},  // rows
    {"constraint"},
    {"index", "fulltext_index", "statistics"},
    {},                                                         // foreign keys
    {"operator", "operator_family", "operator_class", "cast"},  // no word names them that use them
    {"view", "synonym", "materialized_view"},
    {"function", "aggregate", "package", "type_body", "package_body", "procedure"},
    {"trigger", "rule", "policy", "ddl_trigger", "event_trigger", "event", "job", "task"},
}};
constexpr std::size_t kForeignKeyRank = 10;
constexpr std::size_t kRestRank = kRanks.size() + 1;  // grants, properties, and the like
static_assert(kRanks[kRowsRank - 1][0].empty() && kRanks[kForeignKeyRank - 1][0].empty());
static_assert(kLastRank == kRestRank + 1);

}  // namespace

std::size_t rank_of(const ObjectRef& object) {
  if (object.constraint_kind == "foreign_key") return kForeignKeyRank;
  for (std::size_t rank = 0; rank < kRanks.size(); ++rank) {
    const auto& types = kRanks[rank];
    if (std::find(types.begin(), types.end(), object.type) != types.end()) return rank + 1;
  }
  return kRestRank;
}

bool is_routine(std::string_view type) {
  constexpr std::string_view kRoutines[] = {"procedure", "function",  "trigger",
                                            "package",   "aggregate", "package_body",
                                            "event",     "type_body", "ddl_trigger"};
  return sql::equals_any(type, kRoutines);
}

}  // namespace engine::order
