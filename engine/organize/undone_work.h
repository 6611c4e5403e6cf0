// UndoneWork: what of a transaction its own ROLLBACK undoes: all of it, or what stands behind a
// savepoint. Found where the transaction begins, by its statements up to the one that ends it.
//
// Thread contract: pure.
// Units: offsets in bytes of the text. Limits: a transaction of more than 1 MiB, one in which a
// body of statements stands that is no string (CREATE TRIGGER of SQLite, BEGIN ATOMIC) or a \if,
// and one that another follows before it has ended is taken to be committed. So is one of a dialect
// whose scripts roll back what has failed (T-SQL, BigQuery), or do not say where one begins
// (Oracle).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/dialect.h"

namespace engine::organize {

struct UndoneWork {
  std::uint64_t end = 0;           ///< of the transaction; 0 where nothing is undone
  std::uint64_t looked_until = 0;  ///< what begins before that is in the same one
  std::vector<std::pair<std::uint64_t, std::uint64_t>> stretches{};

  bool holds(std::uint64_t offset) const {
    return std::any_of(stretches.begin(), stretches.end(), [offset](const auto& stretch) {
      return stretch.first <= offset && offset < stretch.second;
    });
  }
};

/// Of the transaction that begins at `begin`.
UndoneWork find_undone_work(std::string_view text, std::uint64_t begin, Dialect dialect);

}  // namespace engine::organize
