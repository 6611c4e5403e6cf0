#include "io/file/utf16.h"

#include <gtest/gtest.h>

namespace engine::io {
namespace {

std::string encode(std::string_view utf8, bool big_endian = false) {
  std::string utf16;
  Utf16Encoder encoder(big_endian);
  EXPECT_TRUE(encoder.add(utf8, utf16));
  EXPECT_TRUE(encoder.is_complete());
  return utf16;
}

TEST(Utf16Encoder, EncodesEveryLength) {
  EXPECT_EQ(encode("Aé€😀"), std::string("A\0\xE9\0\xAC\x20\x3D\xD8\x00\xDE", 10));
  EXPECT_EQ(encode("Aé", true), std::string("\0A\0\xE9", 4));
}

TEST(Utf16Encoder, ALoneSurrogateComesBack) {
  EXPECT_EQ(encode("\xED\xA0\xBDx"), std::string("\x3D\xD8x\0", 4));
  EXPECT_EQ(encode("\xED\xB8\x80"), std::string("\x00\xDE", 2));
}

TEST(Utf16Encoder, ChunksMayEndWithinACharacter) {
  const std::string text = "a€b😀cé\xED\xA0\xBD";
  const std::string whole = encode(text);
  for (std::size_t step = 1; step <= text.size(); ++step) {
    Utf16Encoder encoder(false);
    std::string parts;
    for (std::size_t at = 0; at < text.size(); at += step) {
      ASSERT_TRUE(encoder.add(std::string_view(text).substr(at, step), parts));
    }
    EXPECT_TRUE(encoder.is_complete());
    EXPECT_EQ(parts, whole) << step;
  }
}

TEST(Utf16Encoder, RefusesWhatIsNotUtf8) {
  for (const char* bad : {"\x80", "\xC0\xAF", "\xE2\x28", "\xE0\x80\x80", "\xF0\x80\x80\x80",
                          "\xF4\x90\x80\x80", "\xFF"}) {
    std::string utf16;
    EXPECT_FALSE(Utf16Encoder(false).add(bad, utf16)) << bad;
  }
  std::string utf16;
  Utf16Encoder encoder(false);
  EXPECT_TRUE(encoder.add("\xE2\x82", utf16));
  EXPECT_FALSE(encoder.is_complete());
}

}  // namespace
}  // namespace engine::io
