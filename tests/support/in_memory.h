// To be included by a test program that starts many loads: its directories lie in memory, where a
// sync costs nothing, unless TMPDIR says otherwise.
#pragma once

#include <unistd.h>

#include <cstdlib>

namespace engine::test {

inline const bool kInMemory = [] {
  const char* const place = "/dev/shm";
  return ::access(place, W_OK | X_OK) == 0 && ::setenv("TMPDIR", place, /*overwrite=*/0) == 0;
}();

}  // namespace engine::test
