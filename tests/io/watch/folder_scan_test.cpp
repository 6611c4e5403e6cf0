#include "io/watch/folder_scan.h"

#include <gtest/gtest.h>

#include <utility>

namespace engine::io {
namespace {

using Phase = FolderScan::Phase;

TEST(FolderScan, WhatIsLookedAtNowAndThenIsNoScan) {
  FolderScan scan;
  scan.push(7, /*recursive=*/false);
  EXPECT_EQ(scan.phase(), Phase::kNone);
  EXPECT_TRUE(scan.has_directories());
  EXPECT_EQ(scan.take_directory(), std::pair(DirectoryNumber{7}, false));
  EXPECT_FALSE(scan.has_directories());
}

TEST(FolderScan, OneThatIsAskedForTwiceIsListedOnceWithAllBelowIt) {
  FolderScan scan;
  scan.push(7, /*recursive=*/true);
  scan.push(7, /*recursive=*/false);
  EXPECT_EQ(scan.take_directory(), std::pair(DirectoryNumber{7}, true));
  EXPECT_FALSE(scan.has_directories());
}

TEST(FolderScan, ItListsThenTellsAndEnds) {
  FolderScan scan;
  scan.push(7, /*recursive=*/false);
  scan.begin(/*distrustful=*/true);
  EXPECT_FALSE(scan.has_directories()) << "it comes there anyway";
  EXPECT_EQ(scan.phase(), Phase::kListing);
  EXPECT_TRUE(scan.is_first());
  EXPECT_TRUE(scan.is_distrustful());
  EXPECT_TRUE(scan.has_listed_all());
  EXPECT_FALSE(scan.has_listed_all()) << "it has been said";
  EXPECT_EQ(scan.phase(), Phase::kTelling);
  scan.goes_on();  // something has come that is to be listed
  EXPECT_TRUE(scan.is_of_everything());
  EXPECT_TRUE(scan.has_listed_all());
  EXPECT_TRUE(scan.end()) << "the first one";
  EXPECT_EQ(scan.phase(), Phase::kNone);
  EXPECT_FALSE(scan.is_distrustful());
  EXPECT_FALSE(scan.is_first());
  scan.begin(/*distrustful=*/false);
  EXPECT_FALSE(scan.end());
}

TEST(FolderScan, WhatItSawIsThatOfOneScan) {
  FolderScan scan;
  scan.begin(/*distrustful=*/false);
  EXPECT_TRUE(scan.saw_everything());
  scan.missed_some();
  scan.count({{"a", EntryKind::kLink}, {"b", EntryKind::kOther}, {"c", EntryKind::kFile}});
  scan.count({{"d", EntryKind::kLink}});
  scan.end();
  EXPECT_FALSE(scan.saw_everything());
  EXPECT_EQ(scan.links(), 2u);
  EXPECT_EQ(scan.special_files(), 1u);
  scan.begin(/*distrustful=*/false);
  EXPECT_TRUE(scan.saw_everything());
  EXPECT_EQ(scan.links() + scan.special_files(), 0u);
}

}  // namespace
}  // namespace engine::io
