// BatchReader: where the statements of a T-SQL batch begin. T-SQL needs no semicolons, so a
// statement ends where the next one begins: at a word that begins one, in a place where it can be
// nothing else.
//
// Thread contract: confined to one thread; borrows the text. A copy reads on by itself.
// Memory: that of the statements which are known at once, however many the batch has.
// Source: the grammar of SQL Server's documentation; what is ambiguous there is not cut here.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "engine/sql/ascii.h"
#include "engine/sql/token_cursor.h"
#include "engine/sql/word.h"

namespace engine::sql {

/// One, or rows: INSERTs that follow each other in the same words.
struct BatchStatement {
  std::size_t begin = 0;  ///< position of its first token
  bool nested = false;    ///< inside BEGIN ... END, or the body of IF or WHILE
  /// With so many bytes, up to its first value, all begin that stand before the next one here; 0:
  /// there are no others.
  std::size_t opening = 0;
};

/// The next row would begin here: behind the values of one that end at `values_end`.
inline std::size_t next_row(std::string_view text, std::size_t values_end) {
  const std::size_t next = kNonSpaces.find(text, values_end);
  return next < text.size() && text[next] == ';' ? kNonSpaces.find(text, next + 1) : next;
}

class BatchReader {
 public:
  /// Of the batch text[begin, end).
  BatchReader(std::string_view text, std::size_t begin, std::size_t end);

  /// Forgets all statements but the last one, and reads on until `most` others are known to their
  /// end, or all that there are.
  void read_on(std::size_t most);
  /// Nothing is left to be read.
  bool at_end() { return is_module_ || cursor_.at_end(); }

  /// In order; the first of all begins the batch. Where the last one ends is known at_end() alone.
  const std::vector<BatchStatement>& statements() const { return statements_; }
  /// So far no statement needs another one: no variable, no jump, no transaction.
  bool separable() const { return separable_; }

 private:
  bool defines_module();
  void step();
  void skip_parentheses();
  std::string_view opening_at(std::size_t position) const;
  void note_opening(std::string_view opening);
  void add_row(std::size_t begin, std::size_t opening, bool in_same_words);
  void end_word();
  void note();
  bool in(const Word& first) const { return first_ == first; }
  bool after(std::initializer_list<Word> words) const { return is_one_of(previous_, words); }
  bool begins_statement();
  bool begins_behind_alter(const Word& word);
  bool names_its_table();
  bool select_begins();
  void begin_statement();

  TokenCursor cursor_;
  std::vector<BatchStatement> statements_;
  std::size_t most_ = 0;
  bool separable_ = true;
  bool is_module_ = false;  // one statement to its end
  std::size_t begin_ = 0;   // of the statement at hand
  int blocks_ = 0;
  int blocks_before_ = 0;  // where the statement at hand begins
  int cases_ = 0;
  bool body_due_ = false;  // the next statement is the body of an IF, ELSE or WHILE
  Word first_;
  Word previous_;
  bool after_semicolon_ = false;
  bool rows_seen_ = false;
  bool set_seen_ = false;
  bool for_seen_ = false;
  bool permissions_over_ = false;  // GRANT ... TO
  bool alters_settings_ = false;   // ALTER DATABASE ... SET
  // The words of rows, up to the first value, that came last; a table mostly has one.
  std::array<std::string_view, 8> openings_;
  std::size_t next_opening_ = 0;
};

}  // namespace engine::sql
