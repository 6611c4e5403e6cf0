#include "io/cli/source_list.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "engine/dialect.h"

namespace engine::io {
namespace {

using ByDialect = std::map<Dialect, std::uint64_t>;
using Uncertain = SourceList<Dialect, std::string>;

TEST(SourceList, ASourceCountsOnceAsWhatItWasLast) {
  Uncertain sources;
  sources.put("a.sql", Dialect::kMysql, "first");
  sources.put("a.sql", Dialect::kSqlite, "last");
  sources.put("b.sql", Dialect::kMysql, "");
  EXPECT_EQ(sources.count(), 2U);
  EXPECT_EQ(sources.count_by_kind(), (ByDialect{{Dialect::kMysql, 1}, {Dialect::kSqlite, 1}}));
  EXPECT_EQ(sources.notes().at("a.sql"), "last");
}

TEST(SourceList, WhatIsRemovedIsNeitherCountedNorNoted) {
  Uncertain sources;
  EXPECT_FALSE(sources.remove("a.sql"));
  sources.put("a.sql", Dialect::kMysql, "first");
  EXPECT_TRUE(sources.has("a.sql"));
  EXPECT_TRUE(sources.remove("a.sql"));
  EXPECT_FALSE(sources.has("a.sql"));
  EXPECT_EQ(sources.count(), 0U);
  EXPECT_TRUE(sources.notes().empty());
}

TEST(SourceList, OfManyAllAreCountedAndTheFirstByPathHaveTheirNote) {
  Uncertain sources;
  const std::size_t all = 3 * Uncertain::kNoted;
  for (std::size_t i = all; i-- > 0;) {
    sources.put(std::to_string(10 * all + i), Dialect::kOracle, "");
  }
  EXPECT_EQ(sources.count(), all);
  EXPECT_EQ(sources.count_by_kind(), (ByDialect{{Dialect::kOracle, all}}));
  EXPECT_EQ(sources.notes().size(), Uncertain::kNoted);
  EXPECT_EQ(sources.notes().begin()->first, std::to_string(10 * all));
}

}  // namespace
}  // namespace engine::io
