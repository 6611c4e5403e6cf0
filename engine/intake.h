// Intake: the answer to whoever brings events, and IntakeObserver, the port that hears when there
// is room again.
//
// Back-pressure goes all the way: an event is taken whatever the answer (until the engine stops),
// and kFull asks for no more of them until intake_opened(). Whoever reads events from the kernel
// then stops reading, and the kernel queues.
//
// Thread contract: Intake is a value; the methods of IntakeObserver are called on threads of the
// engine, one call at a time.
// Errors: none; the methods must not throw.
#pragma once

#include <cstdint>
#include <string>

namespace engine {

enum class Intake : std::uint8_t {
  kOpen,
  kFull,  ///< what was handed in is taken, but intake_opened() should be waited for; where the
          ///< engine stops, it is dropped and nothing comes
};

class IntakeObserver {
 public:
  virtual ~IntakeObserver() = default;

  /// Once after observe() answered kFull, when there is clearly room again. May already be full
  /// when the next event comes. Must not throw, and must not call the engine.
  virtual void intake_opened() = 0;

  /// The output's disk or quota is full: intake stays full until there is room. Once each time;
  /// `reason` is one line.
  virtual void output_full(const std::string& reason) { (void)reason; }
  /// After output_full(): something could be written again.
  virtual void output_has_room() {}
};

}  // namespace engine
