#include "engine/order/need_finder.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <string>
#include <utility>

#include "engine/order/fixed_steps.h"
#include "engine/order/mentions.h"
#include "engine/sql/ascii.h"
#include "engine/sql/object_type.h"

namespace engine::order {
namespace {

// Or changes something by taking from it: ALTER TABLE t ALTER COLUMN c DROP DEFAULT.
bool only_drops(const LoadItem& item, const Mentions& mentions) {
  bool alters = false;
  for (const ObjectRef& object : item.objects) {
    if (object.action != Action::kDrop && object.action != Action::kAlter) return false;
    alters = alters || object.action == Action::kAlter;
  }
  if (item.objects.empty()) return false;
  return !alters || std::any_of(mentions.names.begin(), mentions.names.end(),
                                [](const Mention& one) { return one.name == "drop"; });
}

}  // namespace

NeedFinder::NeedFinder(std::span<const LoadItem> items, std::span<const std::size_t> by_source,
                       Dialect dialect, LoadOrder order)
    : items_(items),
      by_source_(by_source),
      dialect_(dialect),
      order_(order),
      definitions_(items, dialect),
      changes_session_(items.size()),
      keeps_place_(items.size()),
      only_drops_(items.size()),
      calls_(items.size()) {}

void NeedFinder::run() {
  for (const std::size_t item : by_source_) definitions_.note(item);
  for (std::size_t i = 0; i < items_.size(); ++i) find_needs(i);
  relate_rows();
  relate_alterations();
  relate_calls();
  relate_operators();
  if (order_ == LoadOrder::kDependency) {
    relate_keys();
    relate_barriers();
  }
  for (std::size_t i = 0; i < items_.size(); ++i) {
    for (const std::size_t first : items_[i].behind) {
      needs_.push_back({first, i, Need::Strength::kTold});
    }
  }
}

// What `item` says by its objects, and by its words.
void NeedFinder::find_needs(std::size_t item) {
  const LoadItem& it = items_[item];
  const std::string schema = it.objects.empty() ? "" : it.objects[0].schema.value_or("");
  const Mentions mentions = find_mentions(it.text, dialect_);
  only_drops_[item] = only_drops(it, mentions);
  for (const ObjectRef& object : it.objects) {
    const std::string& of = object.parent_schema ? *object.parent_schema : schema;
    if (object.parent) need(item, *object.parent, of, schema, false);
    if (object.name && object.action != Action::kCreate) {
      need(item, *object.name, object.schema.value_or(""), schema, false);
    }
  }
  changes_session_[item] = mentions.changes_session;
  keeps_place_[item] =
      mentions.changes_session || definitions_.redefines(item) || keeps_its_place(it, dialect_);
  // Elsewhere a routine's body is text to be understood when it runs.
  const bool late = dialect_ != Dialect::kPostgresql && !it.objects.empty() &&
                    sql::object_type(it.objects[0].type).is_routine;
  for (const Mention& mention : mentions.names) {
    need(item, mention.name, mention.qualifier, schema, late || mention.weak);
  }
}

void NeedFinder::need(std::size_t item, std::string_view name, std::string_view of,
                      std::string_view own, bool weak) {
  for (const Definition* definition : definitions_.find(name, of, own)) {
    if (drops_first(item, name, definition->item)) continue;
    relate(definition->item, item, weak || definition->child);
    const bool is_step = items_[item].kind == LoadItem::Kind::kOther;
    if (is_step && sql::object_type(definition->type).is_routine) calls_[item] = true;
  }
}

// DROP IF EXISTS a, b; CREATE a; CREATE b: the first needs none of them. Nor does what drops
// something of a table before that is made.
bool NeedFinder::drops_first(std::size_t item, std::string_view name, std::size_t defined) const {
  if (item == defined || items_[item].begin > items_[defined].begin) return false;
  if (only_drops_[item] && items_[item].end <= items_[defined].begin) return true;
  for (const ObjectRef& object : items_[item].objects) {
    if (object.action == Action::kDrop && object.name &&
        sql::lower(*object.name) == sql::lower(name)) {
      return true;
    }
  }
  return false;
}

void NeedFinder::relate(std::size_t first, std::size_t then, bool weak) {
  if (first == then) return;
  const bool decided = order_ == LoadOrder::kSource && items_[then].end <= items_[first].begin;
  if (decided) return;
  needs_.push_back({first, then, weak ? Need::Strength::kWeak : Need::Strength::kFound});
}

void NeedFinder::relate_if_apart(std::size_t first, std::size_t then, bool weak) {
  if (items_[first].end <= items_[then].begin) relate(first, then, weak);
}

NeedFinder::ByItem NeedFinder::rows_by_table() const {
  ByItem rows;
  for (const Need& need : needs_) {
    if (items_[need.then].kind == LoadItem::Kind::kSegment) rows[need.first].push_back(need.then);
  }
  return rows;
}

// Rows of a table come behind the rows of the tables that it refers to; in the order of the source
// where the table's output has its keys, which the source had behind the rows.
void NeedFinder::relate_rows() {
  constexpr std::size_t kVeryMany = 4096;
  const ByItem rows = rows_by_table();
  const std::size_t known = needs_.size();
  for (std::size_t n = 0; n < known; ++n) {
    const auto first = rows.find(needs_[n].first), then = rows.find(needs_[n].then);
    if (needs_[n].weak() || first == rows.end() || then == rows.end()) continue;
    const LoadItem& table = items_[needs_[n].then];
    if (first->second.size() * then->second.size() > kVeryMany) {
      relate_nearest_rows(first->second, then->second);
      continue;
    }
    for (const std::size_t a : first->second) {
      for (const std::size_t b : then->second) {
        if (table.begin >= items_[b].end) continue;  // its keys come behind the rows
        const bool passed = table.begin < items_[b].begin && table.end > items_[b].end;
        if (passed && a != b) {
          needs_.push_back({a, b, Need::Strength::kWeak});
        } else {
          relate(a, b, true);
        }
      }
    }
  }
}

// With very many of both those of one table keep their order: what comes behind the nearest comes
// behind all.
void NeedFinder::relate_nearest_rows(const std::vector<std::size_t>& first,
                                     const std::vector<std::size_t>& then) {
  std::vector<std::size_t> sorted = first;
  std::sort(sorted.begin(), sorted.end(),
            [this](std::size_t a, std::size_t b) { return items_[a].end < items_[b].end; });
  for (const std::size_t b : then) {
    const auto behind = std::partition_point(sorted.begin(), sorted.end(), [&](std::size_t a) {
      return items_[a].end <= items_[b].begin;
    });
    if (behind != sorted.begin()) relate(*(behind - 1), b, true);
  }
}

// What the source has before an alteration of a table may need the table as it was, what comes
// behind it the table as it is then. So it is with what is defined anew.
void NeedFinder::relate_alterations() {
  ByItem alterations;
  const std::size_t known = needs_.size();
  for (std::size_t n = 0; n < known; ++n) {
    if (!needs_[n].weak() && alters(needs_[n].then)) {
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
    if (needs_[n].weak() || found == alterations.end() || alters(needs_[n].then)) continue;
    relate_to_alterations(needs_[n].then, found->second);
  }
}

// To each of them: their stretches overlap, so the nearest do not stand for the rest. Where there
// are very many, the nearest have to do.
void NeedFinder::relate_to_alterations(std::size_t other, const std::vector<std::size_t>& list) {
  constexpr std::ptrdiff_t kVeryMany = 256;
  const auto behind = std::partition_point(list.begin(), list.end(), [&](std::size_t alteration) {
    return items_[alteration].begin < items_[other].end;
  });
  const auto first = behind - std::min(behind - list.begin(), kVeryMany);
  const auto last = behind + std::min(list.end() - behind, kVeryMany);
  for (auto at = first; at != behind; ++at) relate_if_apart(*at, other, false);
  for (auto at = behind; at != last; ++at) {
    if (hangs_on_table(other) || !alters_table(*at)) relate_if_apart(other, *at, false);
  }
}

// What a routine does when a step of the script runs it is not known: that step stays behind what
// has been altered before it, and before what is altered later. Steps keep their order, so each
// alteration only looks to the nearest ones.
void NeedFinder::relate_calls() {
  std::optional<std::size_t> call;
  std::vector<std::size_t> since;  // alterations behind that call
  for (const std::size_t item : by_source_) {
    if (calls_[item]) {
      for (const std::size_t alteration : since) relate_if_apart(alteration, item, true);
      since.clear();
      if (call) relate_if_apart(*call, item, true);
      call = item;
    } else if (alters(item)) {
      if (call) relate_if_apart(*call, item, true);
      since.push_back(item);
    }
  }
}

// A class or family of operators names them by symbols, which are no words: it comes behind those
// that the source has before it, the nearest where there are very many. So does what has the symbol
// in its text.
void NeedFinder::relate_operators() {
  constexpr std::size_t kVeryMany = 4096;
  std::vector<std::size_t> operators;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_symbol;
  for (const std::size_t item : by_source_) {
    const LoadItem& it = items_[item];
    if (it.kind != LoadItem::Kind::kDefinition || it.objects.empty()) continue;
    const std::string_view type = it.objects[0].type;
    if (type == "operator") {
      operators.push_back(item);
      if (it.objects[0].name) by_symbol[*it.objects[0].name].push_back(item);
    } else if (!by_symbol.empty() && order_ == LoadOrder::kDependency && type != "function") {
      for (const std::string_view symbol : operator_symbols(it.text)) {
        const auto found = by_symbol.find(symbol);
        if (found == by_symbol.end()) continue;
        for (const std::size_t one : found->second) relate_if_apart(one, item, false);
      }
    }
    if (type == "operator_class" || type == "operator_family") {
      const std::size_t first = operators.size() - std::min(operators.size(), kVeryMany);
      for (std::size_t i = first; i < operators.size(); ++i) {
        relate_if_apart(operators[i], item, false);
      }
    }
  }
}

// A key or an index that the source has behind rows stays behind them: a foreign key behind those
// of both its tables.
void NeedFinder::relate_keys() {
  const ByItem rows = rows_by_table();
  const std::size_t known = needs_.size();
  for (std::size_t n = 0; n < known; ++n) {
    const LoadItem& then = items_[needs_[n].then];
    if (then.kind != LoadItem::Kind::kDefinition || then.objects.empty()) continue;
    const std::string_view type = then.objects[0].type;
    const auto found = rows.find(needs_[n].first);
    if (found == rows.end() || (type != "constraint" && type != "index")) continue;
    const std::size_t key = needs_[n].then;
    for (const std::size_t segment : found->second) relate_if_apart(segment, key, false);
  }
}

// Nothing passes what may touch anything: it comes behind all that the source has before it, and
// before all that comes later.
void NeedFinder::relate_barriers() {
  constexpr std::size_t kMostOpen = 64;  // that end behind the begin of what follows
  using Ending = std::pair<std::uint64_t, std::size_t>;
  std::priority_queue<Ending, std::vector<Ending>, std::greater<>> since;
  std::vector<std::size_t> barriers;
  for (const std::size_t item : by_source_) {
    const std::size_t first = barriers.size() - std::min(barriers.size(), kMostOpen);
    for (std::size_t i = barriers.size(); i-- > first;) {
      if (items_[barriers[i]].end > items_[item].begin) continue;
      relate(barriers[i], item, false);
      break;
    }
    if (keeps_place_[item]) {
      while (!since.empty() && since.top().first <= items_[item].begin) {
        relate(since.top().second, item, false);
        since.pop();
      }
      barriers.push_back(item);
    }
    since.emplace(items_[item].end, item);
  }
}

bool NeedFinder::alters_table(std::size_t item) const {
  const LoadItem& it = items_[item];
  return it.kind == LoadItem::Kind::kDefinition && !it.objects.empty() &&
         it.objects[0].action == Action::kAlter && it.objects[0].type == "table";
}

bool NeedFinder::alters(std::size_t item) const {
  return definitions_.redefines(item) || alters_table(item);
}

bool NeedFinder::hangs_on_table(std::size_t item) const {
  return items_[item].kind != LoadItem::Kind::kDefinition ||
         (!items_[item].objects.empty() && items_[item].objects[0].parent);
}

}  // namespace engine::order
