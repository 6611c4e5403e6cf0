#include "io/cli/line_writer.h"

#include <fmt/format.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace engine::io {
namespace {

// So often it is seen whether the patience has become less.
constexpr std::chrono::milliseconds kLookAgain{50};

bool is_pipe_or_socket(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

}  // namespace

LineWriter::LineWriter(int fd, Duration patience)
    : fd_(fd), is_pipe_or_socket_(is_pipe_or_socket(fd)), patience_(patience) {}

bool LineWriter::write(std::string_view text) {
  begin_ = std::chrono::steady_clock::now();
  std::string_view end_of_line = ends_in_line_ ? "\n" : "";
  if (!write_all(&end_of_line)) return false;
  const std::size_t size = text.size();
  const bool is_written = write_all(&text);
  ends_in_line_ = !is_written && text.size() != size;
  return is_written;
}

void LineWriter::log(std::string_view line) {
  if (lost_ != 0) {
    const std::string told =
        fmt::format("engine: warning: lines that are lost, because nobody read them: {}\n", lost_);
    if (write(told)) lost_ = 0;
  }
  if (lost_ != 0 || !write(line)) ++lost_;
}

bool LineWriter::write_all(std::string_view* text) {
  while (!text->empty()) {
    if (!wait_for_room()) return false;
    const ssize_t count = write_some(text->substr(0, PIPE_BUF));
    if (count < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (count <= 0) continue;
    text->remove_prefix(static_cast<std::size_t>(count));
    is_stalled_ = false;
  }
  return true;
}

// A pipe that has room takes so much without waiting, unless another process has filled it since:
// then the kernel is asked to refuse, where it knows how to (Linux 6.4).
ssize_t LineWriter::write_some(std::string_view text) const {
  if (is_pipe_or_socket_) {
    const iovec part{const_cast<char*>(text.data()), text.size()};
    const ssize_t count = ::pwritev2(fd_, &part, 1, -1, RWF_NOWAIT);
    if (count >= 0 || errno != EOPNOTSUPP) return count;
  }
  return ::write(fd_, text.data(), text.size());
}

bool LineWriter::wait_for_room() {
  pollfd file{fd_, POLLOUT, 0};
  while (true) {
    const int pause = is_stalled_ ? 0 : static_cast<int>(kLookAgain.count());
    if (::poll(&file, 1, pause) > 0) return true;
    const Duration waited = std::chrono::steady_clock::now() - begin_;
    if (is_stalled_ || waited >= patience_.load(std::memory_order_relaxed)) {
      is_stalled_ = true;
      return false;
    }
  }
}

}  // namespace engine::io
