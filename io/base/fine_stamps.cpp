#include "io/base/fine_stamps.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/base/descriptor.h"
#include "io/base/file_version.h"

namespace engine::io {
namespace {

// A microsecond each: so many ticks in a row cannot fall between them.
constexpr int kWrites = 16;

}  // namespace

std::optional<std::uint64_t> device_with_fine_stamps(int directory) {
  const Descriptor file(::openat(directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!file) return std::nullopt;
  SourceVersion last;
  for (int i = 0; i < kWrites; ++i) {
    struct stat status {};
    if (::pwrite(file.get(), "x", 1, 0) != 1) return std::nullopt;
    if (::fstat(file.get(), &status) != 0) return std::nullopt;
    const SourceVersion version = version_of(status);
    if (version == last) return std::nullopt;
    last = version;
  }
  return last.device;
}

}  // namespace engine::io
