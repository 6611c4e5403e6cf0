#include "io/file/unnamed_file.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdlib>

namespace engine::io {

Descriptor unnamed_file(const std::string& directory) {
  Descriptor file(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600));
  if (file) return file;
  // Not every file system has O_TMPFILE; old kernels take it for opening a directory (EISDIR).
  if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) return {};
  std::string name = directory + "/engine-XXXXXX";
  file = Descriptor(::mkostemp(name.data(), O_CLOEXEC));
  if (file) ::unlink(name.c_str());
  return file;
}

}  // namespace engine::io
