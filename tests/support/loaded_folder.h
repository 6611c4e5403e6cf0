// LoadedFolder: an input folder, an output folder, and the engine between them.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "io/file/join.h"
#include "io/file/source_folder.h"
#include "io/file/tree_writer.h"
#include "io/file/verify.h"
#include "tests/support/temp_dir.h"

namespace engine::test {

/// Keeps every report by the source's path.
class ReportKeeper final : public SourceObserver {
 public:
  void source_finished(const SourceReport& report) override {
    const std::lock_guard lock(mutex_);
    reports_[report.path] = report;
  }
  SourceReport report(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    const auto found = reports_.find(path);
    return found == reports_.end() ? SourceReport{} : found->second;
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return reports_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, SourceReport> reports_;
};

class LoadedFolder {
 public:
  explicit LoadedFolder(Options options = {}) : options_(std::move(options)) {
    std::filesystem::create_directories(input());
  }

  std::filesystem::path input() const { return dir_ / "in"; }
  std::filesystem::path output() const { return dir_ / "out"; }
  std::filesystem::path write(std::string_view name, std::string_view bytes) {
    return dir_.write("in/" + std::string(name), bytes);
  }

  /// Loads these sources and waits for them.
  void load(const std::vector<std::string>& paths) {
    auto sink = io::TreeWriter::open(output().string());
    ASSERT_TRUE(sink) << sink.error().message;
    auto files = io::SourceFolder::open(input().string(), (*sink)->temp_directory());
    ASSERT_TRUE(files) << files.error().message;
    Ports ports;
    ports.files = files->get();
    ports.sink = sink->get();
    ports.observer = &reports_;
    Engine engine(options_, ports);
    const Result<void> started = engine.start();
    ASSERT_TRUE(started) << started.error().message;
    for (const std::string& path : paths) EXPECT_TRUE(engine.submit(path, Priority::kNormal));
    engine.shutdown(true);
    stats_ = engine.stats();
  }

  /// Writes one source and loads it: its outputs, without manifest.json, by path in its tree.
  std::map<std::string, std::string> outputs_of(const std::string& name, std::string_view bytes) {
    write(name, bytes);
    load({name});
    return outputs(io::SourceFolder::default_tree_path(name));
  }

  std::map<std::string, std::string> outputs(const std::string& tree) const {
    std::map<std::string, std::string> found;
    const std::filesystem::path root = output() / tree;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      const std::string path = entry.path().lexically_relative(root).string();
      if (entry.is_regular_file() && path != "manifest.json") found[path] = read_file(entry.path());
    }
    return found;
  }

  std::string joined(const std::string& tree) const {
    std::string out;
    const auto done = io::join((output() / tree).string(), [&](std::string_view bytes) {
      out += bytes;
      return Result<void>();
    });
    EXPECT_TRUE(done) << done.error().message;
    return out;
  }

  std::vector<std::string> differences() const {
    const auto verified = io::verify(output().string(), input().string());
    if (!verified) return {verified.error().message};
    return verified->differences;
  }

  const ReportKeeper& reports() const { return reports_; }
  const Stats& stats() const { return stats_; }

 private:
  Options options_;
  TempDir dir_;
  ReportKeeper reports_;
  Stats stats_;
};

}  // namespace engine::test
