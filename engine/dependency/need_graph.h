// NeedGraph: which outputs of one source must be loaded before which others, whatever they are put
// together to: nodes that are joined are one from then on.
//
// Thread contract: confined to one thread, const members included: a search leaves its marks.
// Cost: a node and a few bytes for each need; leads_to() and would_ring() look at a bounded number
// of nodes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <utility>
#include <vector>

namespace engine::dependency {

class NeedGraph {
 public:
  explicit NeedGraph(std::pmr::memory_resource* memory = std::pmr::get_default_resource());

  enum class Strength : std::uint8_t {
    kHard,  ///< no output may hold stretches of both sides of another one
    kSoft,  ///< given up where the layout wants it so
  };

  std::size_t add_node();
  /// `first` comes before `then`. `named`: by what, to be asked of in is_told().
  void add(std::size_t first, std::size_t then, Strength strength, std::size_t named);
  void join(std::size_t from, std::size_t to);
  std::size_t node(std::size_t at) const;

  /// `first` comes before one of `others`. Of very many nodes it does not say so.
  bool leads_to(std::size_t first, const std::vector<std::size_t>& others) const;
  /// If the two were one, it would have to be loaded before and behind another, by needs of at
  /// least that strength. Of very many nodes it says no, and a merge of the two may ring.
  bool would_ring(std::size_t one, std::size_t other, Strength least) const;

  struct Need {
    std::size_t first;
    std::size_t then;
    std::size_t named;
    Strength strength;
  };
  const std::pmr::vector<Need>& needs() const { return needs_; }

  /// The last call. `told`: by which names needs are that the outputs' texts do not show; `quiet`:
  /// by which such that keep to the source's order by themselves, but for an output that goes on
  /// behind the other.
  void finish(std::vector<bool> told, std::vector<bool> quiet) {
    told_ = std::move(told);
    quiet_ = std::move(quiet);
  }
  bool is_quiet(const Need& need) const { return need.named < quiet_.size() && quiet_[need.named]; }
  bool is_told(const Need& need) const { return need.named < told_.size() && told_[need.named]; }

 private:
  struct Way {
    Strength least;  // of its needs
    bool round;      // not by one that leads there at once
  };
  bool search(std::size_t from, Way by, const std::vector<std::size_t>& wanted) const;

  std::pmr::vector<Need> needs_;
  std::vector<bool> quiet_;  // by name
  std::vector<bool> told_;   // by name
  struct Node {
    explicit Node(std::size_t own, std::pmr::memory_resource* memory) : joined(own), out(memory) {}
    mutable std::size_t joined;         // what it is part of
    std::pmr::vector<std::size_t> out;  // the needs that it is first in
    mutable std::uint32_t seen = 0;     // in which search
    mutable std::uint32_t goal = 0;
  };
  std::pmr::vector<Node> nodes_;
  mutable std::uint32_t search_ = 0;
};

}  // namespace engine::dependency
