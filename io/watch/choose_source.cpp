#include "io/watch/choose_source.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <utility>
#include <vector>

#include "io/base/descriptor.h"
#include "io/base/directory.h"
#include "io/base/os_error.h"

namespace engine::io {
namespace {

constexpr DirectoryNumber kRoot = 0;
constexpr std::string_view kCookie = ".engine-probe-";  // and the PID
// An event of a local file system is there when the call returns that caused it.
constexpr int kPatienceMs = 200;

// Numbers that linux/magic.h of Linux 6.1 does not have, from the file systems' own headers.
constexpr unsigned long kCifs = 0xff534d42;
constexpr unsigned long kLustre = 0x0bd00bd0;
constexpr unsigned long kGpfs = 0x47504653;
constexpr unsigned long kVirtualBox = 0x786f4256;
constexpr std::array kRemote = {static_cast<unsigned long>(NFS_SUPER_MAGIC),
                                static_cast<unsigned long>(SMB_SUPER_MAGIC),
                                static_cast<unsigned long>(SMB2_SUPER_MAGIC),
                                static_cast<unsigned long>(V9FS_MAGIC),
                                static_cast<unsigned long>(CEPH_SUPER_MAGIC),
                                static_cast<unsigned long>(AFS_SUPER_MAGIC),
                                static_cast<unsigned long>(CODA_SUPER_MAGIC),
                                static_cast<unsigned long>(FUSE_SUPER_MAGIC),
                                kCifs,
                                kLustre,
                                kGpfs,
                                kVirtualBox};

class CookieReader final : public EventSource::Reader {
 public:
  explicit CookieReader(std::string_view cookie) : cookie_(cookie) {}
  void on_notice(const Notice& notice) override {
    seen_ = seen_ || (notice.directory == kRoot && notice.name == cookie_ && notice.complete);
  }
  void on_overflow() override {}
  bool seen() const { return seen_; }

 private:
  const std::string_view cookie_;
  bool seen_ = false;
};

bool tells_of(EventSource& source, std::string_view cookie) {
  CookieReader reader(cookie);
  std::array<char, 4096> bytes{};
  pollfd file = {source.descriptor(), POLLIN, 0};
  while (!reader.seen() && ::poll(&file, 1, kPatienceMs) > 0) {
    const ssize_t size = ::read(source.descriptor(), bytes.data(), bytes.size());
    if (size <= 0) return false;
    source.decode({bytes.data(), static_cast<std::size_t>(size)}, reader);
  }
  return reader.seen();
}

// What a process was killed in front of deleting. Should the one live in another container, it has
// been there for an instant, and finds that this event source does not work.
void remove_old_cookies(int root_fd) {
  std::vector<DirectoryEntry> entries;
  list_directory(root_fd, entries);
  for (const DirectoryEntry& entry : entries) {
    if (entry.kind != EntryKind::kFile || entry.name.rfind(kCookie, 0) != 0) continue;
    pid_t pid = 0;
    const char* const end = entry.name.data() + entry.name.size();
    const auto parsed = std::from_chars(entry.name.data() + kCookie.size(), end, pid);
    if (parsed.ec != std::errc() || parsed.ptr != end || pid <= 0) continue;
    struct stat status {};
    const bool is_ours =
        ::fstatat(root_fd, entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        status.st_size == 0;
    if (is_ours && ::kill(pid, 0) != 0 && errno == ESRCH) {
      ::unlinkat(root_fd, entry.name.c_str(), 0);
    }
  }
}

// What there is to say of a source that works.
Result<std::string> try_source(EventSource& source, int root_fd) {
  if (Result<void> watched = source.watch(root_fd, kRoot); !watched) {
    return tl::make_unexpected(watched.error());
  }
  const std::string cookie = std::string(kCookie) + std::to_string(::getpid());
  ::unlinkat(root_fd, cookie.c_str(), 0);  // of a process that is long gone
  Descriptor file(::openat(root_fd, cookie.c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return "not tried out, INPUT cannot be written: " + errno_text(errno);
  file.reset();
  const bool told = tells_of(source, cookie);
  ::unlinkat(root_fd, cookie.c_str(), 0);
  if (!told) return fail(ErrorCode::kUnreadable, "does not tell of a file made there");
  return std::string("tried out");
}

Result<ChosenSource> try_kind(EventSourceKind kind, int root_fd) {
  Result<std::unique_ptr<EventSource>> source = open_event_source(kind);
  if (!source) return tl::make_unexpected(source.error());
  Result<std::string> tried = try_source(**source, root_fd);
  if (!tried) return tl::make_unexpected(tried.error());
  return ChosenSource{std::move(*source), std::move(*tried), false};
}

ChosenSource polling(std::string reason, bool is_remote) {
  return {*open_event_source(EventSourceKind::kPolling), std::move(reason), is_remote};
}

}  // namespace

bool is_remote_filesystem(int fd) {
  struct statfs filesystem {};
  if (::fstatfs(fd, &filesystem) != 0) return false;
  const auto type = static_cast<unsigned long>(filesystem.f_type) & 0xffffffffUL;
  return std::find(kRemote.begin(), kRemote.end(), type) != kRemote.end();
}

Result<ChosenSource> choose_source(EventSourceKind wanted, int root_fd, bool output_beside) {
  const bool is_remote = is_remote_filesystem(root_fd);
  remove_old_cookies(root_fd);
  if (wanted == EventSourceKind::kPolling) return polling("asked for", is_remote);
  if (wanted != EventSourceKind::kAuto) {
    Result<ChosenSource> chosen = try_kind(wanted, root_fd);
    if (!chosen) {
      const auto name = std::string(kEventSourceNames[static_cast<std::size_t>(wanted)]);
      return fail(ErrorCode::kInvalid,
                  "--event-source=" + name + ": does not work here: " + chosen.error().message);
    }
    chosen->reason = "asked for, " + chosen->reason;
    chosen->is_remote = is_remote;
    return chosen;
  }
  if (is_remote) return polling("a network or user-space file system tells not everything", true);
  std::string refused;
  std::array order = {EventSourceKind::kFanotifyFilesystem, EventSourceKind::kFanotifyDirectory,
                      EventSourceKind::kInotify};
  if (output_beside) std::swap(order[0], order[1]);
  for (const EventSourceKind kind : order) {
    Result<ChosenSource> chosen = try_kind(kind, root_fd);
    if (chosen) {
      if (output_beside && kind == EventSourceKind::kFanotifyDirectory) {
        chosen->reason += ", OUTPUT is on the same file system";
      }
      chosen->reason += refused;
      return chosen;
    }
    refused += "; " + std::string(kEventSourceNames[static_cast<std::size_t>(kind)]) + ": " +
               chosen.error().message;
  }
  return polling("nothing else works here" + refused, is_remote);
}

}  // namespace engine::io
