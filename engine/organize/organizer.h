// Organizer: puts every stretch of a source with the object it belongs to. Comments and settings go
// with what follows them, GO and the like with what they close, rows with their table.
//
// Thread contract: confined to one thread; borrows the text.
// Memory: the list of pieces, never text; consecutive rows of one table are one piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "engine/dependency/journal.h"
#include "engine/dependency/need_graph.h"
#include "engine/dialect.h"
#include "engine/organize/draft.h"
#include "engine/organize/draft_list.h"
#include "engine/organize/object_parts.h"
#include "engine/organize/row_segments.h"
#include "engine/organize/statement_references.h"
#include "engine/organize/undone_work.h"
#include "engine/sql/row_run.h"
#include "engine/sql/split_part.h"
#include "engine/sql/statement.h"

namespace engine::organize {

/// The size of segments that are never cut.
inline constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};

class Organizer {
 public:
  /// What it finds lies in `memory`.
  Organizer(std::string_view text, Dialect dialect, std::uint64_t segment_size,
            std::pmr::memory_resource* memory = std::pmr::get_default_resource());
  Organizer(const Organizer&) = delete;
  Organizer& operator=(const Organizer&) = delete;

  /// The line of a place in what comes next, so that none is counted to know it.
  void know_line(sql::LinePlace place) { drafts_.lines().know(place); }
  void add_gap(const sql::SplitPart& part);
  /// `statements` tile the part, which is a unit or directive, or a stretch of it: one that is not
  /// its end is followed by the next. `references`, of each of them what
  /// it refers to, where that is known already; of those that are_surely_asked() alone.
  void add(const sql::SplitPart& part, std::span<const sql::Statement> statements,
           std::span<FoundReferences> references = {});
  /// Rows that go on with those of the last unit, all of them with the same words up to their first
  /// value. `statement` is that unit's; it is moved to the first row of each stretch.
  void add_rows(sql::RowRun rows, sql::Statement* statement);

  /// All drafts in the order of their first piece; what still waits is given a place.
  Drafts finish();

  /// Which of them, by their `node`, must be loaded before which others. After finish().
  dependency::NeedGraph take_needs() { return journal_.take_graph(); }

  std::uint64_t units() const { return units_; }
  std::uint64_t unclassified_units() const { return unclassified_units_; }

 private:
  static constexpr std::size_t kNoDraft = DraftList::kNone;

  bool keeps_in_place(std::uint64_t offset) const;
  void begin_part(const sql::SplitPart& part);
  void end_part(const sql::SplitPart& part);
  void attach_rows(const sql::RowRun& rows);
  void add_statement(const sql::SplitPart& part, const sql::Statement& statement);
  void add_in_place(const sql::SplitPart& part, const sql::Statement& statement);
  void attach_copy(const sql::SplitPart& part, const sql::Statement& statement);
  void note_last(const sql::SplitPart& part);
  void count_unit(const sql::SplitPart& part, Draft* draft);
  std::size_t definition_draft(const sql::Statement& statement);
  std::size_t other_draft();
  std::size_t step_draft(const sql::Statement& statement);
  std::size_t flow_draft(const sql::TransactionStep& transaction);
  std::size_t kept_draft(const sql::Statement& statement);

  std::string_view text_;
  Dialect dialect_;
  std::uint64_t segment_size_;
  dependency::Journal journal_;
  DraftList drafts_;
  StatementReferences references_;
  ObjectParts parts_;
  RowSegments segments_;
  std::vector<std::size_t> places_;     // of a statement's objects in their draft
  std::size_t transaction_ = kNoDraft;  // where the transaction that is open begins
  bool is_kept_ = false;                // something that it holds ends with it
  bool defers_ = false;                 // there are constraints that are checked when it ends
  // What stays where the source has it, all of it, rows and definitions as well.
  struct {
    int conditions = 0;            // \if of psql, one in the other
    UndoneWork undone;             // of a transaction
    std::size_t draft = kNoDraft;  // where that stands
  } in_place_;
  std::uint64_t looked_until_ = 0;      // for what is undone
  std::uint64_t pending_settings_ = 0;  // that wait for what follows them,
  std::uint64_t pending_units_ = 0;     // and how many of them are units
  std::uint64_t units_ = 0;
  std::uint64_t unclassified_units_ = 0;
  bool unclassified_ = false;     // the part at hand
  std::string_view missing_end_;  // of the unit that came last
};

}  // namespace engine::organize
