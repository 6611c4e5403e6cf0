#include "engine/source/survey.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "io/file/hash.h"

namespace engine::source {
namespace {

constexpr std::size_t kStretch = 16 << 10;

std::unique_ptr<Survey> surveyed(std::string_view text, std::size_t mark_length = 0,
                                 std::uint64_t step = 4096) {
  auto survey = std::make_unique<Survey>(text, mark_length, text.substr(mark_length),
                                         /*expects_utf8=*/true);
  for (std::uint64_t at = 0; at < text.size() - mark_length; at += step) survey->follow(at);
  survey->finish();
  return survey;
}

// The place where one stretch ends and the next begins lies anywhere in `middle`.
template <class Check>
void at_every_seam(const std::string& before, std::string_view middle, const std::string& after,
                   Check check) {
  for (std::size_t i = 0; i <= middle.size(); ++i) {
    std::string text = before;
    while (text.size() + i < kStretch) text += before;
    text.resize(kStretch - i);
    text += middle;
    text += after;
    check(text);
  }
}

TEST(Survey, TellsLineEnds) {
  EXPECT_EQ(surveyed("a\nb\n")->line_ends(), "lf");
  EXPECT_EQ(surveyed("a\r\nb\r\n")->line_ends(), "crlf");
  EXPECT_EQ(surveyed("a\rb\r")->line_ends(), "cr");
  EXPECT_EQ(surveyed("a\r\nb\n")->line_ends(), "mixed");
  EXPECT_EQ(surveyed("a\r\nb\r")->line_ends(), "mixed");
  EXPECT_EQ(surveyed("a")->line_ends(), "none");
  EXPECT_EQ(surveyed("")->line_ends(), "none");
}

TEST(Survey, LineEndsAreToldAcrossStretches) {
  const std::string much(3 * kStretch, 'x');
  at_every_seam("x", "\r\n", much + "\r\n",
                [](const std::string& text) { EXPECT_EQ(surveyed(text)->line_ends(), "crlf"); });
  EXPECT_EQ(surveyed("\r\n" + much + "\n" + much)->line_ends(), "mixed");
  EXPECT_EQ(surveyed("\n" + much + "\r\n" + much)->line_ends(), "mixed");
  EXPECT_EQ(surveyed("\n" + much + "\n" + much)->line_ends(), "lf");
  EXPECT_EQ(surveyed(much + "\r")->line_ends(), "cr");
}

TEST(Survey, CharactersMayLieAcrossStretches) {
  at_every_seam("x", "\xF0\x9F\x98\x80", "x",
                [](const std::string& text) { EXPECT_FALSE(surveyed(text)->has_failed()); });
  at_every_seam("x", "\xF0\x9F\x98", "x",
                [](const std::string& text) { EXPECT_TRUE(surveyed(text)->has_failed()); });
  at_every_seam("\xC3\xA9", "\xE9t\xE9", std::string(kStretch, 'x'),
                [](const std::string& text) { EXPECT_TRUE(surveyed(text)->has_failed()); });
}

TEST(Survey, ATextThatEndsWithinACharacterIsNoUtf8) {
  EXPECT_TRUE(surveyed("x\xE2\x82")->has_failed());
  EXPECT_TRUE(surveyed(std::string(kStretch, 'x') + "\xE2")->has_failed());
}

TEST(Survey, WhatIsNotExpectedToBeUtf8DoesNotFail) {
  const std::string_view text = "\xE9t\xE9";
  Survey survey(text, 0, text, /*expects_utf8=*/false);
  survey.finish();
  EXPECT_FALSE(survey.has_failed());
}

TEST(Survey, HashesTheBytesWithTheirMarkHoweverItIsCalled) {
  std::string bytes = "\xEF\xBB\xBF";
  for (int i = 0; bytes.size() < 5 * kStretch; ++i) bytes += std::to_string(i) + "\n";
  const std::string expected = io::Hash::of(bytes);
  for (const std::uint64_t step : {1u, 777u, 65536u, 200000u}) {
    EXPECT_EQ(surveyed(bytes, 3, step)->hash(), expected) << step;
  }
}

TEST(Survey, ATextMadeFromTheBytesIsNotWhatIsHashed) {
  const std::string bytes = "a b ";
  const std::string text = "ab\r\n";
  Survey survey(bytes, 0, text, /*expects_utf8=*/false);
  survey.finish();
  EXPECT_EQ(survey.hash(), io::Hash::of(bytes));
  EXPECT_EQ(survey.line_ends(), "crlf");
}

}  // namespace
}  // namespace engine::source
