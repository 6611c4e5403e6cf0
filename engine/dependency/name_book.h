// NameBook: what the names of a script stand for, as far as it has been read: one entry for each
// relation, each relation's rows and keys, each routine, each other object; found by the names that
// statements use.
//
// Thread contract: confined to one thread.
// Memory: an entry a name that is made, changed or filled. Limits: a name of more than 64 objects
// says nothing of which is meant, and is not found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/name_map.h"

namespace engine::dependency {

enum class NameKind : std::uint8_t { kRelation, kRoutine, kOther, kRows, kKeys, kDefaults };

class NameBook {
 public:
  /// Names as the catalogue has them. `ignores_case`: where servers ignore the case of letters;
  /// `default_schema`, in lower case: t and public.t are one.
  NameBook(bool ignores_case, std::string_view default_schema,
           std::pmr::memory_resource* memory = std::pmr::get_default_resource());

  static constexpr std::size_t kNone = ~std::size_t{0};

  struct Reader {
    std::size_t node;
    bool evaluates;  ///< it is done with what it reads, as CREATE TABLE AS is
    bool acts;       ///< a trigger on rows
    bool on_insert;  ///< that acts also on rows that are inserted
  };

  /// What rows of a relation take numbers of, unless they bring a value for `column`.
  struct Counter {
    std::size_t numbers;  ///< the entry of them
    std::string column;   ///< empty: they take them in any case
  };

  struct Entry {
    explicit Entry(std::pmr::memory_resource* memory)
        : readers(memory),
          rows(memory),
          refers(memory),
          uses(memory),
          counters(memory),
          follow(memory),
          children(memory) {}

    NameKind kind = NameKind::kOther;
    std::string schema;            ///< empty where the script says none, or the default one
    bool lenient = false;          ///< a view or a routine: what names it does so as well later
    bool made = false;             ///< it is there
    bool again = false;            ///< dropped, to be made once more
    bool awaited = false;          ///< dropped before it was made, which it may be yet;
    std::size_t first_drop = 0;    ///< that as which of those DROPs,
    std::size_t defined = 0;       ///< and behind so many definitions
    bool told = false;             ///< a need by this name is not seen from the texts alone
    bool quiet = false;            ///< nor has to be: what it is of keeps its place in any order
    bool before = false;           ///< a CREATE of the script has made it, now or before
    bool has_relatives = false;    ///< it inherits, or is inherited; a partition, or in parts
    bool is_unchecked = false;     ///< rows are let in that break its constraints
    std::size_t maker = kNone;     ///< the node that made, changed or filled it last,
    std::size_t changer = kNone;   ///< that made or changed it last,
    std::size_t filler = kNone;    ///< that added rows which triggers see,
    std::size_t stepper = kNone;   ///< and that changed rows which it did not add
    std::size_t defaults = kNone;  ///< of a relation: what stands for its changed defaults
    std::pmr::vector<Reader> readers;    ///< since then
    std::pmr::vector<std::size_t> rows;  ///< of a view: the entries of the rows that it shows
    std::pmr::vector<std::size_t>
        refers;  ///< what its foreign keys refer to; of a trigger, what it runs
    std::pmr::vector<std::size_t> uses;      ///< of a table: the types and the like of its columns,
    std::pmr::vector<Counter> counters;      ///< and the sequences whose numbers its defaults take
    bool is_volatile = false;                ///< rows of it, or with it, run volatile code,
    bool on_change = false;                  ///< those that are changed or go for others do
    std::pmr::vector<std::size_t> follow;    ///< the relations whose rows are changed with its own
    std::size_t context = 0;                 ///< the database and path in use where it was made
    std::size_t inherits = kNone;            ///< of a relation: from which one
    std::size_t parent = kNone;              ///< the relation that it hangs on,
    std::pmr::vector<std::size_t> children;  ///< and of that relation, what hangs on it
  };

  /// The entry of exactly that; made where there is none.
  std::size_t entry(NameKind kind, const std::optional<std::string>& schema, std::string_view name,
                    std::string_view type = {});
  /// That entry; kNone where there is none.
  std::size_t find_exact(NameKind kind, const std::optional<std::string>& schema,
                         std::string_view name, std::string_view type) const;
  /// What stands for the rows, the keys or the defaults of that relation.
  std::size_t of_relation(NameKind kind, std::size_t relation);

  /// The relation itself, and those that it inherits from, the nearest first.
  template <class Visit>
  void each_of_lineage(std::size_t relation, Visit visit) {
    constexpr int kDeepest = 16;
    for (int i = 0; i < kDeepest && relation != kNone; ++i, relation = entries_[relation].inherits)
      visit(relation);
  }

  /// What a statement that stands in `own_schema` can mean by a name; kNone where nothing is known.
  std::size_t find(NameKind kind, const std::optional<std::string>& schema, std::string_view name,
                   const std::optional<std::string>& own_schema) const;
  /// All that have this name, of whatever kind.
  std::vector<std::size_t> find_all(const std::optional<std::string>& schema,
                                    std::string_view name) const;

  /// Of these, the routines.
  std::vector<std::size_t> find_routines(const std::optional<std::string>& schema,
                                         std::string_view name) const;

  bool lies_in(std::size_t entry, std::string_view schema) const;

  /// As the catalogue compares it.
  std::string folded(std::string_view name) const;

  std::size_t size() const { return entries_.size(); }
  Entry& operator[](std::size_t at) { return entries_[at]; }
  const Entry& operator[](std::size_t at) const { return entries_[at]; }

 private:
  std::size_t add(NameKind kind);
  void add_folded(std::string_view name, std::string* out) const;
  void add_schema(std::string_view schema, std::string* out) const;
  std::string key(NameKind kind, const std::optional<std::string>& schema, std::string_view name,
                  std::string_view type) const;

  const bool ignores_case_;
  const std::string_view default_schema_;
  std::pmr::deque<Entry> entries_;  // none moves while more come
  NameMap<std::size_t> exact_;
  NameMap<std::pmr::vector<std::size_t>> by_name_;
  std::pmr::unordered_map<std::size_t, std::size_t> rows_, keys_, defaults_;  // by relation
};

}  // namespace engine::dependency
