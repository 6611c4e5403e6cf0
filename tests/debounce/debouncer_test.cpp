#include "engine/debounce/debouncer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

namespace engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

TimePoint at(std::int64_t ms) { return TimePoint{} + std::chrono::hours(1) + milliseconds(ms); }

std::vector<std::string> paths(const std::vector<FileEvent>& events) {
  std::vector<std::string> result;
  for (const FileEvent& event : events) result.push_back(event.path);
  return result;
}

std::vector<std::string> take(Debouncer& debouncer, std::int64_t ms) {
  std::vector<FileEvent> out;
  const std::size_t taken = debouncer.take_due(at(ms), &out);
  EXPECT_EQ(taken, out.size());
  return paths(out);
}

DebouncerOptions second_window() {
  return {.window = seconds(1), .batch_size_threshold = 50, .max_delay = seconds(10)};
}

TEST(Debouncer, PathComesOutWhenQuietForTheWindow) {
  Debouncer debouncer(second_window());
  debouncer.observe({"a.sql"}, at(0));
  EXPECT_EQ(debouncer.next_deadline(), at(1000));
  EXPECT_THAT(take(debouncer, 999), IsEmpty());
  EXPECT_THAT(take(debouncer, 1000), ElementsAre("a.sql"));
  EXPECT_THAT(take(debouncer, 5000), IsEmpty());
  EXPECT_EQ(debouncer.next_deadline(), std::nullopt);
}

TEST(Debouncer, EachEventStartsTheWindowOfItsPathAgain) {
  Debouncer debouncer(second_window());
  debouncer.observe({"a.sql"}, at(0));
  debouncer.observe({"b.sql"}, at(0));
  debouncer.observe({"a.sql"}, at(900));
  EXPECT_THAT(take(debouncer, 1000), ElementsAre("b.sql"));
  EXPECT_EQ(debouncer.next_deadline(), at(1900));
  EXPECT_THAT(take(debouncer, 1900), ElementsAre("a.sql"));
}

TEST(Debouncer, AMissingTreeLeavesAWindowAsItIs) {
  Debouncer debouncer(second_window());
  debouncer.observe({"a.sql"}, at(0));
  FileEvent missed{"a.sql"};
  missed.settled = missed.tree_missing = true;
  debouncer.observe(missed, at(500));
  EXPECT_EQ(debouncer.next_deadline(), at(1000));
  EXPECT_THAT(take(debouncer, 999), IsEmpty());
  std::vector<FileEvent> out;
  ASSERT_EQ(debouncer.take_due(at(1000), &out), 1u);
  EXPECT_TRUE(out.front().tree_missing);
  debouncer.observe(missed, at(2000));
  EXPECT_THAT(take(debouncer, 2000), ElementsAre("a.sql")) << "nothing else waits for it";
}

