#include "io/state/output_options.h"

#include <gmock/gmock.h>

#include <set>

namespace engine::io {
namespace {

TEST(OutputOptions, WhatChangesOutputsChangesTheText) {
  std::set<std::string> texts;
  const auto add = [&](const Options& options, const char* version = "1") {
    const OutputOptions output(options, version);
    EXPECT_TRUE(texts.insert(output.text(output.dialect_of("a/b.sql"))).second) << *texts.rbegin();
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
}

TEST(OutputOptions, WhatChangesNoOutputDoesNot) {
  Options options, other;
  other.workers = 7;
  other.max_queue_size = 3;
  other.dialect_globs = {{"elsewhere/**", Dialect::kTsql}};
  other.priority_globs = {{"*", Priority::kBatch}};
  const OutputOptions one(options, "1"), two(other, "1");
  EXPECT_EQ(one.text(one.dialect_of("a.sql")), two.text(two.dialect_of("a.sql")));
}

TEST(OutputOptions, EveryDialectThatASourceMayHaveIsListed) {
  Options options;
  options.dialect = Dialect::kMysql;
  options.dialect_globs = {{"a/**", Dialect::kTsql}, {"b/**", Dialect::kOracle}};
  const OutputOptions output(options, "1");
  EXPECT_THAT(output.dialects(),
              ::testing::UnorderedElementsAre(Dialect::kMysql, Dialect::kTsql, Dialect::kOracle));
}

}  // namespace
}  // namespace engine::io
