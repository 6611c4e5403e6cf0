#include "engine/load_order.h"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "engine/organize/arrange.h"
#include "engine/organize/mentions.h"
#include "engine/sql/ascii.h"

namespace engine {
namespace {

using organize::Need;

// Kinds of object in the order in which a database is built; one row is one rank.
constexpr std::array<std::array<std::string_view, 9>, 13> kRanks = {{
    {"database", "tablespace", "role", "user", "login", "server_role", "application_role"},
    {"schema"},
    {"extension", "language", "foreign_data_wrapper", "server", "collation", "assembly",
     "partition_function", "fulltext_catalog", "xml_schema_collection"},
    {"type", "domain", "partition_scheme", "text_search_dictionary"},
    {"sequence"},
    {"table", "foreign_table", "external_table", "virtual_table"},
    {},  // rows, and steps of the script between them
    {"constraint"},
    {"index", "fulltext_index", "statistics"},
    {},  // foreign keys
    {"view", "synonym", "materialized_view"},
    {"function", "aggregate", "package", "type_body", "package_body", "procedure", "operator"},
    {"trigger", "rule", "policy", "ddl_trigger", "event_trigger", "event", "job", "task"},
}};
constexpr std::size_t kFirst = 0;
constexpr std::size_t kRowsRank = 7, kForeignKeyRank = 10;  // counted from 1
constexpr std::size_t kRestRank = kRanks.size() + 1;        // grants, properties, and the like
constexpr std::size_t kLast = kRestRank + 1;

std::size_t rank_of(const ObjectRef& object) {
  if (object.constraint_kind == "foreign_key") return kForeignKeyRank;
  for (std::size_t rank = 0; rank < kRanks.size(); ++rank) {
    const auto& types = kRanks[rank];
    if (std::find(types.begin(), types.end(), object.type) != types.end()) return rank + 1;
  }
  return kRestRank;
}

bool is_routine(std::string_view type) {
  constexpr std::string_view kRoutines[] = {"procedure", "function",  "trigger",
                                            "package",   "aggregate", "package_body",
                                            "event",     "type_body", "ddl_trigger"};
  return sql::equals_any(type, kRoutines);
}

class Ordering {
 public:
  Ordering(std::span<const LoadItem> items, Dialect dialect, LoadOrder order)
      : items_(items), dialect_(dialect), order_(order), by_source_(items.size()) {
    for (std::size_t i = 0; i < items.size(); ++i) by_source_[i] = i;
    std::stable_sort(by_source_.begin(), by_source_.end(), [&](std::size_t a, std::size_t b) {
      return items_[a].begin < items_[b].begin;
    });
  }

  std::vector<std::size_t> run() {
    redefines_.resize(items_.size());
    for (const std::size_t item : by_source_) note_definitions(item);
    changes_session_.resize(items_.size());
    for (std::size_t i = 0; i < items_.size(); ++i) find_needs(i);
    relate_rows();
    relate_alterations();
    const std::vector<std::size_t> preferred =
        order_ == LoadOrder::kSource ? by_source_ : by_rank();
    std::vector<std::size_t> position(items_.size());
    for (std::size_t i = 0; i < preferred.size(); ++i) position[preferred[i]] = i;
    for (Need& need : needs_) {
      need.first = position[need.first];
      need.then = position[need.then];
    }
    std::vector<std::size_t> ring_places(items_.size());
    for (std::size_t i = 0; i < by_source_.size(); ++i) ring_places[position[by_source_[i]]] = i;
    std::vector<std::size_t> ordered = organize::arrange(items_.size(), needs_, ring_places);
    for (std::size_t& item : ordered) item = preferred[item];
    return ordered;
  }

 private:
  struct Definition {
    std::size_t item;
    std::string schema;
    std::string_view type;
    bool child;
  };

  // The first in the source that creates an object defines it. A later one (a type behind its
  // shell) changes what is there.
  void note_definitions(std::size_t item) {
    if (items_[item].kind != LoadItem::Kind::kDefinition) return;
    for (const ObjectRef& object : items_[item].objects) {
      if (object.action != Action::kCreate || !object.name || object.name->empty()) continue;
      const auto [first, added] = created_.emplace(key_of(object), item);
      if (!added) {
        redefines_[item] = redefines_[item] || first->second != item;
        continue;
      }
      defined_[sql::lower(*object.name)].push_back(
          {item, sql::lower(object.schema.value_or("")), object.type, object.parent.has_value()});
    }
  }

