// How many events a second are read from a full queue and told of by name, beside the reads alone.
//
// Each iteration makes files in a watched directory, untimed, and then reads until nothing is left.
// Where the kernel refuses a kind of source (fanotify wants rights), its row says so.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "io/watch/event_source.h"

namespace engine::io {
namespace {

constexpr int kFiles = 2'000;  // with several events each, less than the kernel's queue holds

class Counter : public EventSource::Reader {
 public:
  void on_notice(const Notice& notice) override { names_ += notice.name.empty() ? 0 : 1; }
  void on_overflow() override { overflowed_ = true; }

  std::int64_t names_ = 0;
  bool overflowed_ = false;
};

/// A directory that goes with it.
class Directory {
 public:
  Directory() {
    std::string path = (std::filesystem::temp_directory_path() / "engine-drain-XXXXXX").string();
    if (::mkdtemp(path.data()) != nullptr) path_ = path;
    fd_ = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  }
  ~Directory() {
    ::close(fd_);
    std::filesystem::remove_all(path_);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  int fd() const { return fd_; }
  void write_files() const {
    for (int i = 0; i < kFiles; ++i) {
      const std::string name = fmt::format("schema.table_{:05}.sql", i);
      const int file = ::openat(fd_, name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
      if (::write(file, "x", 1) != 1) std::abort();
      ::close(file);
    }
  }

 private:
  std::filesystem::path path_;
  int fd_ = -1;
};

void drain(benchmark::State& state, EventSourceKind kind, bool decode) {
  const Directory directory;
  auto source = open_event_source(kind);
  if (!source || !(*source)->watch(directory.fd(), 1)) {
    state.SkipWithError("left out: the kernel refuses");
    return;
  }
  alignas(std::max_align_t) static std::array<char, 65536> bytes;
  Counter counter;
  std::int64_t files = 0;
  for (auto iteration : state) {
    directory.write_files();
    files += kFiles;
    const auto begin = std::chrono::steady_clock::now();
    for (;;) {
      const ssize_t size = ::read((*source)->descriptor(), bytes.data(), bytes.size());
      if (size <= 0) break;
      if (decode) (*source)->decode({bytes.data(), static_cast<std::size_t>(size)}, counter);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    state.SetIterationTime(took.count());
  }
  if (counter.overflowed_ || (decode && counter.names_ < files)) {
    state.SkipWithError("files that nobody was told of");
  }
  state.SetItemsProcessed(files);
}

void kinds(EventSourceKind kind) {
  const std::string name(kEventSourceNames[static_cast<std::size_t>(kind)]);
  for (const bool decode : {false, true}) {
    benchmark::RegisterBenchmark(
        (name + (decode ? ", read and told" : ", read alone") + ", files").c_str(),
        [kind, decode](benchmark::State& state) { drain(state, kind, decode); })
        ->UseManualTime();
  }
}

[[maybe_unused]] const bool kRegistered = [] {
  kinds(EventSourceKind::kFanotifyDirectory);
  kinds(EventSourceKind::kInotify);
  return true;
}();

}  // namespace
}  // namespace engine::io
