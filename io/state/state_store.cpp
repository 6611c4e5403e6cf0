#include "io/state/state_store.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

namespace engine::io {
namespace {

constexpr std::chrono::milliseconds kGroupTime{10};
constexpr std::size_t kGroupSize = 1000;
// Whoever records waits while so many changes do.
constexpr std::size_t kMostWaiting = 8 * kGroupSize;
// So many are kept for a store that cannot be written; what comes on top is not recorded.
constexpr std::size_t kMostUnrecorded = 100'000;
constexpr std::chrono::seconds kRequestInterval{1};
constexpr std::chrono::milliseconds kFirstSyncPause{50};
constexpr std::chrono::milliseconds kLongestSyncPause{10'000};
constexpr int kLastTries = 3;
constexpr std::chrono::milliseconds kLastPause{100};

}  // namespace

Result<std::unique_ptr<StateStore>> StateStore::open(std::string path, Durability durability,
                                                     Hooks hooks) {
  Result<std::unique_ptr<StateDatabase>> database =
      StateDatabase::open(std::move(path), durability);
  if (!database) return tl::make_unexpected(std::move(database.error()));
  std::unique_ptr<StateStore> store(
      new StateStore(std::move(*database), durability, std::move(hooks)));
  store->tell_begun_anew();
  return store;
}

StateStore::~StateStore() { close(); }

Result<void> StateStore::each_outcome(const std::function<void(const SourceRecord&)>& call) {
  const int code = database_->sources().each_outcome(call);
  if (code == SQLITE_OK) return {};
  if (!is_damage(code)) {
    return tl::make_unexpected(state_store_error(database_->path(), "cannot read the state store",
                                                 code, database_->message()));
  }
  Result<void> anew = database_->begin_anew();
  tell_begun_anew();
  return anew;
}

Result<std::int64_t> StateStore::options_id(const std::string& text) {
  std::int64_t id = 0;
  int code = database_->options_id(text, id);
  if (is_damage(code)) {
    if (Result<void> anew = database_->begin_anew(); !anew) {
      return tl::make_unexpected(anew.error());
    }
    tell_begun_anew();
    code = database_->options_id(text, id);
  }
  if (code == SQLITE_OK) return id;
  return tl::make_unexpected(state_store_error(database_->path(), "cannot write the state store",
                                               code, database_->message()));
}

Result<void> StateStore::start() {
  was_damaged_ = false;
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& error) {
    return fail(ErrorCode::kInternal, std::string("cannot start a thread: ") + error.what());
  }
  return {};
}

void StateStore::record(SourceChange change) {
  // That a source waits or is begun with can wait itself, where the thread looks about soon anyway:
  // to wake it up would be a part of what each source takes until it is published.
  const bool is_beginning =
      change.kind == SourceChange::Kind::kQueued || change.kind == SourceChange::Kind::kStarted;
  std::unique_lock lock(mutex_);
  room_.wait(lock, [this] { return waiting_.size() < kMostWaiting; });
  waiting_.push_back(std::move(change));
  // The thread is woken for a group's first such change and for one that fills it.
  const bool is_first = !(is_beginning && hooks_.requested) && !std::exchange(is_wanted_, true);
  const bool wakes = is_first || waiting_.size() == kGroupSize;
  lock.unlock();
  if (wakes) wake_.notify_one();
}

void StateStore::end_requests() {
  std::unique_lock lock(mutex_);
  if (!thread_.joinable() || !hooks_.requested || requests_ == Requests::kOver) return;
  requests_ = Requests::kLastLook;
  wake_.notify_one();
  last_look_.wait(lock, [this] { return requests_ == Requests::kOver; });
}

std::uint64_t StateStore::close() {
  if (thread_.joinable()) {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }
  return lost_;
}

void StateStore::run() {
  while (take_group()) {
    if (!group_.empty()) {
      record_group();
      quiet_looks_ = 0;
    } else if (++quiet_looks_; std::has_single_bit(quiet_looks_)) {
      write_group();  // nothing came, but something may be left; after pauses that double
    }
    if (hooks_.requested) look_for_requests();
  }
  for (int attempt = 0; !unrecorded_.empty() && attempt < kLastTries; ++attempt) {
    std::this_thread::sleep_for(kLastPause);
    write_group();
  }
  lost_ += unrecorded_.size();
}

// False when there will be no more. A group may be empty: then it is time to look around.
bool StateStore::take_group() {
  group_.clear();
  std::unique_lock lock(mutex_);
  const auto is_full = [this] { return waiting_.size() >= kGroupSize || closing_; };
  const auto something = [&] {
    return is_wanted_ || is_full() || requests_ == Requests::kLastLook;
  };
  if (!hooks_.requested) {
    wake_.wait(lock, something);
  } else if (!wake_.wait_for(lock, kRequestInterval, something) && waiting_.empty()) {
    return true;
  }
  if (waiting_.empty()) return !closing_;
  wake_.wait_for(lock, kGroupTime, is_full);
  group_.swap(waiting_);
  is_wanted_ = false;
  lock.unlock();
  room_.notify_all();
  return true;
}

void StateStore::record_group() {
  drop_overtaken();
  const std::optional<Error> not_durable = sync_group();
  if (!unproven_.empty()) drop_unproven();
  std::vector<std::function<void(const std::optional<Error>&)>> recorded;
  for (SourceChange& change : group_) {
    if (change.recorded) recorded.push_back(std::exchange(change.recorded, {}));
  }
  write_group();
  for (const auto& call : recorded) call(not_durable);
  if (not_durable) pause_after_failed_sync();
}

// Most sources begin and end within one group: then only the end is written.
void StateStore::drop_overtaken() {
  std::unordered_map<std::string_view, SourceChange*> begun;
  for (SourceChange& change : group_) {
    if (change.kind == SourceChange::Kind::kStarted) {
      begun[change.record.path] = &change;
    } else if (change.kind == SourceChange::Kind::kFinished) {
      const auto found = begun.find(change.record.path);
      if (found != begun.end()) found->second->kind = SourceChange::Kind::kDropped;
    }
  }
}

// Nothing is recorded as done before it is durable. After a failure nobody knows what the disk has;
// syncing again would succeed and prove nothing. So these sources are written anew, every byte of
// them, by a worker soon or by the next attempt that somebody asks for.
std::optional<Error> StateStore::sync_group() {
  const auto is_done = [](const SourceChange& change) {
    return change.kind == SourceChange::Kind::kFinished && change.is_written &&
           change.record.state == SourceState::kDone;
  };
  if (!hooks_.sync || std::none_of(group_.begin(), group_.end(), is_done)) return std::nullopt;
  const Result<void> synced = hooks_.sync();
  if (synced) {
    failed_syncs_ = 0;
    for (const SourceChange& change : group_) {
      if (is_done(change)) unproven_.erase(change.record.path);
    }
    return std::nullopt;
  }
  for (SourceChange& change : group_) {
    if (!is_done(change)) continue;
    unproven_.insert(change.record.path);
    change.record.error = change.record.path + ": " + synced.error().message;
    if (change.not_durable && change.not_durable(synced.error())) {
      change.kind = SourceChange::Kind::kWaits;
      change.recorded = {};
    } else {
      change.record.state = SourceState::kFailed;
    }
  }
  return synced.error();
}

// A worker may have found a source unchanged before the sync of what it is unchanged from failed.
void StateStore::drop_unproven() {
  for (SourceChange& change : group_) {
    const bool is_claim = change.kind == SourceChange::Kind::kUnchanged;
    if (is_claim && unproven_.contains(change.record.path)) {
      change.kind = SourceChange::Kind::kDropped;
    }
  }
}

// What is written anew meanwhile shares the next sync.
void StateStore::pause_after_failed_sync() {
  std::chrono::milliseconds pause = kFirstSyncPause;
  for (unsigned doubled = 0; doubled < failed_syncs_ && pause < kLongestSyncPause; ++doubled) {
    pause *= 2;
  }
  ++failed_syncs_;
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, std::min(pause, kLongestSyncPause),
                 [this] { return closing_ || requests_ == Requests::kLastLook; });
}

