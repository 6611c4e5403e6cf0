// FileEvent: "look at this path". It is never the truth about the file; opening the file is.
//
// Thread contract: a value.
#pragma once

#include <string>

#include "engine/priority.h"

namespace engine {

struct FileEvent {
  std::string path;  ///< of a source, relative to the input directory, '/' between names
  Priority priority = Priority::kNormal;
};

}  // namespace engine
