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
    for (std::size_t i = 0; i < items_.size(); ++i) note_definitions(i);
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
    std::vector<std::size_t> ordered = organize::arrange(items_.size(), needs_);
    for (std::size_t& item : ordered) item = preferred[item];
    return ordered;
  }

 private:
  struct Definition {
    std::size_t item;
    std::string schema;
    bool child;
  };

  void note_definitions(std::size_t item) {
    if (items_[item].kind != LoadItem::Kind::kDefinition) return;
    for (const ObjectRef& object : items_[item].objects) {
      if (object.action != Action::kCreate || !object.name || object.name->empty()) continue;
      defined_[sql::lower(*object.name)].push_back(
          {item, sql::lower(object.schema.value_or("")), object.parent.has_value()});
    }
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
    const auto found = defined_.find(sql::lower(name));
    if (found == defined_.end()) return;
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
  // behind it the table as it is then.
  void relate_alterations() {
    ByTable alterations;
    for (const Need& need : needs_) {
      const LoadItem& item = items_[need.then];
      if (item.kind == LoadItem::Kind::kDefinition && !need.weak && !item.objects.empty() &&
          item.objects[0].action == Action::kAlter && item.objects[0].type == "table") {
        alterations[need.first].push_back(need.then);
      }
    }
    const std::size_t known = needs_.size();
    for (std::size_t n = 0; n < known; ++n) {
      const auto found = alterations.find(needs_[n].first);
      if (needs_[n].weak || found == alterations.end()) continue;
      const std::size_t other = needs_[n].then;
      for (const std::size_t alteration : found->second) {
        if (items_[alteration].end <= items_[other].begin) {
          relate(alteration, other, false);
        } else if (items_[other].end <= items_[alteration].begin && hangs_on_table(other)) {
          relate(other, alteration, false);
        }
      }
    }
  }

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
          rank = opens ? kFirst : rank_of(item.objects[0]);
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
  std::unordered_map<std::string, std::vector<Definition>> defined_;  // by name in lower case
  std::vector<Need> needs_;
};

}  // namespace

std::vector<std::size_t> load_order(std::span<const LoadItem> items, Dialect dialect,
                                    LoadOrder order) {
  return Ordering(items, dialect, order).run();
}

}  // namespace engine
