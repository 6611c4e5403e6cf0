// FoundReferences: what one statement refers to, and which of its objects says so.
//
// Thread contract: a value. find_references() is pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/dialect.h"
#include "engine/reference.h"
#include "engine/sql/line_cursor.h"
#include "engine/sql/statement.h"

namespace engine::organize {

struct FoundReferences {
  static constexpr std::size_t kNobody = ~std::size_t{0};

  std::vector<Reference> all;
  std::vector<std::size_t> sayers;  ///< of each, the object; kNobody of what surrounds elements
  std::vector<std::pair<std::size_t, std::vector<std::string>>> own_paths;  ///< by object

  void clear();
};

/// `lines`: where the statement begins, or before. `found` is overwritten.
void find_references(const sql::Statement& statement, std::string_view text, Dialect dialect,
                     sql::LineCursor* lines, FoundReferences* found);

/// Most statements of rows, and what is very long and defines nothing (a quote that is broken, it
/// may be), are never asked.
bool is_surely_asked(const sql::Statement& statement);

}  // namespace engine::organize
