// StatementReferences: what the statement at hand refers to, for all that the organizer asks of it.
// Whoever went ahead may have found it already.
//
// Thread contract: confined to one thread; borrows the text. One for all statements of a source,
// for its memory.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "engine/dialect.h"
#include "engine/organize/draft_list.h"
#include "engine/organize/found_references.h"
#include "engine/reference.h"
#include "engine/sql/statement.h"

namespace engine::organize {

class StatementReferences {
 public:
  /// `lines` outlives it; it knows the lines of the text.
  StatementReferences(std::string_view text, Dialect dialect, sql::LineCursor* lines)
      : text_(text), dialect_(dialect), lines_(*lines) {}

  /// What find() is to answer for the next statement it is asked of. Null: it has to look.
  void expect(FoundReferences* known) { known_ = known; }

  void clear() { found_.clear(); }
  /// Those of this statement, in place of the last one's.
  void find(const sql::Statement& statement);
  const std::vector<Reference>& all() const { return found_.all; }

  /// `places`: where the statement's objects stand in the draft.
  void move_to(const std::vector<std::size_t>& places, Draft* draft);

 private:
  std::string_view text_;
  Dialect dialect_;
  sql::LineCursor& lines_;
  FoundReferences* known_ = nullptr;
  FoundReferences found_;
};

}  // namespace engine::organize
