#include "engine/dependency/need_graph.h"

#include <algorithm>

namespace engine::dependency {
namespace {

constexpr std::size_t kMostSteps = 4096;  // of one search

}  // namespace

NeedGraph::NeedGraph(std::pmr::memory_resource* memory) : needs_(memory), nodes_(memory) {}

std::size_t NeedGraph::add_node() {
  nodes_.emplace_back(nodes_.size(), nodes_.get_allocator().resource());
  return nodes_.size() - 1;
}

std::size_t NeedGraph::node(std::size_t at) const {
  while (nodes_[at].joined != at) {
    const std::size_t above = nodes_[nodes_[at].joined].joined;
    at = nodes_[at].joined = above;
  }
  return at;
}

void NeedGraph::add(std::size_t first, std::size_t then, Strength strength, std::size_t named) {
  first = node(first);
  then = node(then);
  if (first == then) return;
  if (!nodes_[first].out.empty()) {
    const Need& last = needs_[nodes_[first].out.back()];
    if (last.then == then && last.named == named && last.strength == strength) return;
  }
  nodes_[first].out.push_back(needs_.size());
  needs_.push_back({first, then, named, strength});
}

void NeedGraph::join(std::size_t from, std::size_t to) {
  from = node(from);
  to = node(to);
  if (from == to) return;
  nodes_[from].joined = to;
  nodes_[to].out.insert(nodes_[to].out.end(), nodes_[from].out.begin(), nodes_[from].out.end());
  nodes_[from].out.clear();
}

bool NeedGraph::search(std::size_t from, Way by, const std::vector<std::size_t>& wanted) const {
  ++search_;
  for (const std::size_t one : wanted) nodes_[node(one)].goal = search_;
  std::vector<std::size_t> way = {from};
  nodes_[from].seen = search_;
  std::size_t steps = 0;
  while (!way.empty()) {
    const std::size_t at = way.back();
    way.pop_back();
    for (const std::size_t n : nodes_[at].out) {
      if (by.least == Strength::kHard && needs_[n].strength != Strength::kHard) continue;
      if (++steps > kMostSteps) return false;
      const std::size_t to = node(needs_[n].then);
      if (nodes_[to].goal == search_ && !(by.round && at == from)) return true;
      if (nodes_[to].seen == search_ || nodes_[to].goal == search_) continue;
      nodes_[to].seen = search_;
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
