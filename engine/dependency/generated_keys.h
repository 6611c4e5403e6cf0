// Generated keys: what rows, steps and defaults of a script take of the keys that a server makes:
// that of the row that came last, whichever table it was in, or the next number of a sequence.
//
// Thread contract: find_key_use() is pure; KeyMarks is confined to one thread; both borrow the
// text. Units: bytes of the text. Cost: a search for a few words; only where one stands are there
// tokens to be read.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dependency/text_marks.h"
#include "engine/dialect.h"

namespace engine::dependency {

struct KeyUse {
  /// LAST_INSERT_ID(), currval('s'), @@IDENTITY, RETURNING ... \gset: what was done last decides.
  bool last = false;
  /// nextval('s'), NEXT VALUE FOR s, s.NEXTVAL: in lower case, without their schemas.
  std::vector<std::string> sequences;

  bool takes_any() const { return last || !sequences.empty(); }
};

KeyUse find_key_use(std::string_view text, Dialect dialect);

/// A column whose default takes numbers of a sequence.
struct CountedColumn {
  std::string column;  ///< in lower case
  std::string sequence;
};

struct CountedColumns {
  std::vector<CountedColumn> columns;
  bool takes_last = false;  ///< a default takes the key of the row that came last
};

/// Of CREATE TABLE, or ALTER TABLE. For a serial column of `table` PostgreSQL makes a sequence.
CountedColumns counted_columns(std::string_view text, std::string_view table, Dialect dialect);

/// Rows with this statement bring no value for `column`, in lower case: it is not in the list of
/// columns that begins at `list`, or its value is DEFAULT.
bool leaves_out(std::string_view text, std::size_t list, std::string_view column, Dialect dialect);

/// Where the words of such a use stand, as TextMarks finds them.
class KeyMarks {
 public:
  KeyMarks(std::string_view text, Dialect dialect);

  /// Where the first one begins in text[begin, end); else `end`.
  /// REQUIRES: that is in the text.
  std::size_t find(std::size_t begin, std::size_t end) { return marks_.find(begin, end); }
  bool any(std::size_t begin, std::size_t end) { return find(begin, end) < end; }

  /// The key of the rows that end at `end` is taken, not far behind them.
  bool last_is_taken(std::size_t end);

 private:
  const std::string_view text_;
  const Dialect dialect_;
  TextMarks marks_;
};

}  // namespace engine::dependency
