// RowSegments: which draft the rows of a table go to. Rows of several tables in turn go on where
// each table's rows are, until something reads or changes rows.
//
// Thread contract: confined to one thread; borrows the text.
// Memory: an entry for each table with rows; the list of pieces is bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/dependency/conflict_words.h"
#include "engine/dependency/generated_keys.h"
#include "engine/dependency/journal.h"
#include "engine/dependency/object_key.h"
#include "engine/dialect.h"
#include "engine/organize/draft_list.h"
#include "engine/organize/statement_references.h"
#include "engine/sql/row_run.h"
#include "engine/sql/statement.h"

namespace engine::organize {

class RowSegments {
 public:
  static constexpr std::size_t kNone = DraftList::kNone;

  /// All of these outlive it. No segment grows beyond `segment_size` bytes.
  RowSegments(std::string_view text, Dialect dialect, std::uint64_t segment_size, DraftList* drafts,
              dependency::Journal* journal, StatementReferences* references);

  /// kNone: to be kept as they stand, with what is no rows.
  std::size_t place(const sql::Statement& statement);
  /// How many of these rows, from the first, go on where those before them are, as place() would
  /// tell of each; less where that is not plain. They begin with the same words up to their first
  /// value; `first` is the first one.
  std::size_t count_going_on(const sql::RowRun& rows, const sql::Statement& first);
  /// A new one for rows that cannot go on.
  std::size_t add(const sql::Statement& statement);

  /// What comes behind `until` goes on in none of them.
  void close(std::uint64_t until);
  bool any_open() const { return !open_.empty(); }

 private:
  bool follows(const sql::Statement& statement) const;
  bool act_beside(std::string_view head, const sql::Statement& first, bool on_keys);
  std::size_t count_calling_nothing(const sql::RowRun& rows, std::size_t name_end) const;
  std::size_t keyed(const sql::Statement& statement);
  std::size_t note(std::size_t draft, const sql::Statement& statement);
  bool goes_on(std::size_t segment, const sql::Statement& statement);
  bool rest_on_keys(const sql::Statement& statement);
  dependency::KeyUse key_use(const sql::Statement& statement);
  std::vector<std::size_t> counters_of(const sql::Statement& statement,
                                       const dependency::KeyUse& use);
  bool counts_alone(std::size_t segment, const std::vector<std::size_t>& counters) const;
  bool acts_beside(const sql::Statement& statement);
  bool acts_on_others(const sql::Statement& statement, bool on_keys);
  bool calls_routines(const sql::Statement& statement);
  static bool may_call(std::string_view rows, std::size_t name_end);
  bool begins_with_query(const sql::Statement& statement) const;

  std::string_view text_;
  Dialect dialect_;
  dependency::KeyMaker keys_;
  dependency::ConflictWords conflict_words_;
  dependency::KeyMarks key_marks_;
  std::uint64_t segment_size_;
  DraftList& drafts_;
  dependency::Journal& journal_;
  StatementReferences& references_;
  std::unordered_map<std::string, std::size_t> open_;      // by table; rows may go on there
  std::unordered_map<std::size_t, std::size_t> counters_;  // the last with numbers of a sequence
  // Of the rows that came last: their draft, and what its key was made from.
  struct LastRows {
    std::size_t draft = kNone;
    std::optional<std::string> schema;
    std::string name;
    std::optional<std::string> database;  // that the name says,
    std::optional<std::string> in_force;  // and that holds without
  };
  LastRows last_rows_;
  // Whether its rows act on others: asked where the journal was that far.
  struct Acting {
    std::uint64_t asked = ~std::uint64_t{0};
    bool on_keys = false;
    bool acts = false;
  };
  Acting acting_;
  std::uint64_t asked_ = ~std::uint64_t{0};  // the statement whose calls are known
  bool calls_ = false;
  std::uint64_t plain_until_ = 0;  // rows from there back to a definition ask nothing
};

}  // namespace engine::organize
