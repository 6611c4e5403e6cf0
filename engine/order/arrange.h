// arrange(): things in an order in which each comes behind what it needs, and otherwise by rank.
//
// Thread contract: pure.
// Cost: linear in needs, and a heap operation for each thing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace engine::order {

/// `first` must come before `then`. Where needs form a ring the weaker ones are given up: in it,
/// what waits for nothing comes before what only weak needs hold back.
struct Need {
  enum class Strength : std::uint8_t {
    kWeak,   ///< a guess
    kFound,  ///< in the texts, where a name may be another thing's
    kTold,   ///< certain
  };
  std::size_t first = 0;
  std::size_t then = 0;
  Strength strength = Strength::kFound;

  bool weak() const { return strength == Strength::kWeak; }
};

/// Of the things 0, 1, ... in their preferred order: the order to take them in. What is left of a
/// ring comes by what is certain, and else by `ring_places`, one for each thing; without them, in
/// the preferred order. `rings`, where it is asked for, gets what needs each other by more than
/// weak needs.
std::vector<std::size_t> arrange(std::size_t count, const std::vector<Need>& needs,
                                 const std::vector<std::size_t>& ring_places = {},
                                 std::vector<std::vector<std::size_t>>* rings = nullptr);

}  // namespace engine::order
