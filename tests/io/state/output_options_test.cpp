#include "io/state/output_options.h"

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace engine::io {
namespace {

std::string text(const Options& options, std::string_view version = "1") {
  const OutputOptions output(options, version);
  return output.text(output.choice_of("a/b.sql"));
}

TEST(OutputOptions, WhatChangesOutputsChangesTheText) {
  Options options;
  // A field that is new does not compile here: say below whether outputs depend on it.
  auto& [workers, debounce_window, batch_size_threshold, max_delay, disable_batching,
         max_queue_size, retry_limit, retry_pause, stop_timeout, memory_threshold, no_metadata,
         no_overwrite, dry_run, layout, data, segment_size, reflink, dialect, dialect_globs,
         encoding, encoding_globs, priority_globs] = options;
  const auto matters = [&options](auto& field, const auto& value) {
    const std::string before = text(options);
    const auto old = std::exchange(field, value);
    const bool changed = text(options) != before;
    field = old;
    return changed;
  };
  EXPECT_TRUE(matters(no_metadata, true));
  EXPECT_TRUE(matters(layout, Layout::kFlat));
  EXPECT_TRUE(matters(data, DataPlacement::kDrop));
  EXPECT_TRUE(matters(segment_size, 1u));
  EXPECT_TRUE(matters(reflink, Reflink::kNever)) << "the same bytes, in other blocks";
  EXPECT_TRUE(matters(dialect, Dialect::kOracle));
  EXPECT_TRUE(matters(dialect_globs, decltype(options.dialect_globs){{"a/**", Dialect::kTsql}}));
  EXPECT_TRUE(matters(encoding, Encoding::kCp1252));
  EXPECT_TRUE(matters(encoding_globs, decltype(options.encoding_globs){{"a/**", Encoding::kGbk}}));
  EXPECT_NE(text(options), text(options, "2"));

  EXPECT_FALSE(matters(dialect_globs, decltype(options.dialect_globs){{"b/**", Dialect::kTsql}}));
  EXPECT_FALSE(matters(encoding_globs, decltype(options.encoding_globs){{"b/**", Encoding::kGbk}}));
  EXPECT_FALSE(matters(priority_globs, decltype(options.priority_globs){{"*", Priority::kBatch}}));
  for (std::chrono::nanoseconds* const time :
       {&debounce_window, &max_delay, &retry_pause, &stop_timeout}) {
    EXPECT_FALSE(matters(*time, std::chrono::seconds(7)));
  }
  for (unsigned* const number : {&workers, &retry_limit, &memory_threshold}) {
    EXPECT_FALSE(matters(*number, 7u));
  }
  for (std::size_t* const number : {&batch_size_threshold, &max_queue_size}) {
    EXPECT_FALSE(matters(*number, 7u));
  }
  for (bool* const choice : {&disable_batching, &no_overwrite, &dry_run}) {
    EXPECT_FALSE(matters(*choice, true));
  }
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
