// SplitParts: what a splitter hands out at once: some parts, and behind them rows, if many follow
// each other.
//
// Thread contract: a value; borrows both, until the splitter is asked again.
// Errors: none.
#pragma once

#include <cstdint>
#include <span>

#include "engine/sql/row_run.h"
#include "engine/sql/split_part.h"

namespace engine::sql {

struct SplitParts {
  std::span<const SplitPart> parts;
  RowRun rows;

  bool empty() const { return parts.empty() && rows.empty(); }
  // REQUIRES: !empty().
  std::uint64_t offset() const { return parts.empty() ? rows.offset() : parts.front().offset; }
  std::uint64_t end() const { return rows.empty() ? parts.back().end() : rows.end(); }
};

}  // namespace engine::sql
