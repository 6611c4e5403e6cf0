// Batch: the statements of a T-SQL batch. T-SQL needs no semicolons, so a statement ends where the
// next one begins: at a word that begins one, in a place where it can be nothing else.
//
// Thread contract: pure; a walk is confined to one thread.
// Source: the grammar of SQL Server's documentation; what is ambiguous there is not cut here.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace engine::sql {

/// One, or rows: INSERTs that follow each other in the same words.
struct BatchStatement {
  std::size_t begin = 0;  ///< position of its first token
  bool nested = false;    ///< inside BEGIN ... END, or the body of IF or WHILE
  /// With so many bytes, up to its first value, all begin that stand before the next one here; 0:
  /// there are no others.
  std::size_t opening = 0;
};

/// Memory does not grow with the rows that a batch has in the same words.
struct Batch {
  std::vector<BatchStatement> statements;  ///< in order; the first begins the batch
  /// No statement needs another one: no variable, no jump, no transaction. Each may then be filed
  /// with its own object.
  bool separable = true;

  bool has_one() const { return statements.size() == 1 && statements.front().opening == 0; }
};

/// A batch that defines a module (procedure, function, view, trigger) is one statement to its end.
Batch read_tsql_batch(std::string_view text, std::size_t begin, std::size_t end);

/// The statements of a batch one by one, each of the rows as well.
class BatchWalk {
 public:
  /// Of the batch that ends at text[end]; borrows both.
  BatchWalk(const Batch& batch, std::string_view text, std::size_t end);

  bool at_end() const { return begin_ == text_.size(); }
  bool is_last() { return end() == text_.size(); }
  std::size_t begin() const { return begin_; }
  /// Where the next one begins.
  std::size_t end();
  bool nested() const { return entry_->nested; }

  void next();
  /// Behind this one, and all that begin in the same words.
  void pass_rows() { end_ = entry_end_; }

 private:
  void enter();

  const std::string_view text_;
  std::vector<BatchStatement>::const_iterator entry_;
  const std::vector<BatchStatement>::const_iterator entries_end_;
  std::size_t entry_end_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;  // 0 while nobody has asked
};

}  // namespace engine::sql
