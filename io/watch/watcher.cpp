#include "io/watch/watcher.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "io/base/directory.h"
#include "io/base/fine_stamps.h"
#include "io/base/os_error.h"
#include "io/watch/choose_source.h"
#include "io/watch/folder_follower.h"

namespace engine::io {
namespace {

// Of the directory that INPUT lies in: there its end and its return are told.
constexpr DirectoryNumber kPlaceOfRoot = ~DirectoryNumber{0};

constexpr Duration kLeastPollInterval = std::chrono::milliseconds(50);

// Before the end: more than a kernel's queue holds, where somebody goes on writing.
constexpr int kMostLastReads = 256;
constexpr int kLastWaitsInVain = 3;
constexpr Duration kLastWait = std::chrono::milliseconds(5);

/// An interval of zero never passes.
TimePoint after(TimePoint now, Duration interval) {
  return interval == Duration::zero() ? TimePoint::max() : now + interval;
}

Result<Descriptor> open_root(const std::string& path) {
  Descriptor root(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root) return root;
  if (errno == ENOENT) return fail(ErrorCode::kNotFound, path + ": no such directory");
  if (errno == ENOTDIR) return fail(ErrorCode::kInvalid, path + ": is not a directory");
  return os_error(ErrorCode::kUnreadable, path, "cannot open the directory", errno);
}

}  // namespace

// What is told of the root itself is the watcher's, the rest the follower's.
class Watcher::RootEvents final : public EventSource::Reader {
 public:
  RootEvents(FolderFollower& follower, const std::string& root, std::string root_name)
      : follower_(follower), root_(root), root_name_(std::move(root_name)) {}

  void on_notice(const Notice& notice) override {
    if (notice.directory != kPlaceOfRoot) {
      if (!is_away_) follower_.on_notice(notice);
    } else if (notice.name == root_name_) {
      suspicious_ = true;
      is_away_ = is_away_ || directory_id(root_) != follower_.root_id();
    }
  }
  void on_overflow() override {
    suspicious_ = true;
    follower_.on_overflow();
  }
  bool take_suspicion() { return std::exchange(suspicious_, false); }

  /// The directory that was the root is not at its place: what happens in it, that it is deleted,
  /// say, is none of the follower's, until a scan says otherwise.
  void set_away(bool is_away) { is_away_ = is_away; }
  bool is_away() const { return is_away_; }

