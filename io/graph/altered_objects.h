// merge_altered(): which object does an ALTER mean whose source does not create it?
//
// The one of that type and name that some source creates, in the same source's database first;
// where none does, all sources that alter it mean the same one, and it stands where it was altered
// first: ALTER PROCEDURE has the whole procedure in it.
//
// Thread contract: pure.
#pragma once

#include <cstdint>
#include <vector>

#include "io/state/catalogue.h"

namespace engine::io {

/// Takes objects out of `nodes` that others stand for. The result has for each node that was given
/// the place of the one it means now.
std::vector<std::uint32_t> merge_altered(std::vector<RecordedObject>* nodes);

}  // namespace engine::io