  static std::string key_of(const ObjectRef& object) {
    std::string key(object.type);
    for (const auto* part : {&object.database, &object.schema, &object.name, &object.parent,
                             &object.signature, &object.minor}) {
      key += '\0';
      if (*part) key += **part;
    }
    return key;
  }

  // What `item` says by its objects, and by its words.
  void find_needs(std::size_t item) {
    const LoadItem& it = items_[item];
    const std::string schema = it.objects.empty() ? "" : it.objects[0].schema.value_or("");
    for (const ObjectRef& object : it.objects) {
      const std::string& of = object.parent_schema ? *object.parent_schema : schema;
      if (object.parent) need(item, *object.parent, of, schema, false);
      if (object.name && object.action != Action::kCreate) {
        need(item, *object.name, object.schema.value_or(""), schema, false);
      }
    }
    const organize::Mentions mentions = organize::find_mentions(it.text, dialect_);
    changes_session_[item] = mentions.changes_session;
    // Elsewhere a routine's body is text to be understood when it runs.
    const bool late =
        dialect_ != Dialect::kPostgresql && !it.objects.empty() && is_routine(it.objects[0].type);
    for (const organize::Mention& mention : mentions.names) {
      need(item, mention.name, mention.qualifier, schema, late || mention.weak);
    }
  }

  void need(std::size_t item, const std::string& name, const std::string& of,
            const std::string& own_schema, bool weak) {
    auto found = defined_.find(sql::lower(name));
    // PostgreSQL's name for an array of a type.
    if (found == defined_.end() && dialect_ == Dialect::kPostgresql && name.starts_with('_')) {
      found = defined_.find(sql::lower(std::string_view(name).substr(1)));
    }
    if (found == defined_.end() || is_shared(found->second)) return;
    const std::string wanted = sql::lower(of), own = sql::lower(own_schema);
    // Where several schemas have the name, an unqualified one means the own schema's.
    const bool own_has_it =
        wanted.empty() && std::any_of(found->second.begin(), found->second.end(),
                                      [&](const auto& d) { return d.schema == own; });
    for (const Definition& definition : found->second) {
      const bool other_schema =
          !wanted.empty() && !definition.schema.empty() && definition.schema != wanted;
      if (other_schema || (own_has_it && definition.schema != own)) continue;
      relate(definition.item, item, weak || definition.child);
    }
  }

  // A name of very many objects (a property of each column, an index of each table) says nothing of
  // what is needed.
  static bool is_shared(const std::vector<Definition>& definitions) {
    constexpr std::size_t kVeryMany = 64;
    return definitions.size() > kVeryMany;
  }

  void relate(std::size_t first, std::size_t then, bool weak) {
    if (first == then) return;
    const bool decided = order_ == LoadOrder::kSource && items_[then].end <= items_[first].begin;
    if (!decided) needs_.push_back({first, then, weak});
  }

  using ByTable = std::unordered_map<std::size_t, std::vector<std::size_t>>;

  // Rows of a table come behind the rows of the tables that it refers to.
  void relate_rows() {
    ByTable rows;
    for (const Need& need : needs_) {
      if (items_[need.then].kind == LoadItem::Kind::kSegment) {
        rows[need.first].push_back(need.then);
      }
    }
    const std::size_t known = needs_.size();
    for (std::size_t n = 0; n < known; ++n) {
      const auto first = rows.find(needs_[n].first), then = rows.find(needs_[n].then);
      if (needs_[n].weak || first == rows.end() || then == rows.end()) continue;
      for (const std::size_t a : first->second) {
        for (const std::size_t b : then->second) relate(a, b, true);
      }
    }
  }

  // What the source has before an alteration of a table may need the table as it was, what comes
  // behind it the table as it is then. So it is with what is defined anew.
  void relate_alterations() {
    ByTable alterations;
    const std::size_t known = needs_.size();
    for (std::size_t n = 0; n < known; ++n) {
      if (!needs_[n].weak && alters(needs_[n].then)) {
        alterations[needs_[n].first].push_back(needs_[n].then);
      }
    }
    for (auto& [object, list] : alterations) {
      std::sort(list.begin(), list.end(),
                [&](std::size_t a, std::size_t b) { return items_[a].begin < items_[b].begin; });
      list.erase(std::unique(list.begin(), list.end()), list.end());
      for (const std::size_t alteration : list) relate_to_alterations(alteration, list);
    }
    for (std::size_t n = 0; n < known; ++n) {
      const auto found = alterations.find(needs_[n].first);
      if (needs_[n].weak || found == alterations.end() || alters(needs_[n].then)) continue;
      relate_to_alterations(needs_[n].then, found->second);
    }
  }

