#include "io/host/process_memory.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "io/host/small_file.h"

namespace engine::io {
namespace {

std::uint64_t status_bytes(const std::string& root, std::string_view key) {
  const std::string status = read_small_file(root + "/proc/self/status").value_or("");
  return number_of(status, key).value_or(0) * 1024;  // "kB" there means KiB
}

}  // namespace

std::uint64_t peak_rss_bytes(const std::string& root) { return status_bytes(root, "VmHWM:"); }

PeakAnonymousMemory::PeakAnonymousMemory(std::string root) : root_(std::move(root)) {}

void PeakAnonymousMemory::sample() { peak_ = std::max(peak_, status_bytes(root_, "RssAnon:")); }

}  // namespace engine::io
