// Durability: what a source that is recorded as done has survived.
//
// Thread contract: a value.
// Errors: none.
// Source: docs/reliability.md.
#pragma once

#include <cstdint>
#include <string_view>

namespace engine::io {

enum class Durability : std::uint8_t {
  kProcess,  ///< the end of any process, at any moment
  kPower,    ///< a power cut as well
};

constexpr std::string_view durability_name(Durability durability) {
  return durability == Durability::kPower ? "power" : "process";
}

}  // namespace engine::io