  // To each of them: their stretches overlap, so the nearest do not stand for the rest. Where there
  // are very many, the nearest have to do.
  void relate_to_alterations(std::size_t other, const std::vector<std::size_t>& list) {
    constexpr std::ptrdiff_t kVeryMany = 256;
    const auto behind = std::partition_point(list.begin(), list.end(), [&](std::size_t alteration) {
      return items_[alteration].begin < items_[other].end;
    });
    const auto first = behind - std::min(behind - list.begin(), kVeryMany);
    const auto last = behind + std::min(list.end() - behind, kVeryMany);
    for (auto at = first; at != behind; ++at) relate_if_apart(*at, other);
    for (auto at = behind; at != last; ++at) {
      if (hangs_on_table(other) || !alters_table(*at)) relate_if_apart(other, *at);
    }
  }

  void relate_if_apart(std::size_t first, std::size_t then) {
    if (items_[first].end <= items_[then].begin) relate(first, then, false);
  }

  bool alters_table(std::size_t item) const {
    const LoadItem& it = items_[item];
    return it.kind == LoadItem::Kind::kDefinition && !it.objects.empty() &&
           it.objects[0].action == Action::kAlter && it.objects[0].type == "table";
  }

  // What the source has created and drops in an output of its own was there for something. A DROP
  // spells schema and parameters as it likes.
  bool drops_again(const LoadItem& item) const {
    const ObjectRef& object = item.objects[0];
    if (object.action != Action::kDrop || !object.name) return false;
    const auto found = defined_.find(sql::lower(*object.name));
    return found != defined_.end() &&
           std::any_of(found->second.begin(), found->second.end(), [&](const Definition& made) {
             return made.type == object.type && items_[made.item].begin < item.begin;
           });
  }

  bool alters(std::size_t item) const { return redefines_[item] || alters_table(item); }

  bool hangs_on_table(std::size_t item) const {
    return items_[item].kind != LoadItem::Kind::kDefinition ||
           (!items_[item].objects.empty() && items_[item].objects[0].parent);
  }

  std::vector<std::size_t> by_rank() const {
    using Key = std::tuple<std::size_t, std::size_t, std::size_t>;  // section, rank, place
    std::vector<std::pair<Key, std::size_t>> keys;
    std::size_t section = 0, definitions = 0;
    for (const LoadItem& item : items_) definitions += item.kind != LoadItem::Kind::kOther;
    const std::size_t all = definitions;
    for (std::size_t place = 0; place < by_source_.size(); ++place) {
      const LoadItem& item = items_[by_source_[place]];
      const bool opens = changes_session_[by_source_[place]];
      if (opens) ++section;
      std::size_t rank = kRowsRank;
      if (item.kind == LoadItem::Kind::kOther) {
        rank = opens || definitions == all ? kFirst : definitions == 0 ? kLast : kRowsRank;
      } else {
        --definitions;
        if (item.kind == LoadItem::Kind::kDefinition && !item.objects.empty()) {
          rank = opens ? kFirst : drops_again(item) ? kLast : rank_of(item.objects[0]);
        }
      }
      keys.push_back({{section, rank, place}, by_source_[place]});
    }
    std::sort(keys.begin(), keys.end());
    std::vector<std::size_t> order;
    order.reserve(keys.size());
    for (const auto& [key, item] : keys) order.push_back(item);
    return order;
  }

  std::span<const LoadItem> items_;
  Dialect dialect_;
  LoadOrder order_;
  std::vector<std::size_t> by_source_;
  std::vector<bool> changes_session_;
  std::vector<bool> redefines_;                           // what another item has defined
  std::unordered_map<std::string, std::size_t> created_;  // the first item that creates an object
  std::unordered_map<std::string, std::vector<Definition>> defined_;  // by name in lower case
  std::vector<Need> needs_;
};

}  // namespace

std::vector<std::size_t> load_order(std::span<const LoadItem> items, Dialect dialect,
                                    LoadOrder order) {
  return Ordering(items, dialect, order).run();
}

}  // namespace engine
