#include "io/cli/uncertain_sources.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace engine::io {
namespace {

using ByDialect = std::map<Dialect, std::uint64_t>;

TEST(UncertainSources, ASourceCountsOnceAsWhatItWasTakenForLast) {
  UncertainSources sources;
  sources.uncertain("a.sql", Dialect::kMysql);
  sources.uncertain("a.sql", Dialect::kSqlite);
  sources.uncertain("b.sql", Dialect::kMysql);
  EXPECT_EQ(sources.count(), 2U);
  EXPECT_EQ(sources.count_by_dialect(), (ByDialect{{Dialect::kMysql, 1}, {Dialect::kSqlite, 1}}));
  EXPECT_EQ(sources.named().at("a.sql"), Dialect::kSqlite);
}

TEST(UncertainSources, WhatIsCertainNowIsNeitherCountedNorNamed) {
  UncertainSources sources;
  sources.certain("a.sql");
  sources.uncertain("a.sql", Dialect::kMysql);
  sources.certain("a.sql");
  EXPECT_EQ(sources.count(), 0U);
  EXPECT_TRUE(sources.named().empty());
}

TEST(UncertainSources, OfManyAllAreCountedAndTheFirstByPathAreNamed) {
  UncertainSources sources;
  const std::size_t all = 3 * UncertainSources::kNamed;
  for (std::size_t i = all; i-- > 0;) {
    sources.uncertain(std::to_string(10 * all + i), Dialect::kOracle);
  }
  EXPECT_EQ(sources.count(), all);
  EXPECT_EQ(sources.count_by_dialect(), (ByDialect{{Dialect::kOracle, all}}));
  EXPECT_EQ(sources.named().size(), UncertainSources::kNamed);
  EXPECT_EQ(sources.named().begin()->first, std::to_string(10 * all));
}

}  // namespace
}  // namespace engine::io
