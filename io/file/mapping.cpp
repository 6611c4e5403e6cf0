#include "io/file/mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "engine/file_source.h"

namespace engine::io {
namespace {

// Files up to here are read in at once: one call instead of a fault for every 64 KiB. Larger ones
// fault as they are scanned, so that a 50 GB file is neither waited for nor kept.
constexpr std::size_t kPopulateLimit = std::size_t{1} << 20;

std::size_t round_up(std::size_t size, std::size_t page) { return (size + page - 1) / page * page; }

}  // namespace

std::optional<Mapping> Mapping::map(int fd, std::size_t size, MapAccess access) {
  static const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t file_pages = round_up(size, page);
  // What lies between the end of the file and the end of its last page reads as zeros: usually that
  // is padding enough, and one call maps the file. Else a page more is reserved first, and the file
  // mapped over the front of it.
  const bool slack_suffices = file_pages - size >= kReadablePadding;
  const std::size_t reserved = slack_suffices ? file_pages : file_pages + page;
  const bool shared = access == MapAccess::kShared;
  const int protection = shared ? PROT_READ | PROT_WRITE : PROT_READ;
  const int flags =
      (shared ? MAP_SHARED : MAP_PRIVATE) | (size <= kPopulateLimit ? MAP_POPULATE : 0);

  void* address = MAP_FAILED;
  if (slack_suffices) {
    address = ::mmap(nullptr, file_pages, protection, flags, fd, 0);
  } else {
    address = ::mmap(nullptr, reserved, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (address != MAP_FAILED && file_pages > 0 &&
        ::mmap(address, file_pages, protection, flags | MAP_FIXED, fd, 0) == MAP_FAILED) {
      const int error = errno;
      ::munmap(address, reserved);
      errno = error;
      return std::nullopt;
    }
  }
  if (address == MAP_FAILED) return std::nullopt;

  Mapping mapping(static_cast<char*>(address), size, reserved);
  if (!shared && file_pages > 0) {
    std::optional<SigbusGuard> guard = SigbusGuard::guard(address, file_pages);
    if (!guard) {
      errno = EMFILE;
      return std::nullopt;
    }
    mapping.guard_.emplace(std::move(*guard));
    if (size > kPopulateLimit) ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  return mapping;
}

Mapping::Mapping(Mapping&& other) noexcept
    : address_(std::exchange(other.address_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      reserved_(std::exchange(other.reserved_, 0)),
      guard_(std::move(other.guard_)) {}

Mapping::~Mapping() {
  guard_.reset();  // before the addresses can be somebody else's
  if (address_ != nullptr) ::munmap(address_, reserved_);
}

}  // namespace engine::io
