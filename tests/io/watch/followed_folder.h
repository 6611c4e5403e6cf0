// FollowedFolder: a folder, a watcher on a thread of its own, and what it told.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "io/watch/watcher.h"
#include "tests/support/temp_dir.h"

namespace engine::test {

/// Remembers what it is told. A changed source is read at once, as a fast engine would.
class ToldClient final : public io::WatchClient {
 public:
  /// A source that counts nowhere: what happened before it did is told before it is.
  static constexpr const char* kLast = "last of all.sql";

  explicit ToldClient(std::filesystem::path root) : root_(std::move(root)) {}

  Intake source_changed(const io::ChangedSource& source) override {
    const std::string& path = source.path;
    std::error_code error;
    std::string text = "(gone)";
    if (std::filesystem::is_regular_file(root_ / path, error)) {
      std::ifstream stream(root_ / path, std::ios::binary);
      if (stream) text.assign(std::istreambuf_iterator<char>(stream), {});
    }
    const std::lock_guard lock(mutex_);
    texts_[path].push_back(std::move(text));
    told_.notify_all();
    return full_ ? Intake::kFull : Intake::kOpen;
  }
  bool is_urgent(const std::string& path) const override { return path == "urgent.sql"; }
  bool is_awaited(const std::string& path) const override { return path == "awaited.sql"; }
  void source_renamed(const std::string& from, const std::string& to) override {
    const std::lock_guard lock(mutex_);
    renames_.emplace_back(from, to);
    told_.notify_all();
  }
  void tree_placed(const std::string& source, const std::string& tree_path) override {
    const std::lock_guard lock(mutex_);
    places_[source].push_back(tree_path);
    told_.notify_all();
  }
  void scan_ended(bool) override {
    const std::lock_guard lock(mutex_);
    ++scans_;
    told_.notify_all();
  }
  void root_replaced() override {}
  void problem(const Error& error) override { notice(error.message); }
  void notice(const std::string& text) override {
    const std::lock_guard lock(mutex_);
    lines_.push_back(text);
    told_.notify_all();
  }

  /// True as soon as it holds; false when it does not for long.
  bool wait(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    return told_.wait_for(lock, std::chrono::seconds(20), condition);
  }
  void set_full(bool full) {
    const std::lock_guard lock(mutex_);
    full_ = full;
  }

  std::vector<std::string> texts(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    const auto found = texts_.find(path);
    return found == texts_.end() ? std::vector<std::string>{} : found->second;
  }
  std::string last(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    const auto found = texts_.find(path);
    return found == texts_.end() ? "(never)" : found->second.back();
  }
  std::string place(const std::string& source) const {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(source);
    return found == places_.end() ? "(none)" : found->second.back();
  }
  std::vector<std::string> places(const std::string& source) const {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(source);
    return found == places_.end() ? std::vector<std::string>{} : found->second;
  }
  bool was_renamed(const std::string& from, const std::string& to) const {
    const std::lock_guard lock(mutex_);
    return std::find(renames_.begin(), renames_.end(), std::pair(from, to)) != renames_.end();
  }
  std::size_t sources() const {
    const std::lock_guard lock(mutex_);
    return texts_.size() - texts_.count(kLast);
  }
  std::uint64_t changes() const {
    const std::lock_guard lock(mutex_);
    std::uint64_t all = 0;
    for (const auto& [path, texts] : texts_) all += path == kLast ? 0 : texts.size();
    return all;
  }
  std::uint64_t scans() const {
    const std::lock_guard lock(mutex_);
    return scans_;
  }
  bool said(const std::string& part) const {
    const std::lock_guard lock(mutex_);
    return std::any_of(lines_.begin(), lines_.end(), [&](const std::string& line) {
      return line.find(part) != std::string::npos;
    });
  }

 private:
  const std::filesystem::path root_;
  mutable std::recursive_mutex mutex_;  // wait() holds it round its condition
  std::condition_variable_any told_;
  std::map<std::string, std::vector<std::string>> texts_;
  std::map<std::string, std::vector<std::string>> places_;
  std::vector<std::pair<std::string, std::string>> renames_;
  std::vector<std::string> lines_;
  std::uint64_t scans_ = 0;
  bool full_ = false;
};

class FollowedFolder {
 public:
  explicit FollowedFolder(std::filesystem::path root) : root_(std::move(root)), client_(root_) {}
  ~FollowedFolder() { stop(); }

  /// False where the machine has not what the options ask for.
  bool start(io::WatcherOptions options) {
    options.root = root_.string();
    std::promise<Result<void>> opened;
    thread_ = std::thread([this, options = std::move(options), &opened] {
      auto watcher = io::Watcher::open(options, client_);
      if (!watcher) {
        opened.set_value(tl::make_unexpected(watcher.error()));
        return;
      }
      watcher_ = std::move(*watcher);
      opened.set_value({});
      while (!stopped_) {
        const auto run = watcher_->run_until(std::nullopt);
        EXPECT_TRUE(run) << run.error().message;
        if (!run) return;
        const std::lock_guard lock(mutex_);
        for (const auto& call : std::exchange(calls_, {})) call(*watcher_);
      }
      counts_ = watcher_->counts();
    });
    const Result<void> result = opened.get_future().get();
    if (!result) error_ = result.error().message;
    return result.has_value();
  }
  /// And everything that was there has been seen.
  bool start_and_scan(io::WatcherOptions options) {
    return start(std::move(options)) && client_.wait([&] { return client_.scans() >= 1; });
  }
  void stop() {
    if (!thread_.joinable()) return;
    stopped_ = true;
    if (error_.empty()) watcher_->interrupt();
    thread_.join();
    watcher_.reset();
  }

  /// Soon, on the watcher's thread.
  void call(std::function<void(io::Watcher&)> call) {
    {
      const std::lock_guard lock(mutex_);
      calls_.push_back(std::move(call));
    }
    watcher_->interrupt();
  }

  ToldClient& client() { return client_; }
  io::Watcher& watcher() { return *watcher_; }
  const io::WatchCounts& counts() const { return counts_; }  ///< after stop()
  const std::string& error() const { return error_; }

 private:
  const std::filesystem::path root_;
  ToldClient client_;
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::vector<std::function<void(io::Watcher&)>> calls_;  // guarded by mutex_
  std::unique_ptr<io::Watcher> watcher_;  // the thread's, between start() and stop()
  io::WatchCounts counts_;
  std::string error_;
  std::thread thread_;
};

}  // namespace engine::test
