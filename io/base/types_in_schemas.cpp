#include "io/base/types_in_schemas.h"

#include <array>

namespace engine::io {

std::span<const std::string_view> types_in_schemas() {
  static constexpr auto kTypes = std::to_array<std::string_view>(
      {"aggregate", "collation", "domain", "external_table", "foreign_table", "function",
       "materialized_view", "operator", "procedure", "sequence", "synonym", "table",
       "text_search_configuration", "text_search_dictionary", "type", "view", "virtual_table"});
  return kTypes;
}

}  // namespace engine::io
