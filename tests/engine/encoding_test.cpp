#include "engine/encoding.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/encoder.h"

namespace engine {
namespace {

TEST(EncodingNames, EachIsFoundByItsOwnNameAndByOthersInUse) {
  std::string names = encoding_names();
  EXPECT_EQ(names.substr(0, 12), "auto, utf-8,");
  EXPECT_EQ(encoding_from_name("CP932"), Encoding::kCp932);
  EXPECT_EQ(encoding_from_name("Shift_JIS"), Encoding::kCp932);
  EXPECT_EQ(encoding_from_name("windows-1252"), Encoding::kCp1252);
  EXPECT_EQ(encoding_from_name("latin1"), Encoding::kIso8859_1);
  EXPECT_EQ(encoding_from_name("gb2312"), Encoding::kGbk);
  EXPECT_EQ(encoding_from_name("utf-7"), std::nullopt);
}

// What encoding.h says of all of them: ASCII is itself, and iconv has them.
TEST(EncodingNames, EveryLegacyEncodingKeepsAscii) {
  std::string ascii;
  for (char c = 1; c < 127; ++c) ascii += c;
  for (auto i = static_cast<int>(Encoding::k8bit) + 1; i <= static_cast<int>(Encoding::kCp949);
       ++i) {
    const auto encoding = static_cast<Encoding>(i);
    EXPECT_EQ(encoding_from_name(encoding_name(encoding)), encoding);
    std::string bytes;
    EXPECT_TRUE(Encoder(encoding).add(ascii, bytes)) << encoding_name(encoding);
    EXPECT_EQ(bytes, ascii);
  }
}

}  // namespace
}  // namespace engine
