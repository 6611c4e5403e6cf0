// PartBatch: parts of a text that follow each other, with the statements in them, on their way from
// the splitter to the organizer. What they refer to may be found by another thread meanwhile.
//
// Thread contract: one thread at a time; whoever hands it over to another orders that. Borrows the
// text.
// Memory: is used again and again. A long batch of T-SQL is handed over a stretch at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/dialect.h"
#include "engine/organize/found_references.h"
#include "engine/organize/organizer.h"
#include "engine/sql/classifier.h"
#include "engine/sql/line_place.h"
#include "engine/sql/row_run.h"
#include "engine/sql/split_part.h"
#include "engine/sql/splitter.h"
#include "engine/sql/statement.h"

namespace engine::run {

class PartBatch {
 public:
  /// What comes next, and what was here is gone. False: that is the end of the text.
  bool fill(sql::Splitter* splitter, sql::Classifier* classifier);
  /// Within fill(): the line of a place in what is being read. Not every one is kept.
  void note_line(sql::LinePlace place);
  bool empty() const { return entries_.empty(); }
  std::size_t statements() const { return statements_.size(); }
  std::uint64_t end() const { return end_; }  ///< of the last part; not when empty

  /// organize() takes so long that it is nothing for a helper, which may be wanted elsewhere.
  bool is_long() const;
  /// It is worth while to find what the statements refer to, before organize() does.
  bool has_questions() const { return asking_ != 0 && !is_long(); }
  void answer(std::string_view text, Dialect dialect, char line_mark);

  void organize(organize::Organizer* organizer);

 private:
  struct Entry {
    sql::SplitPart part;         // of a run of rows the first one
    std::size_t statements = 0;  // of a gap none, nor of rows that go on with the last ones
    std::size_t rows = 0;        // of a run
    std::uint64_t line = 1;      // of the first statement
  };

  bool add_parts(sql::Splitter* splitter, sql::Classifier* classifier);
  void add(const sql::SplitPart& part, sql::Classifier* classifier);
  void add_statements(const sql::SplitPart& part, sql::Classifier* classifier);
  void add(sql::RowRun rows, sql::Classifier* classifier);
  void push(const Entry& entry, std::uint64_t begin, std::uint64_t end);
  bool is_full() const;

  std::vector<Entry> entries_;
  std::vector<sql::RowEnd> row_ends_;       // of all runs
  std::vector<sql::Statement> statements_;  // of all entries
  std::vector<sql::LinePlace> lines_;       // some, of long parts
  std::uint64_t asking_ = 0;                // bytes of those that will be asked
  std::uint64_t begin_ = 0;
  std::uint64_t end_ = 0;
  std::vector<organize::FoundReferences> references_;  // of each statement, where they are found
  bool answered_ = false;
};

}  // namespace engine::run
