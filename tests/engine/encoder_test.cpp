#include "engine/encoder.h"

#include <gtest/gtest.h>

namespace engine {
namespace {

std::string encode(std::string_view utf8, Encoding encoding = Encoding::kUtf16Le) {
  std::string bytes;
  Encoder encoder(encoding);
  EXPECT_TRUE(encoder.add(utf8, bytes));
  EXPECT_TRUE(encoder.is_complete());
  return bytes;
}

TEST(Encoder, EncodesEveryLength) {
  EXPECT_EQ(encode("Aé€😀"), std::string("A\0\xE9\0\xAC\x20\x3D\xD8\x00\xDE", 10));
  EXPECT_EQ(encode("Aé", Encoding::kUtf16Be), std::string("\0A\0\xE9", 4));
}

TEST(Encoder, ALoneSurrogateComesBack) {
  EXPECT_EQ(encode("\xED\xA0\xBDx"), std::string("\x3D\xD8x\0", 4));
  EXPECT_EQ(encode("\xED\xB8\x80"), std::string("\x00\xDE", 2));
}

TEST(Encoder, ChunksMayEndWithinACharacter) {
  const std::string text = "a€b😀cé\xED\xA0\xBD";
  const std::string whole = encode(text);
  for (std::size_t step = 1; step <= text.size(); ++step) {
    Encoder encoder(Encoding::kUtf16Le);
    std::string parts;
    for (std::size_t at = 0; at < text.size(); at += step) {
      ASSERT_TRUE(encoder.add(std::string_view(text).substr(at, step), parts));
    }
    EXPECT_TRUE(encoder.is_complete());
    EXPECT_EQ(parts, whole) << step;
  }
}

TEST(Encoder, RefusesWhatIsNotUtf8) {
  for (const char* bad : {"\x80", "\xC0\xAF", "\xE2\x28", "\xE0\x80\x80", "\xF0\x80\x80\x80",
                          "\xF4\x90\x80\x80", "\xFF"}) {
    std::string bytes;
    EXPECT_FALSE(Encoder(Encoding::kUtf16Le).add(bad, bytes)) << bad;
  }
  std::string bytes;
  Encoder encoder(Encoding::kUtf16Le);
  EXPECT_TRUE(encoder.add("\xE2\x82", bytes));
  EXPECT_FALSE(encoder.is_complete());
}

TEST(Encoder, LegacyEncodingsComeBackWhereverChunksEnd) {
  const std::string text = "SELECT '表示ソ', 'x'; -- ｱ";
  const std::string whole = "SELECT '\x95\x5c\x8e\xa6\x83\x5c', 'x'; -- \xb1";
  EXPECT_EQ(encode(text, Encoding::kCp932), whole);
  for (std::size_t step = 1; step <= text.size(); ++step) {
    Encoder encoder(Encoding::kCp932);
    std::string parts;
    for (std::size_t at = 0; at < text.size(); at += step) {
      ASSERT_TRUE(encoder.add(std::string_view(text).substr(at, step), parts));
    }
    EXPECT_TRUE(encoder.is_complete());
    EXPECT_EQ(parts, whole) << step;
  }
}

TEST(Encoder, RefusesWhatALegacyEncodingHasNot) {
  std::string bytes;
  EXPECT_FALSE(Encoder(Encoding::kCp1252).add("表", bytes));
  EXPECT_FALSE(Encoder(Encoding::kCp1252).add("\x80", bytes));
}

}  // namespace
}  // namespace engine
