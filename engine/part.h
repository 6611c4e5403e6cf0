// Part: one stretch of a source. Parts tile the source: contiguous, in order, every byte in exactly
// one.
//
// Thread contract: a value; it borrows nothing.
// Units: offset and length in bytes of the text that was split, line counted from 1.
// Errors: none.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/object_ref.h"

namespace engine {

enum class PartKind : std::uint8_t {
  kUnit,       ///< what the dialect's client sends as one thing
  kDirective,  ///< a line for the client alone: GO, DELIMITER, \connect, /
  kGap,        ///< white space and comments, and what the client does not read
};

std::string_view part_kind_name(PartKind kind);

struct Part {
  PartKind kind = PartKind::kGap;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t line = 1;
  std::vector<ObjectRef> objects;  ///< what a unit defines, alters or fills
};

}  // namespace engine
