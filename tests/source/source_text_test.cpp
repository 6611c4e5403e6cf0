// Texts that are decoded in several stretches.
#include "engine/source/source_text.h"

#include <gtest/gtest.h>

#include <stop_token>
#include <string>

#include "engine/encoder.h"

namespace engine::source {
namespace {

constexpr std::size_t kLong = std::size_t{5} << 20;

class DecodeLong : public ::testing::TestWithParam<Encoding> {
 protected:
  // Characters of one unit and of several, so that some stretch would end within one.
  static std::string text(std::string_view characters, bool has_lines) {
    std::string all = "x";
    while (all.size() < kLong) {
      all += characters;
      if (has_lines && all.size() % 7 == 0) all += '\n';
    }
    return all;
  }
  static std::string encoded(const std::string& utf8) {
    std::string bytes;
    EXPECT_TRUE(Encoder(GetParam()).add(utf8, bytes));
    return bytes;
  }
  Result<DecodedText> decoded(std::string_view bytes, const std::stop_token& given_up = {}) {
    const auto room = [this](std::size_t size) -> Result<std::span<char>> {
      memory_.resize(size);
      return std::span<char>(memory_);
    };
    return decode(bytes, GetParam(), room, Look::kWhole, given_up);
  }
  std::string_view characters() const {
    if (is_utf16(GetParam())) return "\U0001f600\U0001f680";
    return GetParam() == Encoding::kCp932 ? "mostly of one byte, 表a" : "mostly of ASCII, α.";
  }

  std::string memory_;
};

TEST_P(DecodeLong, NoCharacterIsCut) {
  for (const bool has_lines : {true, false}) {
    const std::string utf8 = text(characters(), has_lines);
    const auto found = decoded(encoded(utf8));
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->text == utf8) << has_lines;
  }
}

TEST_P(DecodeLong, WhatDoesNotComeBackIsFoundInAnyOfThem) {
  if (is_utf16(GetParam())) GTEST_SKIP() << "all of UTF-16 comes back";
  std::string bytes = encoded(text(characters(), true));
  const std::size_t place = bytes.rfind('\n');
  bytes.insert(place, "\xff");
  const auto found = decoded(bytes);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->encoding.encoding, Encoding::k8bit);
  ASSERT_TRUE(found->warning);
  EXPECT_EQ(found->encoding.evidence, "as the user says; but byte " + std::to_string(place) +
                                          " is not " + std::string(encoding_name(GetParam())));
}

TEST_P(DecodeLong, EndsWhereItIsGivenUp) {
  std::stop_source given_up;
  given_up.request_stop();
  const auto found = decoded(encoded(text(characters(), true)), given_up.get_token());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kStopped);
}

INSTANTIATE_TEST_SUITE_P(Encodings, DecodeLong,
                         ::testing::Values(Encoding::kUtf16Le, Encoding::kUtf16Be,
                                           Encoding::kCp1253, Encoding::kCp932));

}  // namespace
}  // namespace engine::source
