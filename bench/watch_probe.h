// What the benchmarks of a watch share: a script to drop, an engine to watch it, and somebody who
// sees what is published.
//
// Thread contract: free functions from any thread; an Appearances and a WorkDirectory belong to
// one. Units: milliseconds on the monotonic clock. Errors: std::runtime_error for a file that
// cannot be written, a directory that cannot be made.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace engine::bench {

using Time = std::chrono::steady_clock::time_point;

/// Tells when a name appears in a directory.
class Appearances {
 public:
  Appearances(const std::string& directory, std::uint32_t mask);
  ~Appearances();
  Appearances(const Appearances&) = delete;
  Appearances& operator=(const Appearances&) = delete;

  /// When it was told of; nothing when that takes too long.
  std::optional<Time> wait_for(const std::string& name) const;

 private:
  const int instance_;
};

/// The directory in which a bench works: it must not be there before, and is gone afterwards.
class WorkDirectory {
 public:
  explicit WorkDirectory(std::filesystem::path path);
  ~WorkDirectory();
  WorkDirectory(const WorkDirectory&) = delete;
  WorkDirectory& operator=(const WorkDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  const std::filesystem::path path_;
};

/// 50 KB: 20 procedures.
std::string script();

/// Writes the file; the moment of its close().
Time drop(const std::string& path, const std::string& text);

double milliseconds(Time from, Time to);

/// Sorts them. A JSON object: p10 (where others keep the machine busy, what they left alone), p50,
/// p99, longest.
std::string figures(std::vector<double>& times);

/// A watch with --realtime and `more`; its statistics go to `statistics`, or nowhere.
pid_t start_engine(const std::string& program, const std::vector<std::string>& more,
                   const std::string& in, const std::string& out,
                   const std::string& statistics = "/dev/null");

/// Ends it in order. False when it did not end well.
bool end_engine(pid_t engine);

}  // namespace engine::bench
