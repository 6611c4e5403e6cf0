#include "io/file/write_fully.h"

#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace engine::io {
namespace {

constexpr std::size_t kMaxVectors = 1024;  // IOV_MAX of Linux

// Skips `count` bytes of the vectors that begin at `first`; returns the first that is not empty.
std::size_t advance(std::span<iovec> vectors, std::size_t first, std::size_t count) {
  while (first < vectors.size() && count >= vectors[first].iov_len) {
    count -= vectors[first].iov_len;
    ++first;
  }
  if (count > 0) {
    vectors[first].iov_base = static_cast<char*>(vectors[first].iov_base) + count;
    vectors[first].iov_len -= count;
  }
  return first;
}

int write_vectors(int fd, std::span<iovec> vectors) {
  std::size_t first = 0;
  while (first < vectors.size()) {
    const ssize_t count = ::writev(fd, &vectors[first], static_cast<int>(vectors.size() - first));
    if (count < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    first = advance(vectors, first, static_cast<std::size_t>(count));
  }
  return 0;
}

}  // namespace

int write_fully(int fd, std::string_view bytes) { return write_fully(fd, std::span(&bytes, 1)); }

int write_fully(int fd, std::span<const std::string_view> pieces) {
  std::array<iovec, kMaxVectors> vectors;
  std::size_t filled = 0;
  for (const std::string_view piece : pieces) {
    if (piece.empty()) continue;  // a writev of nothing would look like no progress
    vectors[filled++] = {const_cast<char*>(piece.data()), piece.size()};
    if (filled == kMaxVectors) {
      if (write_vectors(fd, vectors) != 0) return -1;
      filled = 0;
    }
  }
  return write_vectors(fd, std::span(vectors).first(filled));
}

}  // namespace engine::io
