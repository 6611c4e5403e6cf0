// Batch: the statements of a T-SQL batch one by one, each of the rows as well.
//
// Thread contract: confined to one thread; borrows the text.
// Memory: some statements at a time, however many there are.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/sql/tsql_batch_reader.h"

namespace engine::sql {

class Batch {
 public:
  /// Of text[begin, end). One that defines a module (procedure, function, view, trigger) is one
  /// statement to its end.
  Batch(std::string_view text, std::size_t begin, std::size_t end);

  /// No statement of the whole batch needs another one: no variable, no jump, no transaction. Each
  /// may then be filed with its own object. Of a long batch that is read once more for this.
  bool is_separable();
  /// The whole of it is one statement.
  bool has_one() const { return has_one_; }

  // The statement at hand; in the beginning the first one.

  bool at_end() const { return begin_ == text_.size(); }
  bool is_last() { return end() == text_.size(); }
  std::size_t begin() const { return begin_; }
  /// Where the next one begins.
  std::size_t end();
  bool nested() const { return entry().nested; }

  void next();
  /// Behind this one, and all that begin in the same words.
  void pass_rows() { end_ = entry_end_; }

 private:
  const BatchStatement& entry() const { return reader_.statements()[entry_]; }
  void enter();

  std::string_view text_;
  BatchReader reader_;
  bool has_one_ = false;
  std::size_t entry_ = 0;
  std::size_t entry_end_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;  // 0 while nobody has asked
};

}  // namespace engine::sql
