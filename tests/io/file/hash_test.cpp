#include "io/file/hash.h"

#include <gtest/gtest.h>

namespace engine::io {
namespace {

TEST(Hash, IsXxh3Of128BitsHighHalfFirst) {
  // The reference value of XXH3_128bits over no bytes.
  EXPECT_EQ(Hash::of(""), "99aa06d3014798d86001c324468d497f");
}

TEST(Hash, OfPiecesIsTheHashOfTheWhole) {
  const std::string text(100'000, 'x');
  Hash hash;
  for (std::size_t at = 0; at < text.size(); at += 777) {
    hash.add(std::string_view(text).substr(at, 777));
  }
  EXPECT_EQ(hash.hex(), Hash::of(text));
}

}  // namespace
}  // namespace engine::io
