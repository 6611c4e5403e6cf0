// Clock: the port to time, so that what waits can be tested without waiting.
//
// Thread contract: now() is safe from any thread. The engine asks under its locks: now() must not
// call the engine.
// Units: nanoseconds on a monotonic clock of unspecified origin.
// Errors: none; now() must not throw.
#pragma once

#include <chrono>

namespace engine {

using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
};

class SteadyClock final : public Clock {
 public:
  TimePoint now() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace engine
