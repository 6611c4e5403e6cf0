#include "io/watch/inotify_source.h"

#include <sys/inotify.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "io/base/os_error.h"

namespace engine::io {
namespace {

constexpr std::uint32_t kAppearedEvents = IN_CREATE;
constexpr std::uint32_t kCompleteEvents = IN_CLOSE_WRITE | IN_MOVED_TO;
constexpr std::uint32_t kVanishedEvents = IN_DELETE | IN_MOVED_FROM;
constexpr std::uint32_t kTouchedEvents = IN_ATTRIB;
constexpr std::uint32_t kEvents =
    kAppearedEvents | kCompleteEvents | kVanishedEvents | kTouchedEvents;

}  // namespace

Result<std::unique_ptr<EventSource>> InotifySource::open() {
  Descriptor instance(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!instance) return os_error(ErrorCode::kUnreadable, "inotify", "cannot be set up", errno);
  return std::unique_ptr<EventSource>(new InotifySource(std::move(instance)));
}

Result<void> InotifySource::watch(int directory_fd, DirectoryNumber number) {
  // inotify takes a path; this one is the descriptor's directory, wherever it has moved to.
  const std::string path = "/proc/self/fd/" + std::to_string(directory_fd);
  const int watch = ::inotify_add_watch(instance_.get(), path.c_str(), kEvents | IN_ONLYDIR);
  if (watch < 0) {
    const int error = errno;
    if (error == ENOSPC) {
      return fail(ErrorCode::kUnreadable,
                  "inotify: no more watches; raise fs.inotify.max_user_watches");
    }
    return os_error(ErrorCode::kUnreadable, "inotify", "cannot watch a directory", error);
  }
  const auto former = watches_.find(number);
  if (former != watches_.end() && former->second != watch) unwatch(number);
  numbers_.insert_or_assign(watch, number);
  watches_.insert_or_assign(number, watch);
  return {};
}

void InotifySource::unwatch(DirectoryNumber number) {
  const auto watch = watches_.find(number);
  if (watch == watches_.end()) return;
  const auto owner = numbers_.find(watch->second);
  if (owner != numbers_.end() && owner->second == number) {
    ::inotify_rm_watch(instance_.get(), watch->second);
    numbers_.erase(owner);
  }
  watches_.erase(watch);
}

void InotifySource::decode(std::span<const char> bytes, Reader& reader) {
  while (bytes.size() >= sizeof(inotify_event)) {
    inotify_event event{};
    std::memcpy(&event, bytes.data(), sizeof event);
    const std::size_t size = sizeof event + event.len;
    if (size > bytes.size()) return reader.on_overflow();  // not understood: as good as lost
    const char* const name = bytes.data() + sizeof event;
    if ((event.mask & IN_Q_OVERFLOW) != 0) {  // of no watch
      reader.on_overflow();
    } else if (const auto number = numbers_.find(event.wd); number != numbers_.end()) {
      if ((event.mask & IN_IGNORED) != 0) {  // the directory is gone, and its watch with it
        const auto watch = watches_.find(number->second);
        if (watch != watches_.end() && watch->second == event.wd) watches_.erase(watch);
        numbers_.erase(number);
      } else if (event.len != 0) {
        reader.on_notice({number->second,
                          {name, ::strnlen(name, event.len)},
                          (event.mask & IN_ISDIR) != 0,
                          (event.mask & kAppearedEvents) != 0,
                          (event.mask & kCompleteEvents) != 0,
                          (event.mask & kVanishedEvents) != 0,
                          (event.mask & kTouchedEvents) != 0});
      }
    }
    bytes = bytes.subspan(size);
  }
}

}  // namespace engine::io
