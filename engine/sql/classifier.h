// Classifier: what each unit and directive of a script is, and what it does to which objects. It
// follows the script's state (USE, \connect, SET search_path), so it must see the parts in order.
//
// Thread contract: confined to one thread; borrows the text.
// Cost: a unit that fills the same table as the one before it, by the same words, is recognised by
// comparing those words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/dialect.h"
#include "engine/sql/row_run.h"
#include "engine/sql/script_state.h"
#include "engine/sql/split_part.h"
#include "engine/sql/statement.h"

namespace engine::sql {

class Classifier {
 public:
  Classifier(std::string_view text, Dialect dialect)
      : text_(text), dialect_(dialect), state_(dialect) {}

  /// The statements of a unit or directive; they tile it. Valid until the next call.
  const std::vector<Statement>& classify(const SplitPart& part);
  /// Appends what the last call returned, for good.
  void take_statements(std::vector<Statement>* out);

  /// The unit fills the same table as the last one, by the same words: its statement is that one's,
  /// but for its place.
  bool goes_on(const SplitPart& part) const;
  /// How many of these rows, from the first, do, and have the same words up to their first value.
  std::size_t count_going_on(const RowRun& rows) const;

 private:
  Statement whole(const SplitPart& part) const;
  void parse(std::uint64_t begin, std::uint64_t end, Statement* statement);
  void classify_directive(const SplitPart& part);
  void classify_command(const SplitPart& part, Statement* statement);
  void classify_batch(const SplitPart& part);
  void remember_data();

  std::string_view text_;
  Dialect dialect_;
  std::vector<Statement> statements_;
  ScriptState state_;
  std::string_view data_head_;  // the words of the last INSERT, to behind its table's name,
  std::string_view rows_head_;  // and to its first value, where it has VALUES
};

/// `rows`, a whole unit's, where the unit goes on with them.
void place_rows(const SplitPart& part, Statement* rows);

}  // namespace engine::sql
