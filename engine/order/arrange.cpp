#include "engine/order/arrange.h"

#include <algorithm>
#include <compare>
#include <functional>
#include <queue>
#include <utility>

namespace engine::order {
namespace {

using Indexes = std::vector<std::size_t>;
using Lists = std::vector<Indexes>;

// The rings of a graph: its strongly connected components, by Tarjan's algorithm without recursion.
class Rings {
 public:
  explicit Rings(Lists next)
      : next_(std::move(next)),
        order_(next_.size(), kUnseen),
        low_(next_.size()),
        ring_(next_.size(), kUnseen) {
    for (std::size_t i = 0; i < next_.size(); ++i) {
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

  const Lists next_;
  std::vector<std::size_t> order_;
  std::vector<std::size_t> low_;
  std::vector<std::size_t> ring_;
  std::vector<std::size_t> open_;
  std::vector<Step> way_;
  std::size_t seen_ = 0;
  std::size_t count_ = 0;
};

Lists lists_of(std::size_t count, const std::vector<Need>& needs, Need::Strength least) {
  Lists next(count);
  for (const Need& need : needs) {
    if (need.first != need.then && need.strength >= least) {
      next[need.first].push_back(need.then);
    }
  }
  return next;
}

// How often each ring of things is waited for by needs that lead into it from outside.
struct Waits {
  explicit Waits(std::size_t rings) : hard(rings), weak(rings) {}

  std::size_t& of(const Need& need, std::size_t ring) { return (need.weak() ? weak : hard)[ring]; }

  std::vector<std::size_t> hard;
  std::vector<std::size_t> weak;  // of these a ring may be taken although there are some left
};

// Things taken ring by ring, what they need first. Needs of at least a strength make rings; each
// ring is then opened, where only stronger ones do.
class Arranging {
 public:
  using Strength = Need::Strength;

  Arranging(std::size_t count, const std::vector<Need>& needs, const Indexes& ring_places,
            Strength least, Lists* unloadable)
      : needs_(needs),
        ring_places_(ring_places),
        least_(least),
        unloadable_(unloadable),
        rings_(lists_of(count, needs, least)),
        members_(rings_.count()),
        out_(rings_.count()),
        inside_(rings_.count()),
        waits_(rings_.count()),
        position_(count),
        taken_(rings_.count()) {
    for (std::size_t i = 0; i < count; ++i) members_[rings_.of(i)].push_back(i);
    for (std::size_t n = 0; n < needs.size(); ++n) {
      const Need& need = needs[n];
      const std::size_t from = rings_.of(need.first), to = rings_.of(need.then);
      if (from != to) {
        ++waits_.of(need, to);
        out_[from].push_back(n);
      } else if (need.first != need.then) {
        inside_[to].push_back(n);
      }
    }
  }

  Indexes run() {
    Indexes order;
    order.reserve(position_.size());
    for (std::size_t ring = 0; ring < rings_.count(); ++ring) offer(ring);
    while (!ready_.empty()) {
      const std::size_t ring = ready_.top().ring;
      ready_.pop();
      if (taken_[ring]) continue;
      taken_[ring] = true;
      const Indexes opened = open(ring);
      order.insert(order.end(), opened.begin(), opened.end());
      for (const std::size_t n : out_[ring]) {
        const std::size_t to = rings_.of(needs_[n].then);
        if (--waits_.of(needs_[n], to) == 0) offer(to);
      }
    }
    return order;
  }

 private:
  struct Ready {
    bool waits_weakly;
    std::size_t first_member;
    std::size_t ring;
    auto operator<=>(const Ready&) const = default;
  };

  // Offered again when nothing weak is waited for any more.
  void offer(std::size_t ring) {
    if (taken_[ring] || waits_.hard[ring] > 0) return;
    ready_.push({waits_.weak[ring] > 0, members_[ring].front(), ring});
  }

  // The members of a ring, in their order.
  Indexes open(std::size_t ring) {
    const Indexes& members = members_[ring];
    if (members.size() == 1 || least_ == Strength::kTold) return members;
    if (least_ == Strength::kFound) {
      if (unloadable_ != nullptr) unloadable_->push_back(as_placed(members));
      return opened(as_placed(members), inside_[ring], Strength::kTold, nullptr);
    }
    Lists inner;
    Indexes order = opened(members, inside_[ring], Strength::kFound, &inner);
    if (unloadable_ != nullptr) unloadable_->insert(unloadable_->end(), inner.begin(), inner.end());
    return order;
  }

  // `members`, in the order that they are preferred in, by those of their needs that are as strong.
  Indexes opened(const Indexes& members, const Indexes& inside, Strength least, Lists* inner) {
    for (std::size_t i = 0; i < members.size(); ++i) position_[members[i]] = i;
    std::vector<Need> needs;
    for (const std::size_t n : inside) {
      const Need& need = needs_[n];
      if (least == Strength::kTold && need.strength < least) continue;
      needs.push_back({position_[need.first], position_[need.then], need.strength});
    }
    Indexes places;
    for (const std::size_t thing : members) {
      if (!ring_places_.empty()) places.push_back(ring_places_[thing]);
    }
    Indexes order = Arranging(members.size(), needs, places, least, inner).run();
    for (std::size_t& thing : order) thing = members[thing];
    if (inner == nullptr) return order;
    for (Indexes& found : *inner) {
      for (std::size_t& thing : found) thing = members[thing];
    }
    return order;
  }

  Indexes as_placed(Indexes members) const {
    if (!ring_places_.empty()) {
      std::sort(members.begin(), members.end(),
                [&](std::size_t a, std::size_t b) { return ring_places_[a] < ring_places_[b]; });
    }
    return members;
  }

  const std::vector<Need>& needs_;
  const Indexes& ring_places_;
  const Strength least_;     // of the needs that make rings
  Lists* const unloadable_;  // rings of needs that are not weak
  const Rings rings_;
  Lists members_;  // of each ring, in ascending order
  Lists out_;      // of each ring: the needs that lead out of it,
  Lists inside_;   // and those between its members
  Waits waits_;
  Indexes position_;  // of a thing in its ring, while that is opened
  std::vector<bool> taken_;
  std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready_;
};

}  // namespace

std::vector<std::size_t> arrange(std::size_t count, const std::vector<Need>& needs,
                                 const std::vector<std::size_t>& ring_places,
                                 std::vector<std::vector<std::size_t>>* rings) {
  return Arranging(count, needs, ring_places, Need::Strength::kWeak, rings).run();
}

}  // namespace engine::order
