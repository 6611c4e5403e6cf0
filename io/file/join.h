// join: a source's exact bytes, put together from its tree alone.
//
// Thread contract: free functions; one tree may be joined by several threads.
// Units: bytes; at most a few hundred KiB are in memory, whatever the size of the source.
// Of a tree by its path, what lay there at one moment is joined, though an engine replaces it
// meanwhile: its outputs are opened before the first byte is written, as many as half of the
// descriptors that the process may have, and fewer where others have them.
// Errors: kChanged when it had more, or was replaced again and again before that; kDifference when
// the tree does not give the bytes that the manifest promises, known only after the last one was
// written; kUnreadable when the tree was made without its data; what manifest.h says; what `write`
// returns.
// Source: docs/manifest.md, last section.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "io/file/manifest.h"

namespace engine::io {

/// Takes the next bytes of the source; an error ends the join.
using WriteBytes = std::function<Result<void>(std::string_view)>;

Result<void> join(const std::string& tree_directory, const WriteBytes& write);

/// The same for a tree that is open and whose manifest has been read.
Result<void> join(int tree, const Manifest& manifest, const std::string& shown_tree,
                  const WriteBytes& write);

/// To an open file, for example standard output; its errors begin with `shown_file`.
WriteBytes write_to(int fd, std::string shown_file);

}  // namespace engine::io
