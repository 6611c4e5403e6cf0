// merge_altered(): which object does an ALTER mean whose source does not create it?
//
// The one of that type and name that some source creates, in the same source's database first;
// where none does, all sources that alter it mean the same one, and it stands where it was altered
// first: ALTER PROCEDURE has the whole procedure in it. What was renamed is meant by either name.
//
// Thread contract: pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/state/catalogue.h"

namespace engine::io {

/// ALTER TABLE a RENAME TO b: what `node` means is called `name` besides.
struct Renaming {
  std::uint32_t node = 0;
  std::string name;
};

/// Takes objects out of `nodes` that others stand for. The result has for each node that was given
/// the place of the one it means now.
std::vector<std::uint32_t> merge_altered(std::vector<RecordedObject>* nodes,
                                         const std::vector<Renaming>& renamings);

}  // namespace engine::io