 private:
  FolderFollower& follower_;
  const std::string& root_;
  const std::string root_name_;
  bool suspicious_ = false;
  bool is_away_ = false;
};

Result<std::unique_ptr<Watcher>> Watcher::open(WatcherOptions options, WatchClient& client,
                                               EarlierRuns* recorded) {
  Result<Descriptor> root = open_root(options.root);
  if (!root) return tl::make_unexpected(root.error());
  const std::optional<DirectoryId> id = directory_id(root->get());
  if (!id) return os_error(ErrorCode::kUnreadable, options.root, "cannot be examined", errno);
  const std::optional<std::uint64_t> fine_device = device_with_fine_stamps(root->get());
  const bool output_beside = options.left_out && options.left_out->device == id->device;
  Result<ChosenSource> source = choose_source(options.event_source, root->get(), output_beside);
  if (!source) return tl::make_unexpected(source.error());
  Result<std::unique_ptr<EventLoop>> loop = EventLoop::open(options.event_loop, options.signals);
  if (!loop) return tl::make_unexpected(loop.error());
  return std::unique_ptr<Watcher>(new Watcher(std::move(options), std::move(*source),
                                              std::move(*loop), FolderTree(std::move(*root), *id),
                                              fine_device, client, recorded));
}

Watcher::Watcher(WatcherOptions options, ChosenSource source, std::unique_ptr<EventLoop> loop,
                 FolderTree tree, std::optional<std::uint64_t> fine_device, WatchClient& client,
                 EarlierRuns* recorded)
    : options_(std::move(options)),
      client_(client),
      source_(std::make_unique<const ChosenSource>(std::move(source))),
      loop_(std::move(loop)),
      poll_interval_(std::max(options_.settle_time, kLeastPollInterval)),
      follower_(std::make_unique<FolderFollower>(
          FollowerOptions{options_.names, options_.left_out, options_.settle_time, poll_interval_,
                          options_.no_existing, source_->is_remote, options_.has_urgent,
                          options_.root, source_->is_remote ? std::nullopt : fine_device},
          std::move(tree), *source_->source, client, recorded, clock_)),
      next_rescan_(after(clock_.now(), options_.rescan_interval)),
      next_poll_(clock_.now() + poll_interval_) {
  watch_place_of_root();
  loop_->read_from(source_->source->descriptor());
  if (!open_root(options_.root)) miss_root();
  follower_->begin_scan(/*distrustful=*/false);
}

Watcher::~Watcher() = default;

const EventSource& Watcher::source() const { return *source_->source; }
const std::string& Watcher::source_reason() const { return source_->reason; }

// Where that cannot be watched, the end of the root is found out by the next rescan.
void Watcher::watch_place_of_root() {
  std::error_code ignored;
  namespace fs = std::filesystem;
  fs::path path = fs::absolute(options_.root, ignored).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  events_ = std::make_unique<RootEvents>(*follower_, options_.root, path.filename().string());
  if (!path.has_filename()) return;  // "/" is always there
  const Descriptor place(::open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const std::optional<DirectoryId> id = place ? directory_id(place.get()) : std::nullopt;
  // A mark of another file system would tell of everything there.
  if (!id || (source_->source->kind() == EventSourceKind::kFanotifyFilesystem &&
              id->device != follower_->root_id().device)) {
    return;
  }
  static_cast<void>(source_->source->watch(place.get(), kPlaceOfRoot));
}

void Watcher::miss_root() {
  events_->set_away(true);
  if (std::exchange(root_is_missing_, true)) return;
  client_.problem(
      fail(
          ErrorCode::kNotFound,
          options_.root + ": is gone; the trees stay, and the watch goes on when it is there again")
          .value());
}

void Watcher::check_root() {
  const std::optional<DirectoryId> id = directory_id(options_.root);
  const bool is_same = id && *id == follower_->root_id();
  if (is_same && !root_is_missing_ && !events_->is_away()) return;
  Result<Descriptor> root = open_root(options_.root);
  if (!id || !root) return miss_root();
  if (is_same) {
    root_is_missing_ = false;
    events_->set_away(false);
    client_.notice(options_.root + ": is back");
    follower_->begin_scan(/*distrustful=*/true);
    return;
  }
  root_is_missing_ = false;
  client_.notice(options_.root + ": is another directory now; everything is looked at again");
  follower_->replace_root(std::move(*root), *id);
  watch_place_of_root();
  client_.root_replaced();
  follower_->begin_scan(/*distrustful=*/true);
}

Result<std::vector<int>> Watcher::run_until(std::optional<TimePoint> deadline) {
  bool was_full = follower_->is_full();
  while (true) {
    begin_due_scans(clock_.now());
    if (std::exchange(was_full, follower_->is_full()) != was_full && was_full) {
      follower_->count_pause();
    }
    loop_->set_reading(follower_->wants_events());
    follower_->close_other_mounts();
    Result<EventLoop::Happened> happened =
        loop_->wait(time_to_wait(deadline),
                    [&](std::span<const char> bytes) { source_->source->decode(bytes, *events_); });
    if (!happened) return tl::make_unexpected(happened.error());
    if (happened->woken) take_requests();
    if (events_->take_suspicion()) check_root();
    follower_->tell_some_held();
    if (!root_is_missing_) follower_->pass_time();
    if (follower_->can_scan() && !root_is_missing_) follower_->scan_some();
    // pairs with interrupt()
    const bool is_over = interrupt_wanted_.exchange(false, std::memory_order_acquire);
    if (is_over || !happened->signals.empty() || (deadline && *deadline <= clock_.now())) {
      return std::move(happened->signals);
    }
  }
}

// A wait may end for something else than what is to be read.
bool Watcher::finish() {
  loop_->set_reading(true);
  int reads = 0;
  for (int in_vain = 0; in_vain < kLastWaitsInVain && reads < kMostLastReads; ++in_vain) {
    const auto happened = loop_->wait(kLastWait, [&](std::span<const char> bytes) {
      ++reads;
      in_vain = -1;
      source_->source->decode(bytes, *events_);
    });
    if (!happened) break;
  }
  if (events_->take_suspicion()) check_root();
  follower_->finish(!root_is_missing_);
  return reads < kMostLastReads && !follower_->has_scan_work() && !follower_->wants_scan() &&
         !root_is_missing_;
}

std::vector<UnreadySource> Watcher::unready() { return follower_->unready(); }

bool Watcher::look_again(const std::string& path) { return follower_->look_again(path); }

bool Watcher::has_to_poll() const {
  return follower_->has_polled() || root_is_missing_ || follower_->misses_all();
}

void Watcher::begin_due_scans(TimePoint now) {
  const bool is_poll = next_poll_ <= now && has_to_poll();
  if (is_poll) check_root();
  if (next_poll_ <= now) next_poll_ = now + poll_interval_;
  if (next_rescan_ <= now) {
    next_rescan_ = after(now, options_.rescan_interval);
    rescan_wanted_.store(true, std::memory_order_relaxed);
  }
  // One scan after the other: what a second one would look for again is still to come.
  if (follower_->has_scan_work() || root_is_missing_) return;
  // pairs with rescan()
  if (rescan_wanted_.exchange(false, std::memory_order_acquire) || follower_->wants_scan()) {
    check_root();  // of what is mounted over it no event tells
    if (!root_is_missing_ && !follower_->has_scan_work()) {  // or that has begun one
      follower_->begin_scan(/*distrustful=*/true);
    }
  } else if (is_poll) {
    follower_->begin_poll();
  }
}

void Watcher::take_requests() {
  // pairs with intake_opened()
  if (opened_.exchange(false, std::memory_order_acquire)) follower_->reopen();
}

std::optional<Duration> Watcher::time_to_wait(std::optional<TimePoint> deadline) const {
  if (follower_->can_tell_held()) return Duration::zero();
  if (follower_->can_scan() && !root_is_missing_) return Duration::zero();
  std::optional<TimePoint> next = std::min(next_rescan_, deadline.value_or(TimePoint::max()));
  if (has_to_poll()) next = std::min(*next, next_poll_);
  if (const auto due = follower_->next_deadline(); due && !root_is_missing_) {
    next = std::min(*next, *due);
  }
  if (*next == TimePoint::max()) return std::nullopt;
  return std::max(*next - clock_.now(), Duration::zero());
}

WatchCounts Watcher::counts() const {
  WatchCounts counts = follower_->counts();
  counts.sees_everything &= !root_is_missing_;
  return counts;
}

void Watcher::intake_opened() {
  opened_.store(true, std::memory_order_release);  // pairs with take_requests()
  loop_->wake();
}

void Watcher::rescan() {
  rescan_wanted_.store(true, std::memory_order_release);  // pairs with begin_due_scans()
  loop_->wake();
}

void Watcher::interrupt() {
  interrupt_wanted_.store(true, std::memory_order_release);  // pairs with run_until()
  loop_->wake();
}

}  // namespace engine::io
