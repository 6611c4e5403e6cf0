#include "engine/sql/search_path.h"

#include <utility>

#include "engine/sql/qualified_name.h"

namespace engine::sql {

std::vector<std::string> read_search_path(TokenCursor* cursor) {
  if (!cursor->accept("to")) cursor->accept_symbol('=');
  std::vector<std::string> path;
  if (cursor->is("default") || cursor->is("from")) return path;
  do {
    const Token token = cursor->peek();
    std::string schema;
    if (token.kind == TokenKind::kString) {
      schema = literal_text(cursor->raw());
      cursor->advance();
    } else if (auto name = read_name(cursor)) {
      schema = std::move(name->name);
    } else {
      break;
    }
    const bool own = schema == "$user" || schema == "pg_catalog" || schema == "pg_temp";
    if (!schema.empty() && !own) path.push_back(std::move(schema));
  } while (cursor->accept_symbol(','));
  return path;
}

}  // namespace engine::sql
