#include "io/state/output_options.h"

#include <gmock/gmock.h>

#include <set>

namespace engine::io {
namespace {

TEST(OutputOptions, WhatChangesOutputsChangesTheText) {
  std::set<std::string> texts;
  const auto add = [&](const Options& options, const char* version = "1") {
    const OutputOptions output(options, version);
    EXPECT_TRUE(texts.insert(output.text(output.choice_of("a/b.sql"))).second) << *texts.rbegin();
  };
  Options options;
  add(options);
  add(options, "2");
  options.layout = Layout::kFlat;
  add(options);
  options.data = DataPlacement::kDrop;
  add(options);
  options.no_metadata = true;
  add(options);
  options.segment_size = 1;
  add(options);
  options.dialect = Dialect::kOracle;
  add(options);
  options.dialect_globs = {{"a/**", Dialect::kTsql}};
  add(options);
  options.encoding = Encoding::kCp1252;
  add(options);
  options.encoding_globs = {{"a/**", Encoding::kCp932}};
  add(options);
}

TEST(OutputOptions, WhatChangesNoOutputDoesNot) {
  Options options, other;
  other.workers = 7;
  other.max_queue_size = 3;
  other.dialect_globs = {{"elsewhere/**", Dialect::kTsql}};
  other.encoding_globs = {{"elsewhere/**", Encoding::kCp1252}};
  other.priority_globs = {{"*", Priority::kBatch}};
  const OutputOptions one(options, "1"), two(other, "1");
  EXPECT_EQ(one.text(one.choice_of("a.sql")), two.text(two.choice_of("a.sql")));
}

TEST(OutputOptions, EveryChoiceThatASourceMayHaveIsListed) {
  Options options;
  options.dialect = Dialect::kMysql;
  options.dialect_globs = {{"a/**", Dialect::kTsql}, {"b/**", Dialect::kOracle}};
  options.encoding_globs = {{"c/**", Encoding::kCp932}};
  const OutputOptions output(options, "1");
  const auto choices = output.choices();
  EXPECT_EQ(choices.size(), 6u);
  for (const char* const path : {"a/x.sql", "b/x.sql", "c/x.sql", "x.sql"}) {
    EXPECT_THAT(choices, ::testing::Contains(output.choice_of(path))) << path;
  }
}

}  // namespace
}  // namespace engine::io
