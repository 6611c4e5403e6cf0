// ScriptedFiles, ScriptedSink: ports whose answers a test decides, to see what an engine makes of
// them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/ports.h"

namespace engine::test {

/// Every path is there; its version is what set_version() said last.
class ScriptedFiles final : public FileSource {
 public:
  /// Called by open(), on the worker: may wait, or fail.
  using OnOpen = std::function<Result<void>(const std::string& path)>;
  explicit ScriptedFiles(OnOpen on_open = {}) : on_open_(std::move(on_open)) {}

  void set_version(const std::string& path, std::uint64_t version) {
    const std::lock_guard lock(mutex_);
    versions_[path] = version;
  }

  Result<std::unique_ptr<SourceText>> open(const std::string& path,
                                           const std::stop_token&) override {
    SourceVersion version;
    {
      const std::lock_guard lock(mutex_);
      ++opened_[path];
      order_.push_back(path);
      version.size = versions_[path];
    }
    if (on_open_) {
      if (auto opened = on_open_(path); !opened) return tl::make_unexpected(opened.error());
    }
    return std::make_unique<Text>(path, version);
  }
  Result<std::unique_ptr<Scratch>> scratch(std::size_t) override {
    return fail(ErrorCode::kInternal, "not asked for");
  }

  int opened(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    const auto found = opened_.find(path);
    return found == opened_.end() ? 0 : found->second;
  }
  std::vector<std::string> order() const {
    const std::lock_guard lock(mutex_);
    return order_;
  }

 private:
  class Text final : public SourceText {
   public:
    Text(std::string path, SourceVersion version)
        : path_(std::move(path) + ".d"), version_(version) {}
    std::string_view bytes() const override { return {text_, 10}; }
    const std::string& tree_path() const override { return path_; }
    const SourceVersion& version() const override { return version_; }
    Result<void> check_unchanged() const override { return {}; }

   private:
    const std::string path_;
    const SourceVersion version_;
    const char text_[10 + kReadablePadding] = "SELECT 1;\n";
  };

  const OnOpen on_open_;
  mutable std::mutex mutex_;
  std::map<std::string, int> opened_;
  std::map<std::string, std::uint64_t> versions_;
  std::vector<std::string> order_;
};

/// Takes every tree, unless `on_stage` fails.
class ScriptedSink final : public Sink {
 public:
  using OnStage = std::function<Result<void>(const Tree& tree)>;
  explicit ScriptedSink(OnStage on_stage = {}) : on_stage_(std::move(on_stage)) {}

  bool has_tree(const std::string&) override { return false; }
  Result<std::unique_ptr<StagedTree>> stage(const Tree& tree) override {
    if (on_stage_) {
      if (auto staged = on_stage_(tree); !staged) return tl::make_unexpected(staged.error());
    }
    return std::make_unique<Staged>();
  }

 private:
  class Staged final : public StagedTree {
   public:
    Result<Published> commit() override { return Published{.outputs_written = 1}; }
  };
  const OnStage on_stage_;
};

/// Opens once; until then whoever passes waits.
class Latch {
 public:
  void open() {
    open_.store(true, std::memory_order_release);  // pairs with pass()
    open_.notify_all();
  }
  void pass() {
    open_.wait(false, std::memory_order_acquire);  // pairs with open()
  }

 private:
  std::atomic<bool> open_{false};
};

}  // namespace engine::test
