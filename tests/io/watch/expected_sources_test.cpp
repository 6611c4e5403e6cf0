#include "io/watch/expected_sources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace engine::io {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::int64_t kNow = 1'000;
constexpr std::int64_t kEver = ExpectedSources::kSinceEver;
constexpr auto kNever = std::nullopt;  // known to be gone, or nothing would be lost

struct Recorded {
  std::optional<std::int64_t> seen_ns;
  bool is_found = false;
};

struct Case {
  const char* what;
  std::optional<std::int64_t> missing_since_ns;  // before
  std::vector<Recorded> recorded;
  bool knows_all;
  // What is concluded:
  FolderState state;
  std::size_t all_missing;
  std::optional<std::int64_t> still_missing_since_ns;
};

using enum FolderState;

const Case kCases[] = {
    {"nothing is on record", {}, {}, true, kSame, 0, {}},
    {"nothing is on record, and not all was looked at", {}, {}, false, kUnknown, 0, kNow},
    {"all are there", {}, {{1, true}, {2, true}}, true, kSame, 0, {}},
    {"one of them is there", {}, {{1, true}, {2}, {3}}, true, kSame, 0, {}},
    {"one of them is there, and not all was looked at", {}, {{1, true}, {2}}, false, kSame, 0, {}},
    {"none is there", {}, {{1}, {2}}, true, kOther, 2, kNow},
    {"none is there that anybody misses", {}, {{kNever}, {kNever}}, true, kSame, 0, {}},
    {"none but one that was gone", {}, {{1}, {kNever, true}}, true, kOther, 1, kNow},
    {"what is not missed is not counted", {}, {{1}, {kNever}}, true, kOther, 1, kNow},
    {"still none is there", 500, {{1}, {2}}, true, kOther, 2, 500},
    {"none but what came to the other folder", 500, {{1}, {500, true}}, true, kOther, 1, 500},
    {"nor is that, which was not in the folder", 500, {{1}, {600}}, true, kOther, 1, 500},
    {"one is there again", 500, {{1, true}, {600}}, true, kSame, 0, {}},
    {"of what is missing no tree is left", 500, {{kNever}, {600, true}}, true, kSame, 0, {}},
    {"since ever, and one is not there", kEver, {{1}, {600, true}}, true, kOther, 1, kEver},
    {"since ever, and all are there", kEver, {{1, true}, {600, true}}, true, kSame, 0, {}},
    {"the same, and not all was looked at", 500, {{600, true}}, false, kUnknown, 0, 500},
};

TEST(ExpectedSources, WhatWasFoundSaysWhetherItIsTheFolder) {
  for (const Case& each : kCases) {
    SCOPED_TRACE(each.what);
    ExpectedSources sources(each.missing_since_ns, kNow);
    int number = 0;
    for (const Recorded& recorded : each.recorded) {
      const std::string path = std::to_string(++number) + ".sql";
      sources.expect({path, {}, sources.should_be_there(recorded.seen_ns)});
      if (recorded.is_found) {
        EXPECT_TRUE(sources.take(path));
      }
    }
    EXPECT_EQ(sources.conclude(each.knows_all), each.state);
    EXPECT_EQ(sources.state(), each.state);
    EXPECT_EQ(sources.all_missing(), each.all_missing);
    EXPECT_EQ(sources.missing_since_ns(), each.still_missing_since_ns);
  }
}

class ReplacedFolder : public testing::Test {
 protected:
  ReplacedFolder() {
    sources_.conclude(/*knows_all=*/true);
    replace({"a.sql", "b.sql"}, 2'000);
  }
  // By one in which nothing has been found yet.
  void replace(const std::vector<std::string>& held, std::int64_t now_ns) {
    const bool should_be_there = sources_.should_be_there_again(/*knows_all=*/true);
    sources_.look_elsewhere(now_ns);
    for (const std::string& path : held) sources_.expect({path, {}, should_be_there});
  }

  ExpectedSources sources_{std::nullopt, kNow};
};

TEST_F(ReplacedFolder, OneThatHoldsNoneIsAnotherSinceItCame) {
  EXPECT_EQ(sources_.state(), kUnknown);
  EXPECT_EQ(sources_.conclude(true), kOther);
  EXPECT_EQ(sources_.all_missing(), 2u);
  EXPECT_EQ(sources_.missing_since_ns(), 2'000);
}

TEST_F(ReplacedFolder, WhatCameToAnotherSaysNothingInTheNext) {
  for (const bool was_looked_through : {false, true}) {
    if (was_looked_through) {
      EXPECT_EQ(sources_.conclude(true), kOther);
    }
    replace({"z.sql"}, 3'000);
    EXPECT_TRUE(sources_.take("z.sql"));
    EXPECT_EQ(sources_.conclude(true), kOther) << was_looked_through;
    EXPECT_EQ(sources_.missing_since_ns(), 2'000) << "it was not the folder before either";
  }
}

TEST_F(ReplacedFolder, OneThatIsFoundMakesItTheFolderAtOnce) {
  EXPECT_EQ(sources_.conclude(true), kOther);
  EXPECT_TRUE(sources_.take("a.sql"));
  EXPECT_EQ(sources_.state(), kSame);
  EXPECT_EQ(sources_.all_missing(), 0u);
  replace({"a.sql", "z.sql"}, 3'000);  // before anybody has looked through all of it
  EXPECT_EQ(sources_.conclude(true), kOther);
  EXPECT_EQ(sources_.all_missing(), 3u) << "b.sql has not been found, and was not missed";
}

TEST_F(ReplacedFolder, OneThatHasAnotherNameNowIsFound) {
  sources_.found_one();
  EXPECT_EQ(sources_.conclude(false), kSame);
  EXPECT_FALSE(sources_.empty());
}

TEST_F(ReplacedFolder, WhatIsForgottenIsNotMissed) {
  sources_.erase_if([](const ExpectedSources::Source& source) { return source.path == "a.sql"; });
  EXPECT_FALSE(sources_.has("a.sql"));
  EXPECT_EQ(sources_.all_missing(), 1u);
}

TEST(ExpectedSources, TheLineSaysWhatIsMissingAndWhatNext) {
  for (const auto& since : {std::optional<std::int64_t>(), std::optional(kEver)}) {
    ExpectedSources sources(since, 2'000);
    sources.expect({"a.sql", {}, /*should_be_there=*/true});
    EXPECT_THAT(sources.missing_text("in"),
                StartsWith("in: the one source that it held is not there: "));
    EXPECT_THAT(sources.missing_text("in"), HasSubstr("stay until it is there again"));
    sources.expect({"b.sql", {}, /*should_be_there=*/true});
    const std::string text = sources.missing_text("in");
    EXPECT_THAT(text, HasSubstr("delete those of what is gone for good"));
    EXPECT_THAT(text, StartsWith(since ? "in: 2 sources that it may have held are not there: "
                                       : "in: holds none of the 2 sources that it held: "));
    EXPECT_THAT(text, HasSubstr(since ? "stay until all of them are there again"
                                      : "stay until one of them is there again"));
  }
}

}  // namespace
}  // namespace engine::io
