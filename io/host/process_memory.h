// process_memory: what this process has needed at most.
//
// Thread contract: peak_rss_bytes() from any thread; a PeakAnonymousMemory belongs to one thread.
// Units: bytes.
// Errors: 0 where the kernel does not say.
// Source: proc(5), /proc/self/status: VmHWM, RssAnon.
#pragma once

#include <cstdint>
#include <string>

namespace engine::io {

/// Resident memory at its highest, mapped files included. `root` stands for "/".
std::uint64_t peak_rss_bytes(const std::string& root = "/");

/// The kernel keeps no peak of anonymous memory, so whoever wants it looks from time to time.
class PeakAnonymousMemory {
 public:
  explicit PeakAnonymousMemory(std::string root = "/");

  void sample();
  std::uint64_t bytes() const { return peak_; }

 private:
  std::string root_;
  std::uint64_t peak_ = 0;
};

}  // namespace engine::io
