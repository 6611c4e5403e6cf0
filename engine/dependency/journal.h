// Journal: what each statement of a script makes, changes and needs, by name and in the order of
// the source, and so which drafts have to be loaded before which others.
//
// What is made comes before what needs it; what a later statement changes (ALTER TABLE, RENAME, the
// rows of a table) comes behind what has been done with it as it was.
//
// Thread contract: confined to one thread; borrows the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dependency/name_book.h"
#include "engine/dependency/need_graph.h"
#include "engine/dependency/touch_reader.h"
#include "engine/dialect.h"
#include "engine/reference.h"
#include "engine/sql/statement.h"

namespace engine::dependency {

class Journal {
 public:
  Journal(std::string_view text, Dialect dialect,
          std::pmr::memory_resource* memory = std::pmr::get_default_resource());
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// One node for each draft, in their order.
  void add_draft() { graph_.add_node(); }
  void join(std::size_t from, std::size_t to) { graph_.join(from, to); }

  /// What that draft has become part of.
  std::size_t node(std::size_t draft) const { return graph_.node(draft); }

  /// The statement at hand, and what it refers to.
  void read(const sql::Statement& statement, const std::vector<Reference>& references);
  /// What is known of names is the same as long as this is.
  std::uint64_t changes() const { return changes_; }
  /// Rows may call what the script has made.
  bool knows_routines() const { return reader_.knows_routines(); }
  /// Rows may change others with them.
  bool knows_actions() const { return reader_.knows_actions(); }
  /// There are tables whose rows take numbers of a sequence without a word.
  bool knows_counters() const { return reader_.knows_counters(); }
  /// What these rows take numbers of: `sequences`, and others without a word.
  std::vector<std::size_t> counters_of(const sql::Statement& rows,
                                       const std::vector<std::string>& sequences);
  /// These rows act on those of other tables, or go by them. `on_keys`: they rest on keys.
  bool acts_on_others(const sql::Statement& rows, bool on_keys) {
    return reader_.acts_on_others(relation_of(rows), on_keys);
  }
  /// Rows that refer to this call routines of the script, or volatile ones.
  bool calls_routines(const std::vector<Reference>& references) const;
  bool calls_volatile(const std::vector<Reference>& references) {
    return reader_.calls_volatile(references);
  }
  /// That statement in `draft`, with `joined` in it, would have to be loaded both before and behind
  /// another one.
  bool parts(std::size_t draft, std::size_t joined) const;
  bool parts(std::size_t draft) const { return parts(draft, draft); }
  /// That statement is in `draft`.
  void note(std::size_t draft);

  /// If the two were one, it would have to be loaded both before and behind another.
  bool would_ring(std::size_t one, std::size_t other) const {
    return graph_.would_ring(one, other, NeedGraph::Strength::kSoft);
  }
  NeedGraph take_graph();

 private:
  std::size_t relation_of(const sql::Statement& rows) const;
  void note_users(const Remade& remade);
  void note_last_rows();
  void note_makers(const NameBook::Entry& entry, const Touch& touch, std::size_t draft);
  static bool acts(Touch::Use use) {
    return use == Touch::Use::kActs || use == Touch::Use::kActsOnInsert;
  }
  static bool holds(const NameBook::Entry& entry, const NameBook::Reader& reader,
                    Touch::Use against);

  const Dialect dialect_;
  NameBook book_;
  TouchReader reader_;
  std::uint64_t changes_ = 0;
  NeedGraph graph_;
};

}  // namespace engine::dependency
