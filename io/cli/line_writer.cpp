#include "io/cli/line_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>
#include <thread>
#include <utility>

namespace engine::io {
namespace {

// So often it is seen whether the patience has become less.
constexpr std::chrono::milliseconds kLookAgain{50};

mode_t mode_of(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 ? status.st_mode : 0;
}

// Through a description of its own a write returns, whatever others who have the file ask for.
Descriptor reopened(int fd) {
  const mode_t mode = mode_of(fd);
  if (!S_ISFIFO(mode) && !S_ISCHR(mode)) return {};
  const std::string path = fmt::format("/proc/self/fd/{}", fd);
  return Descriptor(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

}  // namespace

LineWriter::LineWriter(int fd, const ReaderPatience& patience)
    : fd_(fd), own_(reopened(fd)), is_socket_(S_ISSOCK(mode_of(fd))), patience_(patience) {}

LineWriter::~LineWriter() {
  is_stalled_ = true;
  if (lost_ != 0) tell_lost();
}

bool LineWriter::write(std::string_view text) {
  begin_ = std::chrono::steady_clock::now();
  std::string_view end_of_line = ends_in_line_ ? "\n" : "";
  if (!write_all(&end_of_line)) return false;
  const std::size_t size = text.size();
  const bool is_written = write_all(&text);
  ends_in_line_ = !is_written && text.size() != size;
  return is_written;
}

bool LineWriter::write_now(std::string_view text) {
  const bool was_stalled = std::exchange(is_stalled_, true);
  const bool is_written = write(text);
  if (!is_written) is_stalled_ = was_stalled;
  return is_written;
}

void LineWriter::log(std::string_view line) {
  if (lost_ != 0 && tell_lost()) lost_ = 0;
  if (lost_ != 0 || !write(line)) ++lost_;
}

bool LineWriter::tell_lost() {
  return write(
      fmt::format("engine: warning: lines that are lost, because nobody read them: {}\n", lost_));
}

bool LineWriter::write_all(std::string_view* text) {
  while (!text->empty()) {
    if (!wait_for_room()) return false;
    const ssize_t count = write_some(text->substr(0, PIPE_BUF));
    if (count > 0) {
      text->remove_prefix(static_cast<std::size_t>(count));
      is_stalled_ = false;
    } else if (errno == EAGAIN) {  // there is room, for less, or another process was faster
      if (!may_wait()) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

// A pipe that has room takes so much without waiting, where there is no description of its own too.
ssize_t LineWriter::write_some(std::string_view text) const {
  if (is_socket_) return ::send(fd_, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  return ::write(own_ ? own_.get() : fd_, text.data(), text.size());
}

bool LineWriter::wait_for_room() {
  pollfd file{fd_, POLLOUT, 0};
  do {
    const int pause = is_stalled_ ? 0 : static_cast<int>(kLookAgain.count());
    if (::poll(&file, 1, pause) > 0) return true;
  } while (may_wait());
  return false;
}

// Whoever has not read when it was waited for is not waited for again.
bool LineWriter::may_wait() {
  is_stalled_ = is_stalled_ || patience_.is_over(std::chrono::steady_clock::now() - begin_);
  return !is_stalled_;
}

}  // namespace engine::io
