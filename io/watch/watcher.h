// Watcher: follows a folder, and loses nothing of what happens in it.
//
//   auto watcher = Watcher::open({.root = "sql"}, client);
//   while (running) (*watcher)->run_until(std::nullopt);
//
// It reads events, and looks where they point; what they cannot tell it finds by scans: at the
// start, after the kernel's queue ran over, when asked to, and now and again. Nothing is polled,
// except what no event source works for.
// Thread contract: open(), run_until(), finish() and counts() on one thread; intake_opened(),
// rescan() and interrupt() from any. Errors: open(): as scan_tree(), and an event source or loop
// that was asked for and does not work. Source: design.md, "The rooms"; event_source.h.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/clock.h"
#include "engine/result.h"
#include "io/watch/event_loop.h"
#include "io/watch/event_source.h"
#include "io/watch/tree_names.h"
#include "io/watch/tree_scan.h"
#include "io/watch/watch_client.h"

namespace engine::io {

struct ChosenSource;
class FolderFollower;
class FolderTree;

struct WatcherOptions {
  std::string root;
  SourceNames names;
  std::optional<DirectoryId> left_out;  ///< OUTPUT
  Duration settle_time = std::chrono::seconds(2);
  Duration rescan_interval = std::chrono::seconds(300);  ///< zero: never
  bool no_existing = false;
  bool has_urgent = false;  ///< WatchClient::is_urgent() may say so of a source
  EventSourceKind event_source = EventSourceKind::kAuto;
  EventLoopKind event_loop = EventLoopKind::kAuto;
  std::vector<int> signals;  ///< blocked in every thread; run_until() tells of them
};

class Watcher {
 public:
  /// `recorded` may be null. Both outlive the watcher.
  static Result<std::unique_ptr<Watcher>> open(WatcherOptions options, WatchClient& client,
                                               EarlierRuns* recorded = nullptr);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  /// Watches until a signal comes, interrupt() is called, or the deadline has passed. The signals.
  Result<std::vector<int>> run_until(std::optional<TimePoint> deadline);

  /// Before the end: reads what the kernel has kept, however full the client is, and tells of the
  /// sources that seemed gone and may have been renamed, and of those that are ready by now. What a
  /// scan has not come to yet is left to the next start: false. To be called when signals are no
  /// longer held.
  bool finish();

  /// On the thread of run_until(): the sources that wait for their writer, or to settle; after
  /// finish() those that are left to the next start. In the order of paths.
  std::vector<UnreadySource> unready();

  /// On the thread of run_until(): that source, which was told to be there, was not found, and is
  /// told again if it is there. False: it is no source that is known.
  bool look_again(const std::string& path);

  void intake_opened();  ///< the client, which said that it was full, is so no longer
  void rescan();         ///< the whole folder is looked through
  void interrupt();      ///< run_until() returns

  WatchCounts counts() const;
  const EventSource& source() const;
  const std::string& source_reason() const;  ///< why this one
  const EventLoop& loop() const { return *loop_; }

 private:
  class RootEvents;

  Watcher(WatcherOptions options, ChosenSource source, std::unique_ptr<EventLoop> loop,
          FolderTree tree, std::optional<std::uint64_t> fine_device, WatchClient& client,
          EarlierRuns* recorded);
  void watch_place_of_root();
  void check_root();
  void miss_root();
  /// Of what is mounted over the root no event tells.
  bool has_to_poll() const;
  void begin_due_scans(TimePoint now);
  void take_requests();
  std::optional<Duration> time_to_wait(std::optional<TimePoint> deadline) const;

  const WatcherOptions options_;
  WatchClient& client_;
  SteadyClock clock_;
  const std::unique_ptr<const ChosenSource> source_;
  std::unique_ptr<EventLoop> loop_;
  const Duration poll_interval_;
  std::unique_ptr<FolderFollower> follower_;
  std::unique_ptr<RootEvents> events_;

  TimePoint next_rescan_;
  TimePoint next_poll_;
  bool root_is_missing_ = false;

  // Set before wake(), taken by run_until().
  std::atomic<bool> opened_{false};
  std::atomic<bool> rescan_wanted_{false};
  std::atomic<bool> interrupt_wanted_{false};
};

}  // namespace engine::io
