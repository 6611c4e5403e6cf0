// split(): the units of an SQL text, as the dialect's own client would cut it.
//
// Thread contract: pure; any thread.
// Units: the text is UTF-8 or any 8-bit encoding that keeps ASCII; offsets are bytes of `text`.
// Errors: none. Every text has a tiling; a quote that is never closed ends at the next place that
// the dialect makes certain.
#pragma once

#include <string_view>
#include <vector>

#include "engine/dialect.h"
#include "engine/part.h"

namespace engine {

/// With Dialect::kAuto the dialect is decided from the text. For a text that should not be held in
/// memory as parts, use engine/sql/splitter.h, which hands them out one by one.
std::vector<Part> split(std::string_view text, Dialect dialect);

}  // namespace engine
