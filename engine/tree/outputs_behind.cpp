#include "engine/tree/outputs_behind.h"

#include <algorithm>
#include <unordered_map>

namespace engine::tree {

std::pmr::vector<std::pmr::vector<std::size_t>> outputs_behind(const organize::Drafts& drafts,
                                                               const dependency::NeedGraph& needs,
                                                               std::pmr::memory_resource* memory) {
  std::pmr::vector<std::pmr::vector<std::size_t>> behind(drafts.size(), memory);
  std::pmr::unordered_map<std::size_t, std::size_t> places(memory);  // by node
  for (std::size_t i = 0; i < drafts.size(); ++i) places[needs.node(drafts[i].node)] = i;
  for (const dependency::NeedGraph::Need& need : needs.needs()) {
    const auto first = places.find(needs.node(need.first));
    const auto then = places.find(needs.node(need.then));
    if (first == places.end() || then == places.end() || first == then) continue;
    const organize::Draft &before = drafts[first->second], &after = drafts[then->second];
    // Where it begins in the source does not tell then.
    const bool goes_on = need.strength == dependency::NeedGraph::Strength::kHard &&
                         before.pieces.back().offset > after.pieces.front().offset;
    if (!needs.is_told(need) && !after.queries && !goes_on) continue;
    if (needs.is_quiet(need) && !goes_on) continue;
    behind[then->second].push_back(first->second);
  }
  for (std::pmr::vector<std::size_t>& list : behind) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  return behind;
}

}  // namespace engine::tree
