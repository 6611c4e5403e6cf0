#include "engine/meant_types.h"

#include <algorithm>

#include "engine/sql/object_type.h"

namespace engine {
// The columns of a type have comments as those of a table do, a key is altered as the index that it
// has, only its definition says that a trigger hangs on no table, and sp_rename is read as an
// ALTER TABLE. A routine of PostgreSQL, whose kinds share their names, is read as a function.
std::span<const std::string_view> other_types_meant(std::string_view said, Dialect dialect) {
  static constexpr std::string_view kOfTable[] = {"type"}, kOfIndex[] = {"constraint"},
                                    kOfTrigger[] = {"ddl_trigger"}, kOfRoutine[] = {"procedure"},
                                    kOfTsql[] = {"type",    "procedure", "function",
                                                 "trigger", "sequence",  "synonym"};
  if (said == "table" && dialect == Dialect::kTsql) return kOfTsql;
  if (said == "table") return kOfTable;
  if (said == "index") return kOfIndex;
  if (said == "trigger") return kOfTrigger;
  if (said == "function" && dialect == Dialect::kPostgresql) return kOfRoutine;
  return {};
}

bool may_mean(std::string_view said, std::string_view type, Dialect dialect) {
  if (said == type) return true;
  const std::string_view space = sql::name_space(type);
  if (said == space || (said == "table" && space == "relation")) return true;
  const auto others = other_types_meant(said, dialect);
  return std::find(others.begin(), others.end(), type) != others.end();
}

}  // namespace engine
