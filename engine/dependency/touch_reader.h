// TouchReader: what a statement does to the names of a script: which it makes or changes, which it
// needs, and how. Bodies of routines are not asked: what they name is looked for when they run.
//
// Thread contract: confined to one thread; borrows the text.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/dependency/name_book.h"
#include "engine/dependency/volatile_code.h"
#include "engine/dialect.h"
#include "engine/reference.h"
#include "engine/sql/alter_effect.h"
#include "engine/sql/statement.h"
#include "engine/sql/token_cursor.h"

namespace engine::dependency {

/// What a statement does with one entry of the NameBook.
struct Touch {
  enum class Use : unsigned char {
    kPrecedes,      ///< comes before what changes it, and not behind what has changed it
    kFollows,       ///< comes behind what followed last, where that is asked for
    kChecks,        ///< comes behind the steps that have changed rows, not behind plain ones
    kNeeds,         ///< has to find it
    kEvaluates,     ///< is done with it at once, as it is
    kActs,          ///< a trigger on rows,
    kActsOnInsert,  ///< and on rows that are inserted
    kFills,         ///< adds rows,
    kLoads,         ///< that no trigger acts on
    kAmends,        ///< changes it, but not for the rows that are there
    kMakes,         ///< makes or changes it
  };
  std::size_t name;
  Use use;

  bool makes() const { return use >= Use::kFills; }
};

/// What a statement makes anew: rows and steps since it was made may have used it, as a default or
/// a check calls a function, whether they name it or not.
struct Remade {
  std::size_t name;
  std::size_t users;  ///< the entry that stands for all that may use it
};

class TouchReader {
 public:
  /// `book` outlives it; what the script tells of names is written there as it is read.
  TouchReader(std::string_view text, Dialect dialect, NameBook* book);

  /// The next statement, and what it refers to.
  void read(const sql::Statement& statement, const std::vector<Reference>& references);
  /// The script has made routines.
  bool knows_routines() const { return knows_routines_; }
  /// It has made foreign keys by which rows are changed with others.
  bool knows_actions() const { return knows_actions_; }
  /// What stands for the numbers of that sequence.
  std::size_t numbers_of(std::string_view sequence);
  /// There are relations whose rows take numbers of a sequence without a word.
  bool knows_counters() const { return knows_counters_; }
  /// What these rows of `relation` take numbers of so.
  std::vector<std::size_t> counters_of(const sql::Statement& rows, std::size_t relation) const;
  /// Rows of it act on others, or go by them: those of a view are another relation's, and those of
  /// a table may run volatile code. `on_keys`: they may change or replace others.
  bool acts_on_others(std::size_t relation, bool on_keys);
  /// Rows may call volatile routines that the script has made.
  bool calls_volatile(const std::vector<Reference>& references) {
    return volatile_code_.calls_volatile(references);
  }
  std::size_t relation(const std::optional<std::string>& schema, std::string_view name) const;
  /// Of that statement:
  const std::vector<Touch>& touches() const { return touches_; }
  const std::vector<Remade>& remade() const { return remade_; }
  /// It is rows.
  bool is_rows() const { return at_.is_rows; }
  /// It takes the key of the row that came last.
  bool takes_last_key() const { return at_.takes_last_key; }
  /// What stands for the rows of all tables.
  std::size_t all_rows() const { return all_rows_; }
  /// By what it is that a statement needs what the session has in use.
  std::size_t context() const { return context_; }
  /// The names that are free behind it.
  const std::vector<std::size_t>& gone() const { return gone_; }

 private:
  using Use = Touch::Use;
  static constexpr std::size_t kNone = NameBook::kNone;

