#include "engine/source/detect_encoding.h"

#include <gtest/gtest.h>

#include <string>

namespace engine::source {
namespace {

std::string utf16(std::u16string_view text, Encoding encoding) {
  std::string out;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xff), high = static_cast<char>(unit >> 8);
    out += encoding == Encoding::kUtf16Le ? low : high;
    out += encoding == Encoding::kUtf16Le ? high : low;
  }
  return out;
}

std::string utf8_of(std::string_view bytes, Encoding encoding) {
  std::string out(utf8_size(bytes, encoding), '\0');
  to_utf8(bytes, encoding, out);
  return out;
}

std::string name_of(std::string_view bytes) { return detect_encoding(bytes).name(); }

TEST(Encoding, MarksDecide) {
  EXPECT_EQ(name_of("\xef\xbb\xbfSELECT"), "utf-8-bom");
  EXPECT_EQ(name_of(std::string("\xff\xfeS\0", 4)), "utf-16le-bom");
  EXPECT_EQ(name_of(std::string("\xfe\xff\0S", 4)), "utf-16be-bom");
}

TEST(Encoding, Utf16WithoutAMarkIsSeenByItsZeros) {
  const std::u16string_view text = u"CREATE TABLE t (i int)\r\nGO\r\n";
  EXPECT_EQ(name_of(utf16(text, Encoding::kUtf16Le)), "utf-16le");
  EXPECT_EQ(name_of(utf16(text, Encoding::kUtf16Be)), "utf-16be");
}

TEST(Encoding, Utf16WithoutAMarkIsSeenInAShortTextOfManyOtherLetters) {
  for (const std::u16string_view text :
       {u"-- \u041a\u043e\u043c\u043c\u0435\u043d\u0442\u0430\u0440\u0438\u0439\n"
        u"SELECT '\u0414\u0430;';\nSELECT 2;\n",
        u"INSERT INTO \u8868 VALUES ('\u4e00\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57');\n",
        u"SELECT '\U0001f600\u6f22\u6f22\u6f22\u6f22\u6f22\u6f22\u6f22\u6f22';\n"}) {
    EXPECT_EQ(name_of(utf16(text, Encoding::kUtf16Le)), "utf-16le");
    EXPECT_EQ(name_of(utf16(text, Encoding::kUtf16Be)), "utf-16be");
  }
}

TEST(Encoding, ZerosOfBinaryDataAreNoUtf16) {
  using namespace std::string_view_literals;
  EXPECT_EQ(name_of("INSERT INTO t VALUES ('\0\0\0\1\0\0\2\0\0');\n"sv), "utf-8");
  EXPECT_EQ(name_of("SELECT 'a\0b';\n"sv), "utf-8");
  EXPECT_EQ(detect_encoding("SELECT '\0';\n"sv).evidence, "all of it is ASCII, with NULs in it");
}

TEST(Encoding, Utf32IsNotTakenForUtf16) {
  using namespace std::string_view_literals;
  EXPECT_TRUE(detect_encoding("\xff\xfe\0\0S\0\0\0"sv).is_utf32);
  EXPECT_TRUE(detect_encoding("\0\0\xfe\xff\0\0\0S"sv).is_utf32);
  EXPECT_EQ(name_of("\xff\xfe\0\0S\0\0\0"sv), "8bit");
}

TEST(Encoding, OneLegacyByteMakesAText8Bit) {
  EXPECT_EQ(name_of("SELECT 'caf\xe9'"), "8bit");
  EXPECT_EQ(name_of("SELECT 'caf\xc3\xa9'"), "utf-8");
  EXPECT_EQ(name_of("SELECT '\xed\xa0\x80'"), "8bit");  // a surrogate
}

TEST(Encoding, PairsAndLoneSurrogatesBecomeUtf8) {
  EXPECT_EQ(utf8_of(utf16(u"a\u00e9\u20ac\U0001f600", Encoding::kUtf16Le), Encoding::kUtf16Le),
            "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  const char16_t lone[] = {u'a', 0xd83d, u'b'};
  EXPECT_EQ(utf8_of(utf16({lone, 3}, Encoding::kUtf16Be), Encoding::kUtf16Be),
            "a\xed\xa0\xbd"
            "b");
}

TEST(Encoding, OffsetsOfTheTextLeadBackToTheSource) {
  const std::string source = "\xff\xfe" + utf16(u"a\u20ac\U0001f600b", Encoding::kUtf16Le);
  const EncodingGuess guess = detect_encoding(source);
  const std::string text = utf8_of(std::string_view(source).substr(2), guess.encoding);
  SourceOffsets offsets(text, guess);
  EXPECT_EQ(offsets.at(0), 2u);
  EXPECT_EQ(offsets.at(1), 4u);   // behind a
  EXPECT_EQ(offsets.at(4), 6u);   // behind the euro sign
  EXPECT_EQ(offsets.at(8), 10u);  // behind the pair
  EXPECT_EQ(offsets.at(9), source.size());
}

// A mapped file may change between the two passes.
TEST(Encoding, TheSecondPassNeverWritesMoreThanTheFirstCounted) {
  const std::string ascii = utf16(u"aaaa", Encoding::kUtf16Le);
  const std::string wide = utf16(u"\u4e00\u4e00\u4e00\u4e00", Encoding::kUtf16Le);
  std::string out(utf8_size(ascii, Encoding::kUtf16Le), '\0');
  EXPECT_NE(to_utf8(wide, Encoding::kUtf16Le, out), out.size());
}

}  // namespace
}  // namespace engine::source
