// RecentRows: the rows of a T-SQL batch that came last. What begins in the words of some of them,
// up to the name of their table, is more of these, and need not be parsed.
//
// Thread contract: confined to one thread; borrows the text.
// Memory: a few statements.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "engine/sql/statement.h"

namespace engine::sql {

class RecentRows {
 public:
  explicit RecentRows(std::string_view text) : text_(text) {}

  /// A statement that has been parsed. Where it is no rows, those before it are no longer recent:
  /// it may change what a name means.
  void note(const Statement& statement, bool nested);
  /// Of what text[begin, end) is, but for its length; null where it has to be parsed.
  const Statement* find(std::size_t begin, std::size_t end, bool nested);

 private:
  struct Rows {
    std::string_view head;
    Statement statement;
  };

  std::string_view text_;
  std::vector<Rows> rows_;
  std::size_t next_ = 0;  // that gives way
  bool nested_ = false;   // all of them
};

}  // namespace engine::sql
