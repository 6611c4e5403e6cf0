// MemoryPressure: the port to the machine's memory. Intake pauses while it says so; work that has
// begun always goes on.
//
// Thread contract: every method is safe from any thread and cheap (an implementation caches). The
// engine asks under its locks: they must not call the engine.
// Units: percent of the memory that this process may use, 0 to 100.
// Errors: none; the methods must not throw.
#pragma once

namespace engine {

class MemoryPressure {
 public:
  virtual ~MemoryPressure() = default;
  virtual double usage_percent() const = 0;
  /// True from the moment that usage passes the threshold until it has fallen clearly below it
  /// (hysteresis).
  virtual bool over_threshold() const = 0;
};

/// For embedders and tests that do not limit intake by memory.
class NoMemoryPressure final : public MemoryPressure {
 public:
  double usage_percent() const override { return 0; }
  bool over_threshold() const override { return false; }
};

}  // namespace engine
