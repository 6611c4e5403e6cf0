#include "io/state/state_recorder.h"

#include <gmock/gmock.h>

#include <future>
#include <map>
#include <memory>
#include <string>

#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

// Waits for what is told of one source.
class Heard final : public SourceObserver {
 public:
  void source_finished(const SourceReport& report) override {
    if (told_) told_->set_value(report);
  }
  /// What comes of `report`; the store writes each in a group of its own.
  SourceReport of(StateRecorder& recorder, const SourceReport& report) {
    told_ = std::make_unique<std::promise<SourceReport>>();
    recorder.source_finished(report);
    return told_->get_future().get();
  }

 private:
  std::unique_ptr<std::promise<SourceReport>> told_;
};

SourceReport report_of(SourceStatus status) {
  SourceReport report;
  report.path = "a.sql";
  report.tree_path = "a";
  report.status = status;
  return report;
}

// The engine has counted what it did: done, and unchanged. Neither is on the disk.
TEST(StateRecorder, WhatIsNotDurableIsCountedFailed) {
  const test::TempDir dir;
  bool fails = true;
  StateStore::Hooks hooks;
  hooks.tell = [](const std::string&) {};
  hooks.sync = [&]() -> Result<void> {
    if (!fails) return {};
    return fail(ErrorCode::kUnwritable, "cannot be made durable");
  };
  const auto store =
      StateStore::open((dir / "engine.db").string(), Durability::kPower, std::move(hooks));
  ASSERT_TRUE(store);
  Heard heard;
  StateRecorder::Knowledge knowledge;
  knowledge.options = [](const std::string&) { return 1; };
  StateRecorder recorder(**store, heard, std::move(knowledge));
  ASSERT_TRUE((*store)->start());
  EXPECT_EQ(heard.of(recorder, report_of(SourceStatus::kDone)).status, SourceStatus::kFailed);
  EXPECT_EQ(heard.of(recorder, report_of(SourceStatus::kUnchanged)).status, SourceStatus::kFailed);
  LoadStats load;
  load.sources = 2;
  load.sources_done = load.sources_unchanged = 1;
  recorder.correct(&load);
  EXPECT_EQ(load.sources, 2u);
  EXPECT_EQ(load.sources_failed, 2u);
  EXPECT_EQ(load.sources_done + load.sources_unchanged, 0u);

  fails = false;
  EXPECT_EQ(heard.of(recorder, report_of(SourceStatus::kDone)).status, SourceStatus::kDone);
  EXPECT_EQ(heard.of(recorder, report_of(SourceStatus::kUnchanged)).status,
            SourceStatus::kUnchanged);
  (*store)->close();
}

// It may be hidden, and the next start has to look for it.
TEST(StateRecorder, WhatOnlyTheEngineDoesNotFindIsPending) {
  const test::TempDir dir;
  StateStore::Hooks hooks;
  hooks.tell = [](const std::string&) {};
  const auto store =
      StateStore::open((dir / "engine.db").string(), Durability::kProcess, std::move(hooks));
  ASSERT_TRUE(store);
  Heard heard;
  StateRecorder recorder(**store, heard, {});
  ASSERT_TRUE((*store)->start());
  recorder.source_queued("a.sql", {}, "a", Priority::kNormal);
  recorder.source_started("a.sql");
  recorder.source_missed(report_of(SourceStatus::kGone));
  (*store)->close();
  SourceRecord found;
  ASSERT_TRUE((*store)->each_outcome([&](const SourceRecord& record) { found = record; }));
  EXPECT_EQ(found.path, "a.sql");
  EXPECT_EQ(found.state, SourceState::kPending);
  EXPECT_EQ(found.tree, "a");
}

}  // namespace
}  // namespace engine::io
