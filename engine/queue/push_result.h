// PushResult: the answer to whoever hands work in. Back-pressure is an answer: nobody waits inside.
//
// Thread contract: a value.
// Errors: none.
#pragma once

#include <cstdint>

namespace engine {

enum class PushResult : std::uint8_t {
  kAccepted,
  kFull,    ///< not now: the limit is reached; what was handed in is untouched
  kClosed,  ///< never again; what was handed in is untouched
};

}  // namespace engine
