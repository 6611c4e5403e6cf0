#include "engine/organize/statement_words.h"

#include <cstddef>

#include "engine/sql/token_cursor.h"

namespace engine::organize {

bool changes_shape(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  const bool procedure = cursor.is_any({"exec", "execute"});  // sp_rename
  bool changes = false;
  for (std::size_t word = 0; !cursor.at_end(); cursor.advance(), ++word) {
    const bool to_default = cursor.is_any({"set", "drop"}) && cursor.is("default", 1);
    if (to_default || cursor.is_any({"auto_increment", "owner"})) return false;
    if (word < 2) continue;  // ALTER TABLE
    changes = changes || cursor.is_any({"add", "drop", "rename", "modify", "change", "type",
                                        "column", "attach", "detach", "schema"});
  }
  return changes || procedure;
}

bool has_column_action(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  for (; !cursor.at_end(); cursor.advance()) {
    if (cursor.is_any({"column", "rename", "modify", "change"})) return true;
  }
  return false;
}

bool creates_if_absent(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  for (std::size_t word = 0; word < 6; ++word, cursor.advance()) {
    if (cursor.is("if") && cursor.is("not", 1)) return true;
  }
  return false;
}

// What a trigger is for stands before its body.
bool fires_on_insert(std::string_view text, Dialect dialect) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  for (; !cursor.at_end(); cursor.advance()) {
    if (cursor.is("insert")) return true;
    if (cursor.is_any({"begin", "as", "execute", "each", "when", "declare", "is", "call"})) break;
  }
  return false;
}

bool mentions(std::string_view text, Dialect dialect, const sql::Word& word) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect);
  for (; !cursor.at_end(); cursor.advance()) {
    if (cursor.is(word)) return true;
  }
  return false;
}

}  // namespace engine::organize
