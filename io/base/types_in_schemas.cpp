#include "io/base/default_schema.h"

#include <array>

namespace engine::io {

std::span<const std::string_view> types_in_schemas() {
  static constexpr auto kTypes = std::to_array<std::string_view>(
      {"aggregate", "collation", "domain", "external_table", "foreign_table", "function",
       "materialized_view", "operator", "procedure", "sequence", "synonym", "table",
       "text_search_configuration", "text_search_dictionary", "type", "view", "virtual_table"});
  return kTypes;
}

std::string_view default_schema(Dialect dialect) {
  switch (dialect) {
    case Dialect::kTsql:
      return "dbo";
    case Dialect::kPostgresql:
      return "public";
    default:
      return {};
  }
}

}  // namespace engine::io
