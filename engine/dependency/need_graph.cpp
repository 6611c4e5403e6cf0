#include "engine/dependency/need_graph.h"

#include <algorithm>

namespace engine::dependency {
namespace {

constexpr std::size_t kMostSteps = 4096;  // of one search

}  // namespace

std::size_t NeedGraph::add_node() {
  joined_.push_back(joined_.size());
  out_.emplace_back();
  seen_.push_back(0);
  goal_.push_back(0);
  return joined_.size() - 1;
}

std::size_t NeedGraph::node(std::size_t at) const {
  while (joined_[at] != at) at = joined_[at] = joined_[joined_[at]];
  return at;
}

void NeedGraph::add(std::size_t first, std::size_t then, Strength strength, std::size_t named) {
  first = node(first);
  then = node(then);
  if (first == then) return;
  if (!out_[first].empty()) {
    const Need& last = needs_[out_[first].back()];
    if (last.then == then && last.named == named && last.strength == strength) return;
  }
  out_[first].push_back(needs_.size());
  needs_.push_back({first, then, named, strength});
}

void NeedGraph::join(std::size_t from, std::size_t to) {
  from = node(from);
  to = node(to);
  if (from == to) return;
  joined_[from] = to;
  out_[to].insert(out_[to].end(), out_[from].begin(), out_[from].end());
  out_[from] = {};
}

bool NeedGraph::search(std::size_t from, Way by, const std::vector<std::size_t>& wanted) const {
  ++search_;
  for (const std::size_t one : wanted) goal_[node(one)] = search_;
  std::vector<std::size_t> way = {from};
  seen_[from] = search_;
  std::size_t steps = 0;
  while (!way.empty()) {
    const std::size_t at = way.back();
    way.pop_back();
    for (const std::size_t n : out_[at]) {
      if (by.least == Strength::kHard && needs_[n].strength != Strength::kHard) continue;
      if (++steps > kMostSteps) return false;
      const std::size_t to = node(needs_[n].then);
      if (goal_[to] == search_ && !(by.round && at == from)) return true;
      if (seen_[to] == search_ || goal_[to] == search_) continue;
      seen_[to] = search_;
      way.push_back(to);
    }
  }
  return false;
}

bool NeedGraph::leads_to(std::size_t first, const std::vector<std::size_t>& others) const {
  return !others.empty() && search(node(first), {.least = Strength::kSoft, .round = false}, others);
}

bool NeedGraph::would_ring(std::size_t one, std::size_t other, Strength least) const {
  one = node(one);
  other = node(other);
  if (one == other) return false;
  const Way way = {least, true};
  return search(one, way, {other}) || search(other, way, {one});
}

}  // namespace engine::dependency
