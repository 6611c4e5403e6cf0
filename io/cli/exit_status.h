// ExitStatus: what the program answers to whoever started it.
//
// Thread contract: constants.
// Source: docs/design.md, "Command line".
#pragma once

namespace engine::io {

enum ExitStatus : int {
  kExitDone = 0,
  kExitFailed = 1,  ///< a source failed, or verify found a difference
  kExitUsage = 2,   ///< wrong usage, no INPUT, an OUTPUT that cannot be used
};

}  // namespace engine::io
