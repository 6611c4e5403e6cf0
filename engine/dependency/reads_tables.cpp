#include "engine/dependency/reads_tables.h"

#include "engine/sql/token_cursor.h"

namespace engine::dependency {

// SELECT without FROM gives the same rows wherever it is run.
bool reads_tables(std::string_view text, Dialect dialect) {
  if (text.find("ELECT") == std::string_view::npos &&
      text.find("elect") == std::string_view::npos) {
    return false;
  }
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  bool selects = false;
  for (; !cursor.at_end(); cursor.advance()) {
    selects = selects || cursor.is("select");
    if (selects && cursor.is("from") && !cursor.is("dual", 1)) return true;
  }
  return false;
}

}  // namespace engine::dependency
