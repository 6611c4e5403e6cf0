// HostPressure: the port that says how much of the time tasks of this machine, or of this
// container, stood still for want of CPU, memory or disk.
//
// Thread contract: any thread; cheap enough for once a second.
// Units: percent of the last ten seconds, 0 to 100; 0 where the system does not tell.
// Errors: none; stalls() must not throw.
#pragma once

namespace engine {

struct Stalls {
  double cpu_percent = 0;
  double memory_percent = 0;
  double io_percent = 0;
};

class HostPressure {
 public:
  virtual ~HostPressure() = default;
  virtual Stalls stalls() const = 0;
};

/// For embedders and tests without one.
class NoHostPressure final : public HostPressure {
 public:
  Stalls stalls() const override { return {}; }
};

}  // namespace engine
