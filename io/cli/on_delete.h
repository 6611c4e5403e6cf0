// OnDelete: what becomes of a tree whose source is deleted.
//
// Thread contract: a value.
#pragma once

#include <cstdint>

namespace engine::io {

/// In the order of --on-delete's values.
enum class OnDelete : std::uint8_t { kKeep, kRemove };

}  // namespace engine::io
