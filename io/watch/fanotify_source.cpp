#include "io/watch/fanotify_source.h"

#include <fcntl.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "io/base/os_error.h"

namespace engine::io {
namespace {

constexpr std::uint64_t kAppearedMask = FAN_CREATE;
constexpr std::uint64_t kCompleteMask = FAN_CLOSE_WRITE | FAN_MOVED_TO;
constexpr std::uint64_t kVanishedMask = FAN_DELETE | FAN_MOVED_FROM;
constexpr std::uint64_t kTouchedMask = FAN_ATTRIB;
constexpr std::uint64_t kMask =
    kAppearedMask | kCompleteMask | kVanishedMask | kTouchedMask | FAN_ONDIR;

// Of Linux 6.5: a handle that only tells objects apart, which file systems have that cannot open
// by handle (overlayfs). The same bit as AT_REMOVEDIR.
constexpr int kHandleOnlyTells = 0x200;

// Room for the handle behind it, as in fanotify_event_info_fid.
struct Handle {
  file_handle head;
  std::array<unsigned char, MAX_HANDLE_SZ> bytes;
};

void append(std::string& to, const void* bytes, std::size_t size) {
  to.append(static_cast<const char*>(bytes), size);
}

// As it stands in an event: the file system's number, then the handle's type and bytes.
Result<std::string> handle_of(int directory_fd) {
  struct statfs filesystem {};
  if (::fstatfs(directory_fd, &filesystem) != 0) {
    return os_error(ErrorCode::kUnreadable, "fanotify", "cannot examine the file system", errno);
  }
  Handle handle{};
  int mount = 0;
  for (const int flags : {AT_EMPTY_PATH, AT_EMPTY_PATH | kHandleOnlyTells}) {
    handle.head.handle_bytes = MAX_HANDLE_SZ;
    if (::name_to_handle_at(directory_fd, "", &handle.head, &mount, flags) == 0) {
      std::string key;
      append(key, &filesystem.f_fsid, sizeof filesystem.f_fsid);
      append(key, &handle.head.handle_type, sizeof handle.head.handle_type);
      append(key, handle.head.f_handle, handle.head.handle_bytes);
      return key;
    }
    if (errno != EOPNOTSUPP) break;
  }
  return os_error(ErrorCode::kUnreadable, "fanotify", "no handle for a directory", errno);
}

}  // namespace

Result<std::unique_ptr<EventSource>> FanotifySource::open(Mark mark) {
  constexpr unsigned kFlags = FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK | FAN_REPORT_DFID_NAME;
  // Who may have it needs no limit: a directory without a mark would be polled.
  Descriptor group(::fanotify_init(kFlags | FAN_UNLIMITED_MARKS, O_RDONLY | O_CLOEXEC));
  if (!group && errno == EPERM) group = Descriptor(::fanotify_init(kFlags, O_RDONLY | O_CLOEXEC));
  if (!group) {
    return os_error(ErrorCode::kUnreadable, "fanotify", "cannot be set up", errno);
  }
  return std::unique_ptr<EventSource>(new FanotifySource(mark, std::move(group)));
}

Result<void> FanotifySource::watch(int directory_fd, DirectoryNumber number) {
  Result<std::string> handle = handle_of(directory_fd);
  if (!handle) return tl::make_unexpected(handle.error());
  const Result<void> marked =
      mark_ == Mark::kFilesystem ? mark_filesystem(directory_fd) : mark_directory(directory_fd);
  if (!marked) return marked;
  unwatch(number);
  numbers_.insert_or_assign(*handle, number);
  handles_.insert_or_assign(number, std::move(*handle));
  return {};
}

Result<void> FanotifySource::mark_directory(int directory_fd) const {
  // With FAN_EVENT_ON_CHILD the closing of an entry is told too.
  if (::fanotify_mark(group_.get(), FAN_MARK_ADD | FAN_MARK_ONLYDIR, kMask | FAN_EVENT_ON_CHILD,
                      directory_fd, ".") != 0) {
    return os_error(ErrorCode::kUnreadable, "fanotify", "cannot mark a directory", errno);
  }
  return {};
}

Result<void> FanotifySource::mark_filesystem(int directory_fd) {
  struct stat status {};
  if (::fstat(directory_fd, &status) != 0) {
    return os_error(ErrorCode::kUnreadable, "fanotify", "cannot examine a directory", errno);
  }
  if (marked_filesystems_.count(status.st_dev) != 0) return {};
  if (::fanotify_mark(group_.get(), FAN_MARK_ADD | FAN_MARK_FILESYSTEM, kMask, directory_fd, ".") !=
      0) {
    return os_error(ErrorCode::kUnreadable, "fanotify", "cannot mark the file system", errno);
  }
  marked_filesystems_.insert(status.st_dev);
  return {};
}

// The mark stays: the directory may have moved to where no path is known, and what is told of a
// handle without a number is dropped.
void FanotifySource::unwatch(DirectoryNumber number) {
  const auto handle = handles_.find(number);
  if (handle == handles_.end()) return;
  const auto owner = numbers_.find(handle->second);
  if (owner != numbers_.end() && owner->second == number) numbers_.erase(owner);
  handles_.erase(handle);
}

void FanotifySource::decode(std::span<const char> bytes, Reader& reader) {
  while (bytes.size() >= sizeof(fanotify_event_metadata)) {
    fanotify_event_metadata event{};
    std::memcpy(&event, bytes.data(), sizeof event);
    if (event.vers != FANOTIFY_METADATA_VERSION || event.event_len < event.metadata_len ||
        event.event_len > bytes.size()) {
      return reader.on_overflow();  // not understood: as good as lost
    }
    if ((event.mask & FAN_Q_OVERFLOW) != 0) {  // it has no record of a name
      reader.on_overflow();
    } else {
      decode_event(event, bytes.subspan(event.metadata_len, event.event_len - event.metadata_len),
                   reader);
    }
    bytes = bytes.subspan(event.event_len);
  }
}

void FanotifySource::decode_event(const fanotify_event_metadata& event,
                                  std::span<const char> records, Reader& reader) const {
  while (records.size() >= sizeof(fanotify_event_info_fid)) {
    fanotify_event_info_header header{};
    std::memcpy(&header, records.data(), sizeof header);
    if (header.len < sizeof(fanotify_event_info_fid) || header.len > records.size()) return;
    if (header.info_type == FAN_EVENT_INFO_TYPE_DFID_NAME) {
      // The file system's number, the length of the handle, its type, its bytes, the name, a zero.
      const char* at = records.data() + sizeof header;
      const char* const end = records.data() + header.len;
      file_handle handle{};
      const char* const fsid = at;
      at += sizeof(__kernel_fsid_t);
      std::memcpy(&handle, at, sizeof handle);
      at += sizeof handle;
      if (handle.handle_bytes >= static_cast<std::size_t>(end - at)) return;
      key_.assign(fsid, sizeof(__kernel_fsid_t));
      append(key_, &handle.handle_type, sizeof handle.handle_type);
      append(key_, at, handle.handle_bytes);
      const auto number = numbers_.find(key_);
      if (number != numbers_.end()) {
        at += handle.handle_bytes;
        const std::string_view name(at, ::strnlen(at, static_cast<std::size_t>(end - at)));
        reader.on_notice({number->second, name, (event.mask & FAN_ONDIR) != 0,
                          (event.mask & kAppearedMask) != 0, (event.mask & kCompleteMask) != 0,
                          (event.mask & kVanishedMask) != 0, (event.mask & kTouchedMask) != 0});
      }
    }
    records = records.subspan(header.len);
  }
}

}  // namespace engine::io
