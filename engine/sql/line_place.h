// LinePlace: a place in a text, and the line that it lies in.
//
// Thread contract: a value.
// Units: bytes of the text, lines from 1.
// Errors: none.
#pragma once

#include <cstdint>

namespace engine::sql {

struct LinePlace {
  std::uint64_t offset = 0;
  std::uint64_t line = 1;
};

}  // namespace engine::sql
