#include "io/cli/run_marks.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <utility>

#include "io/base/descriptor.h"
#include "io/base/output_directory.h"
#include "io/watch/expected_sources.h"

namespace engine::io {
namespace {

std::int64_t read_time(int fd) {
  std::array<char, 32> text{};
  const ssize_t size = ::read(fd, text.data(), text.size());
  std::int64_t time_ns = 0;
  const char* const end = text.data() + std::max<ssize_t>(size, 0);
  const auto [rest, error] = std::from_chars(text.data(), end, time_ns);
  const bool is_whole = error == std::errc() && rest != end && *rest == '\n';
  return is_whole ? time_ns : ExpectedSources::kSinceEver;
}

// Whole or not at all, after a power cut as well.
bool replace_file(const std::string& path, const std::string& text) {
  const std::string next = path + ".new";
  const Descriptor file(
      ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_CLOEXEC, 0644));
  if (!file) return false;
  const bool is_written =
      ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fsync(file.get()) == 0 && ::rename(next.c_str(), path.c_str()) == 0;
  if (!is_written) ::unlink(next.c_str());
  return is_written;
}

}  // namespace

RunMarks::RunMarks(const std::string& output)
    : watching_(output + '/' + in_engine_directory(kWatchingName)),
      missing_(output + '/' + in_engine_directory(kMissingName)) {
  if (const Descriptor file(::open(missing_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)); file) {
    missing_since_ns_ = read_time(file.get());
  } else if (errno != ENOENT && errno != ENOTDIR) {
    missing_since_ns_ = ExpectedSources::kSinceEver;
  }
}

bool RunMarks::is_watching() const { return ::access(watching_.c_str(), F_OK) == 0; }

void RunMarks::set_watching() const {
  Descriptor(::open(watching_.c_str(), O_WRONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0644));
}

void RunMarks::clear_watching() const { ::unlink(watching_.c_str()); }

void RunMarks::set_missing_since(std::optional<std::int64_t> since_ns) {
  if (std::exchange(missing_since_ns_, since_ns) != since_ns) is_written_ = false;
  write_missing();
}

void RunMarks::write_missing() {
  if (is_written_) return;
  if (missing_since_ns_) {
    is_written_ = replace_file(missing_, std::to_string(*missing_since_ns_) + '\n');
  } else {
    is_written_ = ::unlink(missing_.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR;
  }
}

}  // namespace engine::io
