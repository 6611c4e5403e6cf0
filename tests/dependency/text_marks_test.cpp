#include "engine/dependency/text_marks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>

namespace engine::dependency {
namespace {

constexpr std::string_view kWords[] = {"last_insert_id", "row_count", ":=", "@@identity", "next"};
constexpr MarkSet kMarks = {
    {kWords[0], 3}, {kWords[1], 2}, {kWords[2], 0}, {kWords[3], 0}, {kWords[4], 2}};

std::string lowered(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
  return text;
}

std::size_t expected(const std::string& lower, std::size_t begin, std::size_t end) {
  for (const std::string_view word : kWords) end = std::min(end, lower.find(word, begin));
  return end;
}

// Words, parts of words, and what their pairs are made of.
std::string random_text(std::mt19937& random) {
  constexpr std::string_view kPieces[] = {"last_insert_id",
                                          "LAST_insert_ID",
                                          "Row_Count",
                                          ":=",
                                          "@@identity",
                                          "@@IDENTITY",
                                          "next",
                                          "NEXT",
                                          "last_insert_",
                                          "row_",
                                          "@@",
                                          ":",
                                          "xt",
                                          "t_",
                                          "st_",
                                          "last_inext",
                                          "w_count",
                                          "row",
                                          "_",
                                          "ext"};
  std::string text;
  const auto rarity = 1 + random() % 60;
  for (auto count = random() % 300; count > 0; --count) {
    if (random() % rarity == 0) {
      text += kPieces[random() % std::size(kPieces)];
    } else {
      text.append(random() % 40, "xn(r,\n"[random() % 6]);
    }
  }
  return text;
}

TEST(MarkSet, FindsTheFirstWordWhateverItsLetterCase) {
  std::mt19937 random(20261129);
  for (int round = 0; round < 2000; ++round) {
    const std::string text = random_text(random);
    const std::string lower = lowered(text);
    for (int i = 0; i < 10; ++i) {
      const std::size_t begin = random() % (text.size() + 1);
      const std::size_t end = begin + random() % (text.size() - begin + 1);
      ASSERT_EQ(kMarks.find(text, begin, end), expected(lower, begin, end))
          << begin << ' ' << end << ' ' << text;
    }
    ASSERT_EQ(kMarks.any(text), expected(lower, 0, text.size()) < text.size()) << text;
  }
}

// What is looked for ahead is what each stretch alone holds.
TEST(TextMarks, FindsWhatEachStretchAloneHolds) {
  std::mt19937 random(17);
  for (int round = 0; round < 100; ++round) {
    std::string text;
    while (text.size() < 20'000) text += std::string(random() % 4000, '.') + random_text(random);
    const std::string lower = lowered(text);
    TextMarks marks(text, kMarks);
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.size(), begin + random() % 3000);
      ASSERT_EQ(marks.find(begin, end), expected(lower, begin, end)) << begin << ' ' << end;
      begin = random() % 20 == 0 ? random() % text.size() : end + random() % 3;  // or anywhere
    }
    ASSERT_EQ(marks.find(text.size(), text.size() + 100), text.size());
  }
}

}  // namespace
}  // namespace engine::dependency