  void touch(std::size_t name, Use use) {
    if (name != NameBook::kNone) touches_.push_back({name, use});
  }
  static bool is_relation(std::string_view type);
  static bool is_view(std::string_view type) { return type == "view"; }
  static bool keeps_rows(std::string_view type);
  void read_effect(const sql::Statement& statement);
  void read_domain_constraint(const ObjectRef& object);
  bool serves_rows(const ObjectRef& object) const;
  void remake(std::size_t name, std::size_t users);
  void read_context(const sql::Statement& statement);
  void change_context(std::string_view text);
  void touch_defaults(std::size_t relation);
  void touch_checks(std::size_t relation);
  void note_relatives(std::size_t one, std::size_t other);
  void read_cascade(std::size_t relation, std::string_view text);
  void read_container(const ObjectRef& object);
  void read_brought(const sql::Statement& statement);
  void read_replaced(const sql::Statement& statement, const std::vector<Reference>& references);
  void read_words(std::string_view text);
  void read_object(const sql::Statement& statement, const ObjectRef& object);
  void read_relation(const ObjectRef& object, std::string_view text, Use use);
  void read_child(const ObjectRef& object, std::string_view text);
  void read_other(const ObjectRef& object, std::string_view text);
  void read_rows(const sql::Statement& statement);
  void read_partner(const ObjectRef& object, std::string_view text);
  void read_renames(const sql::Statement& statement);
  void read_system_rename(const ObjectRef& object, sql::TokenCursor* cursor);
  void call_relation(const ObjectRef& object, const std::optional<std::string>& schema,
                     std::string_view new_name);
  void read_references(const sql::Statement& statement, const std::vector<Reference>& references);
  void read_step(const sql::Statement& statement);
  void read_owned(std::string_view text);
  void read_deferred(std::string_view text);
  void read_indexes(std::string_view text);
  void touch_cluster(std::size_t relation);
  void read_key_use(std::string_view text);
  void add_counter(std::size_t relation, std::size_t numbers, std::string column);
  void mark_volatile(std::size_t relation, bool NameBook::Entry::*how);
  bool reaches(std::size_t from, std::size_t to) const;
  void close_ring(std::size_t from, std::size_t to);
  void read_volatile(const sql::Statement& statement, const std::vector<Reference>& references);
  void read_volatile_trigger(const ObjectRef& object, std::string_view text,
                             const std::vector<Reference>& references);
  void read_program(const sql::Statement& statement, const std::vector<Reference>& references);
  void mark_trigger(std::size_t relation, bool on_insert);
  void look_at_callers();
  void note_caller(std::size_t relation, bool on_insert, const std::vector<Reference>& references);
  void rename_sequence(std::string_view from, std::string_view to);
  void note_counters(const ObjectRef& object, std::string_view text);
  void inherit_counters(std::size_t child, std::size_t parent);
  void note_writes(const ObjectRef& object, const Reference& reference);
  void note_runs(const ObjectRef& object, std::size_t routine);
  void note_fired_rows(const ObjectRef& object, std::size_t written);
  std::string_view copy_head(const sql::Statement& rows) const;
  void read_step(const Reference& reference, bool rows);
  void read_definition(const ObjectRef& object, const Reference& reference, bool body_counts);
  void touch_rows(std::size_t relation, Use use);
  void touch_rows_of_parents(std::size_t relation, Use use);
  bool fills(std::size_t relation);
  void touch_keys(std::size_t relation, Use use);
  void touch_told_keys(std::size_t relation);
  std::size_t actions_on(std::size_t relation);
  void note_following(const ObjectRef& object, std::size_t to);
  void touch_following(std::size_t relation);
  void touch_fired(std::size_t relation);
  void note_fired(const ObjectRef& object, std::size_t runs);
  void read_unnamed(const ObjectRef& object, bool first);
  void read_grantees(std::string_view text);
  bool touch_account(sql::TokenCursor* cursor);
  std::size_t child_entry(const ObjectRef& object);
  void read_operators(std::string_view text);
  std::size_t other_entry(const ObjectRef& object);
  void read_other_rename(const ObjectRef& object, std::string_view text);
  void read_schema(const ObjectRef& object);
  void touch_children(std::size_t relation);
  void read_drop(std::size_t relation);
  void note_first_drop(std::size_t own);
  void note_made(std::size_t own);
  void note_definition(Action action);
  void note_used(const ObjectRef& object, std::size_t name);
  void read_first_change(const ObjectRef& object, std::string_view text);
  void touch_referred(std::size_t relation);
  void note_shown(std::size_t from);
  void note_referred(const ObjectRef& object, std::size_t to);
  void rename(std::size_t from, std::size_t to);
  void evaluate(std::size_t relation);

  std::string_view text_;
  Dialect dialect_;
  NameBook& book_;
  // Of the statement at hand, and no other.
  struct AtHand {
    std::optional<std::string> own_schema;
    bool alters = false;
    bool drops_first = false;             // what the script may make behind it
    std::size_t shows = NameBook::kNone;  // the view that it makes
    bool is_partition = false;
    bool groups = false;
    bool has_actions = false;  // its foreign keys
    bool is_rows = false;
    bool takes_last_key = false;
    sql::AlterEffect effect;
  };
  AtHand at_;
  std::vector<Touch> touches_;
  std::vector<std::size_t> gone_;
  std::vector<std::size_t> first_drops_;  // of what the script may make behind them
  std::size_t definitions_ = 0;           // how many there have been behind a first DROP
  std::vector<std::size_t> freed_;        // views that may have rested on what it drops first
  std::vector<std::size_t> unnamed_;      // indexes and constraints that the server names
  std::vector<Remade> remade_;
  struct TableName {
    std::optional<std::string> schema;
    std::string name;
  };
  std::unordered_map<std::size_t, std::vector<TableName>> writes_;  // of routines
  VolatileCode volatile_code_;
  struct Caller {  // of routines, by a trigger or a default
    std::size_t relation;
    bool on_insert;
    std::vector<Reference> calls;
  };
  std::vector<Caller> callers_;
  std::size_t looked_at_ = 0;  // of these, since what they call was changed
  bool all_volatile_ = false;  // a step may have given any table a trigger
  bool knows_actions_ = false;
  bool knows_counters_ = false;
  bool knows_routines_ = false;
  std::size_t all_rows_;       // what a routine does that a step runs is not known
  std::size_t all_sequences_;  // rows may take from any
  std::size_t all_objects_;    // a program may change any
  std::size_t all_encodings_;  // of texts that are more than ASCII
  std::size_t all_grants_;     // on all tables, those that are there
  std::size_t single_grants_;  // which those change
  std::size_t settings_;       // of the session
  std::size_t defined_;        // what the script has defined last
  std::size_t brought_;        // what no name tells: the types and functions of an extension,
  bool brings_ = false;        // if there is any
  std::size_t context_;        // the database, path and role in use,
  std::size_t in_use_ = 0;     // which of those that there have been,
  std::map<std::string, std::string> parts_of_context_;
  std::map<std::string, std::size_t> contexts_;
};

}  // namespace engine::dependency
