#include "io/base/default_schema.h"

namespace engine::io {

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
