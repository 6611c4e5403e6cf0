// version_age: how old the version of a file is, and whether another one could look the same.
//
// Thread contract: free functions, safe from any thread.
// Units: nanoseconds on the clock of file times, which may be set.
#pragma once

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>

#include "engine/clock.h"
#include "engine/source_version.h"
#include "io/base/file_version.h"

namespace engine::io {

// File systems stamp with a clock that ticks 100 to 1,000 times a second: a second change within a
// tick leaves the version as it was. A version is trusted when it is older than this.
inline constexpr std::int64_t kTickNs = 20'000'000;
inline constexpr Duration kTick = std::chrono::milliseconds(25);

inline std::int64_t file_time_now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

inline std::int64_t age_ns(const SourceVersion& version) {
  return file_time_now_ns() - std::max(version.mtime_ns, version.ctime_ns);
}

inline std::int64_t tick_ns(const SourceVersion& version) {
  return is_coarse(version) ? kTickNs + kCoarseTick.count() : kTickNs;
}

inline bool is_young(const SourceVersion& version) {
  return std::abs(age_ns(version)) < tick_ns(version);
}

}  // namespace engine::io
