#include "io/file/read_tree.h"

#include <fcntl.h>

#include <cerrno>

#include "io/base/directory.h"
#include "io/base/os_error.h"

namespace engine::io {

Result<Descriptor> open_tree(const std::string& tree_directory) {
  Descriptor tree(::open(tree_directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (tree) return tree;
  const ErrorCode code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnreadable;
  return os_error(code, tree_directory, "cannot open the tree", errno);
}

bool was_replaced(const std::string& tree_directory, int tree) {
  const Descriptor there(::open(tree_directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  return !there || !is_same_directory(there.get(), tree);
}

tl::unexpected<Error> replaced_too_fast(const std::string& shown_tree) {
  return fail(ErrorCode::kChanged,
              shown_tree + ": is replaced faster than it can be read; try again in a moment");
}

}  // namespace engine::io
