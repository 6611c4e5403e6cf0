// Organizer: puts every stretch of a source with the object it belongs to. Comments and settings go
// with what follows them, GO and the like with what they close, rows with their table.
//
// Thread contract: confined to one thread; borrows the text.
// Memory: the list of pieces, never text; consecutive rows of one table are one piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/dialect.h"
#include "engine/organize/definition_index.h"
#include "engine/organize/draft.h"
#include "engine/organize/journal.h"
#include "engine/organize/need_graph.h"
#include "engine/organize/object_key.h"
#include "engine/sql/splitter.h"
#include "engine/sql/statement.h"

namespace engine::organize {

/// The size of segments that are never cut.
inline constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};

class Organizer {
 public:
  Organizer(std::string_view text, Dialect dialect, std::uint64_t segment_size);

  void add_gap(const sql::SplitPart& part);
  /// `statements` tile the part, which is a unit or directive.
  void add(const sql::SplitPart& part, const std::vector<sql::Statement>& statements);

  /// All drafts in the order of their first piece; what still waits is given a place.
  std::vector<Draft> finish();

  /// Which of them, by their `node`, must be loaded before which others. After finish().
  NeedGraph take_needs() { return journal_.take_graph(); }

  std::uint64_t unclassified_units() const { return unclassified_units_; }

 private:
  static constexpr std::size_t kNoDraft = ~std::size_t{0};

  void add_statement(const sql::SplitPart& part, const sql::Statement& statement);
  void attach(std::size_t draft_index, std::uint64_t end, std::string_view terminator);
  void attach_copy(const sql::SplitPart& part, const sql::Statement& statement);
  void count_unit(const sql::SplitPart& part, Draft* draft);
  void meet(const sql::SplitPart& part);
  std::uint64_t line_at(std::uint64_t offset);

  void note_objects(const sql::Statement& statement, Draft* draft);
  void find_references(const sql::Statement& statement);
  void note_references(Draft* draft);
  std::size_t definition_draft(const sql::Statement& statement);
  std::size_t standing_apart(std::size_t index, const ObjectRef& object);
  std::size_t main_of(std::size_t index) const;
  bool is_parted(std::size_t draft) const;
  std::size_t next_part(std::size_t index, const ObjectRef& object);
  void become_main(std::size_t draft, std::size_t index);
  void take_back(std::size_t from, std::size_t to);
  std::size_t segment_draft(const sql::Statement& statement);
  std::size_t keyed_segment(const sql::Statement& statement);
  std::size_t note_rows(std::size_t draft, const sql::Statement& statement);
  bool goes_on(std::size_t segment, const sql::Statement& statement);
  bool begins_with_query(const sql::Statement& statement) const;
  void close_segments(std::uint64_t until);
  std::size_t new_segment(const sql::Statement& statement);
  std::size_t other_draft();
  std::size_t flow_draft(sql::Transaction transaction);
  std::size_t add_draft(Draft draft);
  bool in_segment() const;
  void note_end_lines();

  std::string_view text_;
  Dialect dialect_;
  KeyMaker keys_;
  DefinitionIndex definitions_;
  std::uint64_t segment_size_;
  char line_mark_;
  Journal journal_;
  std::vector<Draft> drafts_;
  std::unordered_map<std::size_t, std::size_t> mains_;          // the one of a first one's object,
  std::unordered_map<std::size_t, std::size_t> firsts_;         // and the first one of a main one
  std::unordered_map<std::size_t, std::size_t> changes_;        // the last one of a draft's object
  std::unordered_map<std::string, std::size_t> open_segments_;  // by table; rows may go on there
  // Of the rows that came last: their draft, and what its key was made from.
  struct LastRows {
    std::size_t draft = kNoDraft;
    std::optional<std::string> schema;
    std::string name;
    std::optional<std::string> database;  // that the name says,
    std::optional<std::string> in_force;  // and that holds without
  };
  LastRows last_rows_;
  // Of one statement, kept for its memory: what it refers to, and which of its objects says so.
  std::vector<Reference> references_;
  std::vector<std::size_t> sayers_;
  std::vector<std::pair<std::size_t, std::vector<std::string>>> own_paths_;  // by object
  std::vector<std::size_t> places_;      // of its objects in their draft
  std::size_t current_ = kNoDraft;       // the draft that got the last stretch
  std::size_t transaction_ = kNoDraft;   // where the transaction that is open begins
  std::size_t last_segment_ = kNoDraft;  // that got a stretch
  std::size_t pieces_ = 0;               // of all drafts
  std::uint64_t plain_until_ = 0;        // rows from there back to a definition ask nothing
  std::uint64_t assigned_ = 0;           // everything before it belongs to a draft
  std::uint64_t assigned_line_ = 1;      // the line it stands in
  std::string_view terminator_ = ";";    // that is in force there
  std::uint64_t known_offset_ = 0;       // the last place whose line is known
  std::uint64_t known_line_ = 1;
  std::uint64_t pending_settings_ = 0;  // that wait for what follows them,
  std::uint64_t pending_units_ = 0;     // and how many of them are units
  std::uint64_t unclassified_units_ = 0;
  bool unclassified_ = false;  // the part at hand
};

}  // namespace engine::organize
