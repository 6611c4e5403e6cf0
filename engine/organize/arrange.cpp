#include "engine/organize/arrange.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

namespace engine::organize {
namespace {

using Lists = std::vector<std::vector<std::size_t>>;

// The rings of a graph: its strongly connected components, by Tarjan's algorithm without recursion.
class Rings {
 public:
  explicit Rings(const Lists& next)
      : next_(next), order_(next.size(), kUnseen), low_(next.size()), ring_(next.size(), kUnseen) {
    for (std::size_t i = 0; i < next.size(); ++i) {
      if (order_[i] == kUnseen) visit(i);
    }
  }

  std::size_t count() const { return count_; }
  std::size_t of(std::size_t thing) const { return ring_[thing]; }

 private:
  static constexpr std::size_t kUnseen = ~std::size_t{0};

  struct Step {
    std::size_t thing;
    std::size_t edge;  // of next_[thing], to be looked at
  };

  void enter(std::size_t thing) {
    order_[thing] = low_[thing] = seen_++;
    open_.push_back(thing);
    way_.push_back({thing, 0});
  }

  void visit(std::size_t root) {
    enter(root);
    while (!way_.empty()) {
      Step& step = way_.back();
      const std::size_t thing = step.thing;
      if (step.edge < next_[thing].size()) {
        const std::size_t to = next_[thing][step.edge++];
        if (order_[to] == kUnseen) {
          enter(to);
        } else if (ring_[to] == kUnseen) {
          low_[thing] = std::min(low_[thing], order_[to]);
        }
        continue;
      }
      way_.pop_back();
      if (!way_.empty()) low_[way_.back().thing] = std::min(low_[way_.back().thing], low_[thing]);
      if (low_[thing] == order_[thing]) close(thing);
    }
  }

  void close(std::size_t root) {
    std::size_t thing = kUnseen;
    do {
      thing = open_.back();
      open_.pop_back();
      ring_[thing] = count_;
    } while (thing != root);
    ++count_;
  }

  const Lists& next_;
  std::vector<std::size_t> order_;
  std::vector<std::size_t> low_;
  std::vector<std::size_t> ring_;
  std::vector<std::size_t> open_;
  std::vector<Step> way_;
  std::size_t seen_ = 0;
  std::size_t count_ = 0;
};

Lists lists_of(std::size_t count, const std::vector<Need>& needs) {
  Lists next(count);
  for (const Need& need : needs) {
    if (need.first != need.then) next[need.first].push_back(need.then);
  }
  return next;
}

std::vector<std::size_t> arrange_all(std::size_t count, const std::vector<Need>& needs,
                                     const std::vector<std::size_t>& ring_places, bool with_weak);

// The members of one ring, once more without the weak needs; `position` is scratch.
std::vector<std::size_t> open_ring(const std::vector<std::size_t>& members,
                                   const std::vector<Need>& inside,
                                   const std::vector<std::size_t>& ring_places,
                                   std::vector<std::size_t>& position) {
  for (std::size_t i = 0; i < members.size(); ++i) position[members[i]] = i;
  std::vector<Need> hard;
  for (const Need& need : inside) {
    if (!need.weak) hard.push_back({position[need.first], position[need.then], false});
  }
  std::vector<std::size_t> places;
  for (const std::size_t thing : members) {
    if (!ring_places.empty()) places.push_back(ring_places[thing]);
  }
  std::vector<std::size_t> order = arrange_all(members.size(), hard, places, false);
  for (std::size_t& thing : order) thing = members[thing];
  return order;
}

std::vector<std::size_t> arrange_all(std::size_t count, const std::vector<Need>& needs,
                                     const std::vector<std::size_t>& ring_places, bool with_weak) {
  const Lists next = lists_of(count, needs);
  const Rings rings(next);
  Lists members(rings.count());  // each in ascending order
  for (std::size_t i = 0; i < count; ++i) members[rings.of(i)].push_back(i);

  std::vector<std::vector<Need>> inside(rings.count());
  std::vector<std::size_t> waits(rings.count());
  for (const Need& need : needs) {
    const std::size_t from = rings.of(need.first), to = rings.of(need.then);
    if (from != to) {
      ++waits[to];
    } else if (need.first != need.then) {
      inside[to].push_back(need);
    }
  }

  using Ready = std::pair<std::size_t, std::size_t>;  // first member, ring
  std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready;
  for (std::size_t ring = 0; ring < rings.count(); ++ring) {
    if (waits[ring] == 0) ready.emplace(members[ring].front(), ring);
  }
  std::vector<std::size_t> order, position(count);
  order.reserve(count);
  while (!ready.empty()) {
    const std::size_t ring = ready.top().second;
    ready.pop();
    std::vector<std::size_t> opened = members[ring];
    if (with_weak && opened.size() > 1) {
      opened = open_ring(members[ring], inside[ring], ring_places, position);
    } else if (!ring_places.empty()) {
      std::sort(opened.begin(), opened.end(),
                [&](std::size_t a, std::size_t b) { return ring_places[a] < ring_places[b]; });
    }
    order.insert(order.end(), opened.begin(), opened.end());
    for (const std::size_t thing : members[ring]) {
      for (const std::size_t then : next[thing]) {
        const std::size_t to = rings.of(then);
        if (to != ring && --waits[to] == 0) ready.emplace(members[to].front(), to);
      }
    }
  }
  return order;
}

}  // namespace

std::vector<std::size_t> arrange(std::size_t count, const std::vector<Need>& needs,
                                 const std::vector<std::size_t>& ring_places) {
  return arrange_all(count, needs, ring_places, true);
}

}  // namespace engine::organize
