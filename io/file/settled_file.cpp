#include "io/file/settled_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <thread>
#include <utility>

#include "io/base/file_version.h"
#include "io/base/open_writers.h"
#include "io/base/os_error.h"

namespace engine::io {
namespace {

// The clock of stamps ticks every 1 to 10 ms, so a stamp may be older than its write by that much.
constexpr std::chrono::nanoseconds kSettled = std::chrono::milliseconds(30);

// From this age on no write can have gone without another stamp.
std::chrono::nanoseconds age_of_certainty(const SourceVersion& version) {
  return is_coarse(version) ? kCoarseTick + kSettled : kSettled;
}

std::chrono::nanoseconds age_of(const SourceVersion& version) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec) -
         std::chrono::nanoseconds(version.ctime_ns);
}

Result<SourceVersion> version_now(const OpenedFile& file, const std::string& path) {
  struct stat status {};
  if (::fstat(file.fd.get(), &status) == 0) return version_of(status);
  return os_error(ErrorCode::kUnreadable, path, "cannot read its size", errno);
}

// Where stamps say nothing (a time yet to come is another machine's, or the clock was set back), a
// moment in which nothing changes has to do. The one wait here; it would not get shorter elsewhere.
Result<SettledFile> watch_for_a_moment(OpenedFile file, const std::string& path) {
  std::this_thread::sleep_for(kSettled);
  const Result<SourceVersion> version = version_now(file, path);
  if (!version) return tl::make_unexpected(version.error());
  const bool is_certain = !is_coarse(*version);
  if (*version == file.version) return SettledFile{std::move(file), is_certain};
  return fail(ErrorCode::kUnsettled, path + ": is being written");
}

}  // namespace

Result<SettledFile> open_settled(int directory, const std::string& path,
                                 const SettlingRules& rules) {
  Result<OpenedFile> opened = open_regular_file(directory, path);
  if (!opened) return tl::make_unexpected(std::move(opened.error()));
  const std::chrono::nanoseconds age = age_of(opened->version);
  if (age >= age_of_certainty(opened->version)) {
    // What a writer has just emptied has its new size before its new stamps (ext4: some 10 ms).
    const bool may_be_cut =
        opened->version.size == 0 && open_writers(opened->fd.get()) != OpenWriters::kNone;
    if (!may_be_cut) return SettledFile{std::move(*opened), true};
    return watch_for_a_moment(std::move(*opened), path);
  }
  if (age <= -kSettled) return watch_for_a_moment(std::move(*opened), path);

  const OpenWriters writers = open_writers(opened->fd.get());
  // The version that counts is the one from after that.
  const Result<SourceVersion> version = version_now(*opened, path);
  if (!version) return tl::make_unexpected(version.error());
  opened->version = *version;
  const bool is_fine = std::find(rules.fine_devices.begin(), rules.fine_devices.end(),
                                 version->device) != rules.fine_devices.end();
  if (writers == OpenWriters::kNone && (is_fine || rules.later_writes_are_told)) {
    return SettledFile{std::move(*opened), is_fine};
  }
  // Nobody waits for seconds: it is read, and looked at again by whoever comes next.
  if (age >= kSettled && writers != OpenWriters::kSome) {
    return SettledFile{std::move(*opened), is_fine};
  }
  return fail(ErrorCode::kUnsettled, path + ": is being written");
}

}  // namespace engine::io
