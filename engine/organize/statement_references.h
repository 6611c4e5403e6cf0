// StatementReferences: what one statement refers to, and which of its objects says so.
//
// Thread contract: confined to one thread; borrows the text. One for all statements of a source,
// for its memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/dialect.h"
#include "engine/organize/draft_list.h"
#include "engine/reference.h"
#include "engine/sql/statement.h"

namespace engine::organize {

class StatementReferences {
 public:
  /// `lines` outlives it; it knows the lines of the text.
  StatementReferences(std::string_view text, Dialect dialect, DraftList* lines)
      : text_(text), dialect_(dialect), lines_(*lines) {}

  void clear();
  /// Those of this statement, in place of the last one's.
  void find(const sql::Statement& statement);
  const std::vector<Reference>& all() const { return references_; }

  /// `places`: where the statement's objects stand in the draft.
  void move_to(const std::vector<std::size_t>& places, Draft* draft);

 private:
  static constexpr std::size_t kNobody = ~std::size_t{0};
  class ForeignKeys;
  void find_in(std::string_view text, std::uint64_t begin, std::uint64_t end, std::uint64_t line,
               std::size_t object, ForeignKeys* keys);

  std::string_view text_;
  Dialect dialect_;
  DraftList& lines_;
  std::vector<Reference> references_;
  std::vector<std::size_t> sayers_;  // of each, the object; kNobody of what surrounds elements
  std::vector<std::pair<std::size_t, std::vector<std::string>>> own_paths_;  // by object
};

}  // namespace engine::organize
