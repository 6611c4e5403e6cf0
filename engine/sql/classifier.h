// Classifier: what each unit and directive of a script is, and what it does to which objects. It
// follows the script's state (USE, \connect, SET search_path), so it must see the parts in order.
//
// Thread contract: confined to one thread; borrows the text.
// Cost: a unit that fills the same table as the one before it, by the same words, is recognised by
// comparing those words.
// Memory: the statements of one unit, of a long T-SQL batch a stretch of them at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/dialect.h"
#include "engine/sql/line_cursor.h"
#include "engine/sql/lines.h"
#include "engine/sql/recent_rows.h"
#include "engine/sql/row_run.h"
#include "engine/sql/script_state.h"
#include "engine/sql/split_part.h"
#include "engine/sql/statement.h"
#include "engine/sql/tsql_batch.h"

namespace engine::sql {

class Classifier {
 public:
  Classifier(std::string_view text, Dialect dialect)
      : text_(text), dialect_(dialect), state_(dialect), lines_(text, line_mark(text)) {}

  /// The statements of a unit or directive; they tile it, or its beginning where it has_more().
  /// Valid until the next call.
  /// REQUIRES: !has_more().
  const std::vector<Statement>& classify(const SplitPart& part);
  /// Is the unit a long batch, of which statements are left?
  bool has_more() const { return batch_.has_value(); }
  /// REQUIRES: has_more().
  const SplitPart& unit() const { return batch_->part; }
  /// The next ones, which tile what follows the last. REQUIRES: has_more().
  const std::vector<Statement>& classify_more();
  /// That the first one of these stands in.
  std::uint64_t line() const { return line_; }
  /// Appends what the last call returned, for good.
  void take_statements(std::vector<Statement>* out);

  /// The unit fills the same table as the last one, by the same words: its statement is that one's,
  /// but for its place.
  bool goes_on(const SplitPart& part) const;
  /// How many of these rows, from the first, do, and have the same words up to their first value.
  std::size_t count_going_on(const RowRun& rows) const;

 private:
  // A batch whose statements are found, a stretch of them at a time.
  struct OpenBatch {
    OpenBatch(std::string_view text, const SplitPart& part);

    SplitPart part;
    Batch batch;
    RecentRows rows;
    std::optional<Statement> next;  // the first one of the next stretch
  };

  Statement& begin_whole(const SplitPart& part, Statement* statement) const;
  Statement& add_whole(const SplitPart& part);
  void read_next(OpenBatch* open, Statement* statement);
  void parse(std::uint64_t begin, std::uint64_t end, Statement* statement);
  void classify_directive(const SplitPart& part);
  void classify_command(const SplitPart& part, Statement* statement);
  void classify_batch(const SplitPart& part);
  void classify_program();
  void classify_stretch();
  void finish(const SplitPart& part);
  void remember_data();

  std::string_view text_;
  Dialect dialect_;
  std::vector<Statement> statements_;
  ScriptState state_;
  LineCursor lines_;
  std::uint64_t line_ = 1;
  std::optional<OpenBatch> batch_;
  std::string_view data_head_;  // the words of the last INSERT, to behind its table's name,
  std::string_view rows_head_;  // and to its first value, where it has VALUES
};

/// `rows`, a whole unit's, where the unit goes on with them.
void place_rows(const SplitPart& part, Statement* rows);

}  // namespace engine::sql