TEST(Debouncer, PathThatNeverFallsQuietComesOutAfterMaxDelay) {
  Debouncer debouncer(second_window());
  std::int64_t ms = 0;
  for (; ms < 10'000; ms += 500) {
    debouncer.observe({"busy.sql"}, at(ms));
    EXPECT_THAT(take(debouncer, ms), IsEmpty());
  }
  EXPECT_EQ(debouncer.next_deadline(), at(10'000));
  EXPECT_THAT(take(debouncer, 10'000), ElementsAre("busy.sql"));
}

// The predecessor let a batch below its threshold wait for ever.
TEST(Debouncer, SevenFilesBelowAThresholdOfFiftyComeOutAfterTheWindow) {
  Debouncer debouncer(second_window());
  for (int i = 0; i < 7; ++i) debouncer.observe({std::to_string(i) + ".sql"}, at(i));
  EXPECT_EQ(debouncer.next_deadline(), at(1000));
  EXPECT_THAT(take(debouncer, 1006),
              ElementsAre("0.sql", "1.sql", "2.sql", "3.sql", "4.sql", "5.sql", "6.sql"));
}

TEST(Debouncer, ReachingTheThresholdMakesAllDue) {
  DebouncerOptions options = second_window();
  options.batch_size_threshold = 3;
  Debouncer debouncer(options);
  debouncer.observe({"a"}, at(0));
  debouncer.observe({"b"}, at(1));
  debouncer.observe({"b"}, at(2));
  EXPECT_THAT(take(debouncer, 2), IsEmpty());
  debouncer.observe({"c"}, at(3));
  EXPECT_LE(debouncer.next_deadline(), at(3));
  EXPECT_THAT(take(debouncer, 3), ElementsAre("a", "b", "c"));
}

TEST(Debouncer, FlushMakesAllThatWaitsDueAndNothingAfterwards) {
  Debouncer debouncer(second_window());
  debouncer.flush_now();  // nothing waits: no effect on what comes later
  debouncer.observe({"a"}, at(0));
  EXPECT_THAT(take(debouncer, 0), IsEmpty());
  debouncer.flush_now();
  EXPECT_LE(debouncer.next_deadline(), at(0));
  EXPECT_THAT(take(debouncer, 0), ElementsAre("a"));
  debouncer.observe({"b"}, at(1));
  EXPECT_THAT(take(debouncer, 1), IsEmpty());
}

TEST(Debouncer, WithBatchingOffAPathIsDueAtOnce) {
  DebouncerOptions options = second_window();
  options.enabled = false;
  Debouncer debouncer(options);
  debouncer.observe({"a"}, at(5));
  EXPECT_LE(debouncer.next_deadline(), at(5));
  EXPECT_THAT(take(debouncer, 5), ElementsAre("a"));
  EXPECT_FALSE(debouncer.stats().batching_enabled);
}

TEST(Debouncer, MergedEventsKeepThatOneWasSubmitted) {
  for (const bool is_first : {true, false}) {
    Debouncer debouncer(second_window());
    FileEvent submitted{"a.sql"};
    submitted.submitted = true;
    debouncer.observe(is_first ? submitted : FileEvent{"a.sql"}, at(0));
    debouncer.observe(is_first ? FileEvent{"a.sql"} : submitted, at(1));
    std::vector<FileEvent> out;
    ASSERT_EQ(debouncer.take_due(at(5000), &out), 1u);
    EXPECT_TRUE(out.front().submitted) << is_first;
  }
}

TEST(Debouncer, MergedEventsKeepTheHighestPriority) {
  Debouncer debouncer(second_window());
  debouncer.observe({"a", Priority::kNormal}, at(0));
  debouncer.observe({"a", Priority::kCritical}, at(1));
  debouncer.observe({"a", Priority::kBatch}, at(2));
  std::vector<FileEvent> out;
  debouncer.take_due(at(2000), &out);
  ASSERT_EQ(out.size(), 1u);
  EXPECT_EQ(out[0].priority, Priority::kCritical);
}

TEST(Debouncer, OrderIsThatOfFirstEventsWhateverMadeThemDue) {
  Debouncer debouncer(second_window());
  debouncer.observe({"delayed"}, at(0));
  debouncer.observe({"quiet"}, at(8'000));
  for (int ms = 500; ms < 10'000; ms += 500) debouncer.observe({"delayed"}, at(ms));
  EXPECT_THAT(take(debouncer, 10'000), ElementsAre("delayed", "quiet"));
}

TEST(Debouncer, ForgottenPathDoesNotComeOut) {
  Debouncer debouncer(second_window());
  debouncer.observe({"a"}, at(0));
  debouncer.observe({"b"}, at(0));
  EXPECT_TRUE(debouncer.forget("a"));
  EXPECT_FALSE(debouncer.forget("a"));
  EXPECT_THAT(take(debouncer, 1000), ElementsAre("b"));
  debouncer.observe({"a"}, at(1001));
  EXPECT_THAT(take(debouncer, 2001), ElementsAre("a"));
}

TEST(Debouncer, TakeAppendsAndLeavesWhatIsThere) {
  Debouncer debouncer(second_window());
  std::vector<FileEvent> out{{"before"}};
  debouncer.observe({"a"}, at(0));
  EXPECT_EQ(debouncer.take_due(at(1000), &out), 1u);
  EXPECT_THAT(paths(out), ElementsAre("before", "a"));
}

TEST(Debouncer, TimeThatGoesBackStandsStill) {
  Debouncer debouncer(second_window());
  debouncer.observe({"a"}, at(1000));
  debouncer.observe({"b"}, at(500));  // read the clock before, came in after
  EXPECT_EQ(debouncer.next_deadline(), at(2000));
  EXPECT_THAT(take(debouncer, 1500), IsEmpty());
  EXPECT_THAT(take(debouncer, 2000), ElementsAre("a", "b"));
}

TEST(Debouncer, NeverIsNotLongAgo) {
  DebouncerOptions options{.window = Duration::max(), .max_delay = Duration::max()};
  Debouncer debouncer(options);
  debouncer.observe({"a"}, at(0));
  EXPECT_EQ(debouncer.next_deadline(), TimePoint::max());
  EXPECT_THAT(take(debouncer, 1'000'000), IsEmpty());
}

TEST(Debouncer, CountsByTheNamesOfThePredecessor) {
  Debouncer debouncer(second_window());
  for (int i = 0; i < 3; ++i) debouncer.observe({"a"}, at(0));
  debouncer.observe({"b"}, at(0));
  BatchStats stats = debouncer.stats();
  EXPECT_EQ(stats.events_received, 4u);
  EXPECT_EQ(stats.events_deduplicated, 2u);
  EXPECT_EQ(stats.pending_files, 2u);
  EXPECT_EQ(stats.batches_processed, 0u);
  EXPECT_DOUBLE_EQ(stats.deduplication_rate_percent, 50);
  EXPECT_DOUBLE_EQ(stats.hit_rate_percent, 50);
  EXPECT_DOUBLE_EQ(stats.debounce_window_seconds, 1);
  EXPECT_EQ(stats.batch_size_threshold, 50u);
  EXPECT_TRUE(stats.batching_enabled);

  take(debouncer, 500);  // nothing due: no batch
  take(debouncer, 1000);
  stats = debouncer.stats();
  EXPECT_EQ(stats.pending_files, 0u);
  EXPECT_EQ(stats.batches_processed, 1u);
}

// The rules of the header once more, in the dullest form: one list, looked through each time.
class NaiveDebouncer {
 public:
  explicit NaiveDebouncer(const DebouncerOptions& options) : options_(options) {}

  void observe(const FileEvent& event, TimePoint now) {
    for (Entry& entry : entries_) {
      if (entry.event.path != event.path) continue;
      if (event.priority < entry.event.priority) entry.event.priority = event.priority;
      entry.last = now;
      return;
    }
    entries_.push_back({event, now, now});
  }

  std::vector<FileEvent> take_due(TimePoint now) {
    std::vector<FileEvent> due;
    std::vector<Entry> rest;
    const bool all = all_due();
    for (const Entry& entry : entries_) {
      if (all || deadline(entry) <= now) {
        due.push_back(entry.event);
      } else {
        rest.push_back(entry);
      }
    }
    entries_ = rest;
    flush_ = false;
    return due;
  }

  std::optional<TimePoint> next_deadline(TimePoint now) const {
    std::optional<TimePoint> next;
    for (const Entry& entry : entries_) {
      if (!next || deadline(entry) < *next) next = deadline(entry);
    }
    return next && all_due() ? now : next;
  }

  void flush_now() { flush_ = !entries_.empty(); }
  bool forget(const std::string& path) {
    const bool found =
        std::erase_if(entries_, [&](const Entry& e) { return e.event.path == path; }) != 0;
    if (entries_.empty()) flush_ = false;
    return found;
  }
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    FileEvent event;
    TimePoint first;
    TimePoint last;
  };
  TimePoint deadline(const Entry& entry) const {
    return std::min(entry.last + options_.window, entry.first + options_.max_delay);
  }
  bool all_due() const {
    return flush_ || !options_.enabled || entries_.size() >= options_.batch_size_threshold;
  }

  DebouncerOptions options_;
  std::vector<Entry> entries_;
  bool flush_ = false;
};

class DebouncerModel : public testing::TestWithParam<unsigned> {};

TEST_P(DebouncerModel, DoesWhatTheNaiveOneDoes) {
  std::mt19937 random(GetParam());
  const auto roll = [&](int sides) {
    return std::uniform_int_distribution<>(0, sides - 1)(random);
  };
  const DebouncerOptions options{.window = milliseconds(roll(200)),
                                 .batch_size_threshold = static_cast<std::size_t>(5 + roll(40)),
                                 .max_delay = milliseconds(roll(1000)),
                                 .enabled = roll(10) != 0};
  Debouncer debouncer(options);
  NaiveDebouncer naive(options);
  const int path_count = 1 + roll(60);

  std::int64_t ms = 0;
  for (int step = 0; step < 3000; ++step) {
    ms += roll(3) == 0 ? roll(60) : 0;
    const std::string path = "p" + std::to_string(roll(path_count)) + ".sql";
    const int action = roll(100);
    if (action < 75) {
      const FileEvent event{path, static_cast<Priority>(1 + roll(3))};
      debouncer.observe(event, at(ms));
      naive.observe(event, at(ms));
    } else if (action < 95) {
      std::vector<FileEvent> due;
      debouncer.take_due(at(ms), &due);
      const std::vector<FileEvent> expected = naive.take_due(at(ms));
      ASSERT_EQ(paths(due), paths(expected)) << "step " << step;
      for (std::size_t i = 0; i < due.size(); ++i) {
        ASSERT_EQ(due[i].priority, expected[i].priority) << "step " << step;
      }
    } else if (action < 98) {
      ASSERT_EQ(debouncer.forget(path), naive.forget(path)) << "step " << step;
    } else {
      debouncer.flush_now();
      naive.flush_now();
    }
    ASSERT_EQ(debouncer.stats().pending_files, naive.size()) << "step " << step;
    const auto next = debouncer.next_deadline();
    const auto expected = naive.next_deadline(at(ms));
    ASSERT_EQ(next.has_value(), expected.has_value()) << "step " << step;
    if (next) {  // a moment that has passed says "now", whichever it is
      ASSERT_EQ(std::max(*next, at(ms)), std::max(*expected, at(ms))) << "step " << step;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, DebouncerModel, testing::Range(0u, 40u));

FileEvent settled(const std::string& path) {
  FileEvent event{path};
  event.settled = true;
  return event;
}

TEST(Debouncer, ASettledPathIsDueAtOnceAndTheOthersWait) {
  Debouncer debouncer({std::chrono::milliseconds(100), 50, std::chrono::seconds(1)});
  debouncer.observe({"waits.sql"}, at(0));
  debouncer.observe(settled("now.sql"), at(10));
  EXPECT_EQ(debouncer.next_deadline(), at(10));
  std::vector<FileEvent> due;
  EXPECT_EQ(debouncer.take_due(at(10), &due), 1u);
  EXPECT_EQ(due.front().path, "now.sql");
  EXPECT_EQ(debouncer.next_deadline(), at(100));
}

TEST(Debouncer, ASettledPathThatChangesWaitsLikeAnyOther) {
  Debouncer debouncer({std::chrono::milliseconds(100), 50, std::chrono::seconds(1)});
  debouncer.observe(settled("a.sql"), at(0));
  debouncer.observe({"a.sql"}, at(10));
  std::vector<FileEvent> due;
  EXPECT_EQ(debouncer.take_due(at(10), &due), 0u);
  EXPECT_EQ(debouncer.take_due(at(110), &due), 1u);
}

}  // namespace
}  // namespace engine
