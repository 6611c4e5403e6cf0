// read_tree: reads a tree that an engine may replace at any moment.
//
// No tree changes where it lies: another one takes its place in one step, and the files of the one
// that was there are deleted. Whoever has them open has all of it; whoever comes too late for one
// begins anew, with the tree that lies there now.
// Thread contract: free functions, safe from any thread.
// Errors: kNotFound, kUnreadable where there is no tree to open; kChanged when each was replaced
// before it was read; what `read` returns.
#pragma once

#include <string>
#include <utility>

#include "engine/result.h"
#include "io/base/descriptor.h"

namespace engine::io {

/// To make a tree takes longer than to open one, so after so many times something is wrong.
inline constexpr int kMostTreeTries = 64;

Result<Descriptor> open_tree(const std::string& tree_directory);

/// Another tree lies there by now, or none.
bool was_replaced(const std::string& tree_directory, int tree);

/// "TREE: is replaced faster than it can be read; ..."
tl::unexpected<Error> replaced_too_fast(const std::string& shown_tree);

/// Opens the tree and returns what `read` makes of its directory, a Result. Where that is an error
/// and another tree has taken the place of this one, both are done again.
template <class Read>
auto read_tree(const std::string& tree_directory, Read read) -> decltype(read(0)) {
  for (int tries = 0; tries < kMostTreeTries; ++tries) {
    const Result<Descriptor> tree = open_tree(tree_directory);
    if (!tree) return tl::make_unexpected(tree.error());
    auto result = read(tree->get());
    if (result || !was_replaced(tree_directory, tree->get())) return result;
  }
  return replaced_too_fast(tree_directory);
}

}  // namespace engine::io
