// FileEvent: "look at this path". It is never the truth about the file; opening the file is.
//
// Thread contract: a value.
// Errors: none.
#pragma once

#include <string>

#include "engine/clock.h"
#include "engine/priority.h"

namespace engine {

struct FileEvent {
  std::string path;  ///< of a source, relative to the input directory, '/' between names
  Priority priority = Priority::kNormal;
  TimePoint observed{};  ///< on the engine's clock; not said: when the engine is told
  /// Nothing more is expected of it: it waits for no quiet time.
  bool settled = false;
  /// To be done even if it is the version that was done last.
  bool forced = false;
  /// Its tree was not there when somebody looked: to be done if that is still so.
  bool tree_missing = false;
  /// That it is not there is a failure, as of what Engine::submit() is given: nobody has told that
  /// it may have gone.
  bool submitted = false;
};

}  // namespace engine
