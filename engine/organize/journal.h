// Journal: what each statement of a script makes, changes and needs, by name and in the order of
// the source, and so which drafts have to be loaded before which others.
//
// What is made comes before what needs it; what a later statement changes (ALTER TABLE, RENAME, the
// rows of a table) comes behind what has been done with it as it was. Bodies of routines are not
// asked: what they name is looked for when they run.
//
// Thread contract: confined to one thread; borrows the text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/dialect.h"
#include "engine/organize/name_book.h"
#include "engine/organize/need_graph.h"
#include "engine/reference.h"
#include "engine/sql/statement.h"

namespace engine::organize {

class Journal {
 public:
  Journal(std::string_view text, Dialect dialect);

  /// One node for each draft, in their order.
  void add_draft() { graph_.add_node(); }
  void join(std::size_t from, std::size_t to) { graph_.join(from, to); }

  /// The statement at hand, and what it refers to.
  void read(const sql::Statement& statement, const std::vector<Reference>& references);
  /// That statement in `draft` would have to be loaded both before and behind another one.
  bool parts(std::size_t draft) const;
  /// That statement is in `draft`.
  void note(std::size_t draft);

  /// If the two were one, it would have to be loaded both before and behind another.
  bool would_ring(std::size_t one, std::size_t other) const {
    return graph_.would_ring(one, other, false);
  }
  NeedGraph take_graph();

 private:
  enum class Use : unsigned char { kNeeds, kEvaluates, kActs, kActsOnInsert, kFills, kMakes };
  struct Touch {
    std::size_t name;
    Use use;
  };

  void touch(std::size_t name, Use use) {
    if (name != NameBook::kNone) touches_.push_back({name, use});
  }
  void read_object(const sql::Statement& statement, const ObjectRef& object);
  void read_relation(const ObjectRef& object, std::string_view text, bool changes);
  void read_child(const ObjectRef& object, std::string_view text);
  void read_other(const ObjectRef& object);
  void read_rows(const sql::Statement& statement);
  void read_renames(const sql::Statement& statement);
  void read_references(const sql::Statement& statement, const std::vector<Reference>& references);
  void read_step(const Reference& reference);
  void read_definition(const ObjectRef& object, const Reference& reference, bool body_counts);
  void touch_rows(std::size_t relation, Use use);
  void touch_keys(std::size_t relation, Use use);
  std::size_t child_entry(const ObjectRef& object);
  void read_drop(std::size_t relation);
  void rename(std::size_t from, std::size_t to);
  static bool makes(Use use) { return use == Use::kFills || use == Use::kMakes; }
  static bool holds(const NameBook::Entry& entry, const NameBook::Reader& reader, Use against);
  void evaluate(std::size_t relation);
  std::size_t relation(const std::optional<std::string>& schema, std::string_view name) const;
  std::string_view text_of(const sql::Statement& statement) const;

  std::string_view text_;
  Dialect dialect_;
  NameBook book_;
  NeedGraph graph_;
  std::vector<Touch> touches_;     // of the statement at hand,
  std::vector<std::size_t> gone_;  // the names that are free behind it,
  std::optional<std::string> own_schema_;
  std::size_t shows_ = NameBook::kNone;  // and the view that it makes
  std::size_t all_rows_;                 // what a routine does that a step runs is not known
  std::size_t all_sequences_;            // rows may take from any
};

}  // namespace engine::organize
