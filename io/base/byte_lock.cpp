#include "io/base/byte_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace engine::io {
namespace {

struct flock lock_of(off_t byte) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  return lock;
}

}  // namespace

bool lock_byte(int fd, off_t byte) {
  struct flock lock = lock_of(byte);
  while (::fcntl(fd, F_OFD_SETLK, &lock) != 0) {
    if (errno != EINTR) return errno != EAGAIN && errno != EACCES;
  }
  return true;
}

bool is_byte_locked(int fd, off_t byte) {
  struct flock lock = lock_of(byte);
  return ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

}  // namespace engine::io
