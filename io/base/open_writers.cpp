#include "io/base/open_writers.h"

#include <fcntl.h>
#include <signal.h>

#include <cerrno>

#include "io/base/descriptor.h"

namespace engine::io {

OpenWriters open_writers(int fd) {
  // A writer who comes while the lease is held makes the kernel send a signal, by default SIGIO,
  // which would end the process; SIGURG is ignored unless somebody asks for it.
  if (::fcntl(fd, F_SETSIG, SIGURG) != 0) return OpenWriters::kUnknown;
  if (::fcntl(fd, F_SETLEASE, F_RDLCK) != 0) {
    return errno == EAGAIN ? OpenWriters::kSome : OpenWriters::kUnknown;
  }
  ::fcntl(fd, F_SETLEASE, F_UNLCK);
  return OpenWriters::kNone;
}

OpenWriters open_writers(int directory_fd, const std::string& name) {
  const Descriptor file(::openat(directory_fd, name.c_str(),
                                 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  return file ? open_writers(file.get()) : OpenWriters::kUnknown;
}

}  // namespace engine::io
