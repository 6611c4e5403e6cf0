#include "io/cli/scan_report.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <initializer_list>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

namespace engine::io {
namespace {

class NoObserver final : public SourceObserver {
  void source_finished(const SourceReport& /*report*/) override {}
};

class ScanReportTest : public ::testing::Test {
 protected:
  void hand_on(std::initializer_list<const char*> paths) {
    for (const char* const path : paths) report_.handed_on(path);
  }
  void finish(const char* path, SourceStatus status = SourceStatus::kDone) {
    SourceReport report;
    report.path = path;
    report.status = status;
    report_.source_finished(report);
  }
  // What has been said since the last call.
  std::string told() { return std::exchange(log_, std::ostringstream()).str(); }

  std::ostringstream log_;
  NoObserver next_;
  ScanReport report_{next_, [this] {
                       auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(log_, true);
                       auto log = std::make_shared<spdlog::logger>("", std::move(sink));
                       log->set_pattern("%v");
                       return log;
                     }()};
};

TEST_F(ScanReportTest, TellsOfTheFirstScanWhenTheLastOfItsSourcesHasEnded) {
  report_.scan_began();
  hand_on({"a", "b", "c", "d"});
  finish("a");
  finish("nobody handed on");
  report_.scan_ended(7, 1);
  finish("b", SourceStatus::kFailed);
  finish("c", SourceStatus::kGone);
  EXPECT_EQ(told(), "");
  finish("d", SourceStatus::kUnchanged);
  EXPECT_EQ(told(), "loaded 1 source, 1 failed, 4 unchanged, 1 not ready yet, 1 gone; watching\n");
}

TEST_F(ScanReportTest, TellsAtTheEndOfAScanWhereNothingIsUnderWay) {
  report_.scan_began();
  hand_on({"a"});
  finish("a");
  EXPECT_EQ(told(), "");
  report_.scan_ended(1, 0);
  EXPECT_EQ(told(), "loaded 1 source, 0 failed; watching\n");
}

TEST_F(ScanReportTest, WhatIsRenamedIsNotGone) {
  report_.scan_began();
  report_.renamed("a");
  hand_on({"a", "b", "c"});
  report_.scan_ended(1, 0);
  for (const char* const path : {"a", "b"}) finish(path, SourceStatus::kGone);
  finish("c");
  EXPECT_EQ(told(), "loaded 1 source, 0 failed, 1 renamed, 1 gone; watching\n");
}

TEST_F(ScanReportTest, WhatIsLeftAloneIsNotUnchanged) {
  report_.scan_began();
  report_.scan_ended(5, 0, 3);
  EXPECT_EQ(told(),
            "loaded 0 sources, 0 failed, 2 unchanged, 3 left alone (--no-existing); watching\n");
}

TEST_F(ScanReportTest, OfLaterScansOnlyThoseCountThatAreAskedFor) {
  report_.scan_began();
  report_.scan_ended(2, 0);
  EXPECT_EQ(told(), "loaded 0 sources, 0 failed, 2 unchanged; watching\n");
  report_.scan_began();
  hand_on({"a"});
  report_.scan_ended(2, 0);
  finish("a");
  EXPECT_EQ(told(), "");
  report_.ask();
  hand_on({"a"});  // by an event, and the scan has not begun
  report_.scan_began();
  hand_on({"b"});
  report_.scan_ended(2, 0);
  finish("b");
  EXPECT_EQ(told(),
            "looked through the folder: loaded 1 source, 0 failed, 1 unchanged; watching\n");
  report_.scan_began();
  report_.scan_ended(2, 0);
  EXPECT_EQ(told(), "");
}

TEST_F(ScanReportTest, WhatIsStillUnderWayIsToldWithTheNextOne) {
  report_.scan_began();
  report_.ask();  // the next one, not this one
  hand_on({"a", "b"});
  report_.scan_ended(2, 0);
  finish("a");
  report_.scan_began();
  hand_on({"c"});
  finish("b");
  report_.scan_ended(3, 0);
  EXPECT_EQ(told(), "");
  finish("c");
  EXPECT_EQ(told(), "loaded 3 sources, 0 failed; watching\n");
}

}  // namespace
}  // namespace engine::io
