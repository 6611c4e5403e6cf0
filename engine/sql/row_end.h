// RowEnd: where one of the statements in a row ends, and the next one begins.
//
// Thread contract: a value.
// Units: bytes of the text, lines from 1.
// Errors: none.
#pragma once

#include <cstddef>
#include <cstdint>

namespace engine::sql {

struct RowEnd {
  std::size_t end = 0;     ///< behind the terminator
  std::size_t next = 0;    ///< where the next statement begins
  std::uint64_t line = 1;  ///< that `end` stands in
};

}  // namespace engine::sql
