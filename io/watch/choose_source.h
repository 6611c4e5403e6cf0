// choose_source: the best event source that really tells what happens in a folder.
//
// What a kernel, a file system or a container can do is found out by doing it: a file is made in
// the folder and deleted, and the source has to tell of it.
// Thread contract: a free function.
// Errors: where a source was asked for by name and does not work.
#pragma once

#include <memory>
#include <string>

#include "engine/result.h"
#include "io/watch/event_source.h"

namespace engine::io {

struct ChosenSource {
  std::unique_ptr<EventSource> source;
  std::string reason;
  bool is_remote = false;  ///< what other machines do there is told to nobody
};

/// `output_beside`: OUTPUT lies on the folder's file system. A mark of all that would tell of every
/// file that the engine itself makes there, and wake it up for each.
Result<ChosenSource> choose_source(EventSourceKind wanted, int root_fd, bool output_beside);

/// Network and user-space file systems: their events tell only what this machine does, or nothing.
bool is_remote_filesystem(int fd);

}  // namespace engine::io
