#include "engine/sql/word.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <span>
#include <string>

#include "engine/sql/scanner.h"
#include "engine/sql/word_scan.h"
#include "engine/sql/word_set.h"

namespace engine::sql {
namespace {

TEST(Word, IsTheSameInAnyLetterCase) {
  EXPECT_TRUE(Word::of("SeLeCt") == "select");
  EXPECT_TRUE(Word::of("MATERIALIZED") == "materialized");  // longer than its head
  EXPECT_FALSE(Word::of("materialised") == "materialized");
  EXPECT_FALSE(Word::of("material") == "materialized");
  EXPECT_FALSE(Word::of("materialized_view") == "materialized");
  EXPECT_FALSE(Word::of("selects") == "select");
  EXPECT_FALSE(Word::of("@elect") == "`elect");  // 0x20 apart, and no letters
  EXPECT_TRUE(Word() == "");
}

// As the compiler makes it of a keyword, byte by byte.
std::uint64_t head_by_byte(std::string_view text) {
  std::uint64_t head = 0;
  for (std::size_t i = 0; i < std::min(text.size(), Word::kHead); ++i) {
    head |= std::uint64_t{static_cast<unsigned char>(lower(text[i]))} << 8 * i;
  }
  return head;
}

TEST(Word, HasOneHeadWhoeverMakesIt) {
  for (std::size_t size = 0; size <= Word::kHead + 2; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text = std::string("AzZa@[`{Qq").substr(0, size);
        text[place] = static_cast<char>(byte);
        EXPECT_EQ(Word::head_of(text), head_by_byte(text)) << text;
      }
    }
  }
  EXPECT_EQ(Word::head_of(""), 0u);
}

TEST(WordSet, FindsEachWordAtItsPlaceAndNoOther) {
  constexpr std::string_view text = "as from identity materialized materialized_view x";
  constexpr WordSet<count_words(text)> set(text);
  EXPECT_EQ(set.find(Word::of("AS")), 0u);
  EXPECT_EQ(set.find(Word::of("Materialized_View")), 4u);
  EXPECT_EQ(set.find("x"), 5u);
  EXPECT_FALSE(set.contains("material"));
  EXPECT_FALSE(set.contains(Word()));
}

TEST(WordScan, TellsEveryByteApart) {
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t place = 0; place < kWordScanStep; ++place) {
      std::string text(kWordScanStep, 'Q');
      text[place] = static_cast<char>(byte);
      const bool in_word = place == 0 || kWordBytes.contains(text[place]);
      const WordRun run = leading_word(text, 0);
      EXPECT_EQ(run.size, in_word ? kWordScanStep : place) << byte;
      EXPECT_EQ(run.head, Word::head_of(text.substr(0, run.size))) << byte;
      EXPECT_EQ(leading_until(text, 0, text[place]), byte == 'Q' ? 0 : place) << byte;
      std::string blank(kWordScanStep, '\t');
      blank[place] = static_cast<char>(byte);
      EXPECT_EQ(leading_spaces(blank, 0), kSpaces.contains(blank[place]) ? kWordScanStep : place)
          << byte;
    }
  }
}

// Of which texts are made up.
constexpr std::string_view kLexemes[] = {"select",
                                         "N'it''s'",
                                         "e'\\''",
                                         "[a]]b]",
                                         "[a long name of a column]",
                                         "\"x\"",
                                         "`y`",
                                         "$tag$ z $tag$",
                                         "$$ z $$",
                                         "$1",
                                         "a$b",
                                         "#t",
                                         "@v",
                                         "$(sqlcmd)",
                                         "x$(",
                                         "12",
                                         "1.5e3",
                                         "1$$",
                                         "0x1F",
                                         "--",
                                         "-- c\n",
                                         "/* c */",
                                         "/*!40101 s */",
                                         "//",
                                         "q'[it's]'",
                                         "r'''a'''",
                                         "(",
                                         ")",
                                         ",",
                                         ".",
                                         ";",
                                         "=",
                                         "<",
                                         ">",
                                         "+",
                                         "|",
                                         "&",
                                         "%",
                                         ":",
                                         "::",
                                         "*",
                                         "/",
                                         "\\",
                                         "!",
                                         "a_very_long_identifier_indeed",
                                         "\xc3\xa4",
                                         " ",
                                         "  ",
                                         "\n",
                                         "\r\n\t",
                                         "                  "};

// The tokens that are taken without the rules are those that the rules find.
TEST(Scanner, NextTokensAreWhatTheRulesFind) {
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) text += kLexemes[random() % std::size(kLexemes)];
    for (int number = 0; number <= static_cast<int>(Dialect::kGeneric); ++number) {
      const LexRules rules = lex_rules(static_cast<Dialect>(number));
      const std::size_t end = text.size() - std::min(text.size(), random() % 40);
      Scanner scanner(text, end, rules, 0);
      Scanner by_rules(std::string_view(text).substr(0, end), rules);
      for (bool at_end = false; !at_end;) {
        std::array<Token, 5> row;
        const std::span<Token> tokens = std::span(row).first(1 + random() % row.size());
        scanner.next_tokens(tokens.data(), tokens.data() + tokens.size());
        for (const Token& token : tokens) {
          Token expected = by_rules.next(kNonSpaces);
          while (!expected.is_significant()) expected = by_rules.next(kNonSpaces);
          ASSERT_EQ(token.kind, expected.kind) << text;
          ASSERT_EQ(token.begin, expected.begin) << text;
          ASSERT_EQ(token.end, expected.end) << text;
          ASSERT_EQ(token.closed, expected.closed) << text;
          ASSERT_EQ(token.symbol, expected.symbol) << text;
          const bool word = token.kind == TokenKind::kWord;
          ASSERT_EQ(token.head, word ? Word::head_of(token.in(text)) : 0) << text;
          at_end = token.kind == TokenKind::kEnd;
        }
      }
    }
  }
}

}  // namespace
}  // namespace engine::sql
