// BytePairs: two bytes that follow each other, whatever their letter case, any of some, as a kernel
// looks for all of them at once. It may find others too: what a pair of one begins with, and ends
// with what another does, only where they share a class.
//
// Thread contract: a value.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/sql/ascii.h"
#include "engine/sql/kernels/skim_rules.h"

namespace engine::sql {

struct BytePairs {
  static constexpr std::size_t kMost = 8;

  constexpr void add(char a, char b, std::size_t number) {
    const auto bit = static_cast<unsigned>(number % kMost);
    for (const char c : {lower(a), upper(a)}) first.add(c, bit);
    for (const char c : {lower(b), upper(b)}) second.add(c, bit);
  }
  constexpr bool may_hold(char a, char b) const {
    return (first.classes(a) & second.classes(b)) != 0;
  }

  NibbleTable first;
  NibbleTable second;
};

}  // namespace engine::sql