// True when all there is has been recorded.
bool StateStore::write_group() {
  std::move(group_.begin(), group_.end(), std::back_inserter(unrecorded_));
  group_.clear();
  if (unrecorded_.empty()) return true;
  int code = database_->apply(unrecorded_);
  if (is_damage(code) && begin_anew_after_damage(code)) code = database_->apply(unrecorded_);
  if (code != SQLITE_OK) {
    tell_trouble(code);
    if (unrecorded_.size() > kMostUnrecorded) {
      lost_ += unrecorded_.size();
      unrecorded_.clear();
    }
    return false;
  }
  if (std::exchange(in_trouble_, false)) {
    hooks_.tell(database_->path() + ": the state store can be written again");
  }
  unrecorded_.clear();
  return true;
}

bool StateStore::begin_anew_after_damage(int code) {
  const Result<void> anew = database_->begin_anew();
  if (anew) {
    tell_begun_anew();
  } else {
    tell_trouble(code);
  }
  return anew.has_value();
}

void StateStore::tell_begun_anew() {
  const std::optional<std::string> why = database_->take_begun_anew();
  if (!why) return;
  was_damaged_ = true;
  hooks_.tell(database_->path() + ": the state store " + *why +
              "; begun anew from the folder and the manifests");
}

void StateStore::tell_trouble(int code) {
  if (std::exchange(in_trouble_, true)) return;
  hooks_.tell(state_store_error(database_->path(),
                                "cannot write the state store, sources go on unrecorded", code,
                                database_->message())
                  .message);
}

void StateStore::look_for_requests() {
  bool is_last = false;
  {
    const std::lock_guard lock(mutex_);
    if (requests_ == Requests::kOver) return;
    is_last = requests_ == Requests::kLastLook;
  }
  if (database_->changed_by_another()) database_->take_requested(hooks_.requested);
  if (!is_last) return;
  {
    const std::lock_guard lock(mutex_);
    requests_ = Requests::kOver;
  }
  last_look_.notify_all();
}

}  // namespace engine::io
