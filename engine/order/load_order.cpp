#include "engine/load_order.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/order/arrange.h"
#include "engine/order/need_finder.h"
#include "engine/sql/object_type.h"

namespace engine {
namespace {

using order::Need;
using order::NeedFinder;
using sql::BuildStage;
using Indexes = std::vector<std::size_t>;

Indexes source_order(std::span<const LoadItem> items) {
  Indexes order(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return items[a].begin < items[b].begin; });
  return order;
}

BuildStage stage_of(const ObjectRef& object) {
  if (object.constraint_kind == "foreign_key") return BuildStage::kForeignKey;
  return sql::object_type(object.type).stage;
}

// By the kinds of object, one stretch of the source after the other where statements between them
// change the session. Steps that define nothing stay before the first definition, behind the last,
// or, between, with the rows.
Indexes stage_order(std::span<const LoadItem> items, const Indexes& by_source,
                    const NeedFinder& finder) {
  using Key = std::tuple<std::size_t, BuildStage, std::size_t>;  // stretch, stage, place
  std::vector<std::pair<Key, std::size_t>> keys;
  std::size_t stretch = 0, definitions = 0;
  for (const LoadItem& item : items) definitions += item.kind != LoadItem::Kind::kOther;
  const std::size_t all = definitions;
  for (const std::size_t at : by_source) {
    const LoadItem& item = items[at];
    const bool opens = finder.changes_session(at);
    stretch += opens;
    BuildStage stage = BuildStage::kRows;
    if (item.kind == LoadItem::Kind::kOther) {
      if (opens || definitions == all) {
        stage = BuildStage::kFirst;
      } else if (definitions == 0) {
        stage = BuildStage::kLast;
      }
    } else {
      --definitions;
      if (item.kind == LoadItem::Kind::kDefinition && !item.objects.empty()) {
        stage = stage_of(item.objects[0]);
        if (finder.definitions().only_remarks(at)) stage = BuildStage::kLast;
        if (finder.definitions().drops_again(at)) stage = BuildStage::kLast;
        if (finder.definitions().opens_cluster(at)) stage = BuildStage::kTable;
        if (opens) stage = BuildStage::kFirst;
      }
    }
    keys.push_back({{stretch, stage, keys.size()}, at});
  }
  std::sort(keys.begin(), keys.end());
  Indexes order;
  order.reserve(keys.size());
  for (const auto& [key, item] : keys) order.push_back(item);
  return order;
}

Indexes positions(const Indexes& order) {
  Indexes position(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) position[order[i]] = i;
  return position;
}

// What the texts tell is more than there is: a name may be another thing's. What is certain are the
// needs that the tree tells; where the order that was taken keeps them, it is as good as the
// source's, which loaded.
bool is_kept(const Indexes& ring, std::span<const LoadItem> items, const Indexes& position) {
  return std::all_of(ring.begin(), ring.end(), [&](std::size_t item) {
    return std::all_of(items[item].behind.begin(), items[item].behind.end(),
                       [&](std::size_t first) { return position[first] < position[item]; });
  });
}

}  // namespace

Loading plan_loading(std::span<const LoadItem> items, Dialect dialect, LoadOrder order) {
  const Indexes by_source = source_order(items);
  NeedFinder finder(items, by_source, dialect, order);
  finder.run();
  const Indexes preferred =
      order == LoadOrder::kSource ? by_source : stage_order(items, by_source, finder);
  // arrange() speaks of places in the preferred order.
  const Indexes position = positions(preferred);
  Loading loading;
  std::vector<Need> needs;
  needs.reserve(finder.needs().size());
  for (const Need& need : finder.needs()) {
    if (items[need.first].leaves) continue;  // whatever the texts seem to need of it
    needs.push_back({position[need.first], position[need.then], need.strength});
  }
  const auto arrange_by = [&](const Indexes& places) {
    Indexes ring_places(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) ring_places[position[i]] = places[i];
    loading.rings.clear();
    loading.order = order::arrange(items.size(), needs, ring_places, &loading.rings);
  };
  arrange_by(positions(by_source));
  // The members of a ring come as in the order of the source.
  if (order == LoadOrder::kDependency && !loading.rings.empty()) {
    arrange_by(positions(plan_loading(items, dialect, LoadOrder::kSource).order));
  }
  for (std::size_t& item : loading.order) item = preferred[item];
  std::stable_partition(loading.order.begin(), loading.order.end(),
                        [&](std::size_t item) { return !items[item].leaves; });
  for (Indexes& ring : loading.rings) {
    for (std::size_t& item : ring) item = preferred[item];
  }
  const Indexes taken = positions(loading.order);
  std::erase_if(loading.rings, [&](const Indexes& ring) { return is_kept(ring, items, taken); });
  return loading;
}

}  // namespace engine
