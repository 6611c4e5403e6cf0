// DraftList: the drafts of a source, and which stretch of its text each of them gets: stretch by
// stretch, so that none is lost or held twice.
//
// Thread contract: confined to one thread; borrows the text.
// Memory: the list of pieces, never text; stretches that follow each other in a draft are one
// piece. Units: offsets in bytes of the text, lines from 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <vector>

#include "engine/dependency/journal.h"
#include "engine/organize/draft.h"
#include "engine/sql/line_cursor.h"
#include "engine/sql/split_part.h"

namespace engine::organize {

class DraftList {
 public:
  static constexpr std::size_t kNone = ~std::size_t{0};

  /// `journal` outlives the list; it gets a node for each draft.
  DraftList(std::string_view text, dependency::Journal* journal, std::pmr::memory_resource* memory);

  Draft& operator[](std::size_t draft) { return drafts_[draft]; }
  const Draft& operator[](std::size_t draft) const { return drafts_[draft]; }
  std::size_t size() const { return drafts_.size(); }
  std::size_t pieces() const { return pieces_; }
  /// Where it is asked, it goes on behind what is met.
  sql::LineCursor& lines() { return lines_; }

  /// An empty one, to be added.
  Draft make() const { return Draft(memory_); }
  std::size_t add(Draft&& draft);
  /// What `from` holds goes to `to`; `from` is empty from then on.
  void join(std::size_t from, std::size_t to);

  /// The draft that got the last stretch; kNone before the first.
  std::size_t current() const { return current_; }
  bool is_rows(std::size_t draft) const {
    return draft != kNone && drafts_[draft].kind == OutputKind::kSegment;
  }
  /// The last one with rows that got a stretch.
  std::size_t last_segment() const { return last_segment_; }

  /// A part begins, and with it a line that is known.
  void meet(const sql::SplitPart& part) { meet(part.offset, part.line); }
  void meet(std::uint64_t offset, std::uint64_t line);
  /// A statement begins at the end of what is given away.
  void meet(std::uint64_t offset) {
    if (offset == assigned_) assigned_line_ = lines_.line_at(offset);
  }

  /// Everything before it belongs to a draft.
  std::uint64_t assigned() const { return assigned_; }
  void begin_line(std::uint64_t line) { assigned_line_ = line; }
  /// What is not given away yet, up to `end`, where statements end with `terminator`.
  void attach(std::size_t draft, std::uint64_t end, std::string_view terminator);
  /// All that is left.
  void attach_rest(std::size_t draft) { attach(draft, text_.size(), terminator_); }
  bool is_complete() const { return assigned_ == text_.size(); }

  /// Those that hold something, in the order of their first piece.
  Drafts take();

 private:
  void note_end_lines();

  std::string_view text_;
  dependency::Journal& journal_;
  std::pmr::memory_resource* const memory_;
  sql::LineCursor lines_;
  Drafts drafts_;
  std::size_t current_ = kNone;
  std::size_t last_segment_ = kNone;
  std::size_t pieces_ = 0;  // of all drafts
  std::uint64_t assigned_ = 0;
  std::uint64_t assigned_line_ = 1;    // the line it stands in
  std::string_view terminator_ = ";";  // that is in force there
};

}  // namespace engine::organize
