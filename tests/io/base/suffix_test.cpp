#include "io/base/suffix.h"

#include <gtest/gtest.h>

namespace engine::io {
namespace {

TEST(Suffix, IsKnownInAnyLetterCase) {
  EXPECT_TRUE(has_suffix("a.sql", ".sql"));
  EXPECT_TRUE(has_suffix("a.SqL", ".sql"));
  EXPECT_TRUE(has_suffix(".sql", ".sql"));
  EXPECT_FALSE(has_suffix("asql", ".sql"));
  EXPECT_FALSE(has_suffix("sql", ".sql"));
}

TEST(Suffix, TellsTheCompression) {
  EXPECT_EQ(compression_of("a.sql.gz"), Compression::kGzip);
  EXPECT_EQ(compression_of("A.SQL.GZ"), Compression::kGzip);
  EXPECT_EQ(compression_of("a.zst"), Compression::kZstd);
  EXPECT_EQ(compression_of("a.xz"), Compression::kXz);
  EXPECT_EQ(compression_of("a.Bz2"), Compression::kBzip2);
  EXPECT_EQ(compression_of("a.sql"), Compression::kNone);
  EXPECT_EQ(compression_of("gz"), Compression::kNone);
}

TEST(Suffix, OfTwoCompressionsTheLastOneIsDropped) {
  EXPECT_EQ(without_compression("a.sql.gz"), "a.sql");
  EXPECT_EQ(without_compression("a.gz.XZ"), "a.gz");
  EXPECT_EQ(without_compression("a.sql"), "a.sql");
}

}  // namespace
}  // namespace engine::io
