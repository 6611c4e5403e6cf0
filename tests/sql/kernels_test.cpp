// Every vector unit's kernels give the scalar one's answers, for texts made of what means something
// to them, at every phase of a block.
#include "engine/sql/kernels/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <string_view>

#include "engine/sql/scanner.h"

namespace engine::sql {
namespace {

constexpr std::string_view kRuns[] = {
    "'",
    "'",
    "''",
    "\"",
    "`",
    "[",
    "]",
    "\\",
    "\\\\",
    ";",
    "(",
    ")",
    "-",
    "--",
    "/*",
    "*/",
    "/",
    "*",
    "\n",
    "\r\n",
    "\ngo",
    " ",
    "\t",
    "\n \t",
    "GO",
    "g",
    "x",
    "é",
    "0",
    ", ",
    "$",
    "'abc'",
    "[a.b]",
    "\"n\"",
    "\\'",
    "N'",
    "E'",
    "||'s'",
    ".",
    "),",
    "(1,2),",
    "a b",
    "'it\\'s late; b',",
    std::string_view("\0", 1),
    "a long stretch of plain text, longer than one block of bytes, as most of any text is; "};

std::string random_text(std::mt19937& random) {
  std::string text;
  for (auto count = random() % 120; count > 0; --count) {
    // Mostly few kinds of pieces, so that long runs of one state come about.
    const auto choices = random() % 3 == 0 ? std::size(kRuns) : 6;
    text += kRuns[(random() % choices * 7 + count / 40) % std::size(kRuns)];
  }
  return text;
}

SkimRules random_rules(std::mt19937& random) {
  SkimRules rules;
  constexpr std::string_view kNames[] = {"", "\"\"", "``", "[]"};
  const std::string_view names = kNames[random() % std::size(kNames)];
  if (!names.empty()) rules.set_names(names[0], names[1]);
  rules.backslash = random() % 2 == 0;
  rules.letter_prefixes = random() % 2 == 0;
  rules.parentheses = random() % 2 == 0;
  if (rules.backslash) rules.add_stops("\\");
  for (const std::string_view stop : {";", "$", "\"", "`", "x"}) {
    SkimRules more = rules;
    if (random() % 3 == 0 && more.add_stops(stop)) rules = more;
  }
  if (random() % 16 == 0) rules.add_stops(" ");  // some client's terminator may be a blank
  if (random() % 2 == 0) rules.line_letter = 'g';
  if (random() % 2 == 0) rules.line_mark = '/';
  return rules;
}

class KernelsOnThisCpu : public testing::TestWithParam<const Kernels*> {};

TEST_P(KernelsOnThisCpu, SkimAsTheScalarOneDoes) {
  std::mt19937 random(20240918);
  std::size_t stopped = 0;
  for (int round = 0; round < 20000; ++round) {
    const std::string text = random_text(random);
    const SkimRules rules = random_rules(random);
    // From every place where it stops it goes on, as from behind a token.
    for (std::size_t from = 0; from < text.size(); ++stopped) {
      int depth = static_cast<int>(random() % 3);
      int expected_depth = depth;
      const std::size_t expected = kScalarKernels.skim(text, from, rules, &expected_depth);
      ASSERT_EQ(GetParam()->skim(text, from, rules, &depth), expected)
          << "from " << from << " of round " << round << ": " << text;
      ASSERT_EQ(depth, expected_depth) << "from " << from << " of round " << round << ": " << text;
      from = expected + 1;
    }
  }
  EXPECT_GT(stopped, 100000u);  // the texts are not all passed over
}

// Rows of a few kinds, cut at random, and now and then what no row holds.
std::string random_rows(std::mt19937& random) {
  constexpr std::string_view kRows[] = {"INSERT INTO t VALUES (1, 'a;b', (2));",
                                        "INSERT INTO t VALUES ('it''s', now());",
                                        "INSERT INTO t VALUES (E'x', \"n\", '');",
                                        "INSERT INTO `t` VALUES ('a\nb;\nINSERT ');",
                                        "INSERT x;",
                                        "INSERT (;",
                                        "UPDATE t SET a = ')' WHERE b = ((1));",
                                        "INSERT INTO t VALUES (1) -- one\n;"};
  constexpr std::string_view kBetween[] = {"\n", "\n", "\n", "\n", "\r\n", " \n", "\n\n", ""};
  std::string text = "INSERT ";
  for (auto count = random() % 24; count > 0; --count) {
    if (random() % 40 == 0) text += kRuns[random() % std::size(kRuns)];
    const std::string_view row = kRows[random() % (random() % 4 == 0 ? std::size(kRows) : 2)];
    text += random() % 30 == 0 ? row.substr(random() % row.size()) : row;
    text += kBetween[random() % (random() % 4 == 0 ? std::size(kBetween) : 4)];
  }
  return text;
}

TEST_P(KernelsOnThisCpu, SkimRowsAsTheScalarOneDoes) {
  std::mt19937 random(20240920);
  std::size_t passed = 0;
  for (int round = 0; round < 20000; ++round) {
    const std::string text = random_rows(random);
    SkimRules rules = random_rules(random);
    if (!rules.add_stops(";")) continue;
    std::array<RowEnd, 16> room;
    std::array<RowEnd, 16> expected_room;
    const std::size_t limit = random() % 4 == 0 ? random() % 1000 : ~std::size_t{0};
    RowEnds ends(RowHead("INSERT "), ';', 1, limit, room);
    RowEnds expected_ends(RowHead("INSERT "), ';', 1, limit, expected_room);
    int depth = 0;
    int expected_depth = 0;
    const std::size_t from = random() % 2 == 0 ? 1 : 6;
    const std::size_t expected =
        kScalarKernels.skim_rows(text, from, rules, &expected_depth, &expected_ends);
    ASSERT_EQ(GetParam()->skim_rows(text, from, rules, &depth, &ends), expected) << text;
    ASSERT_EQ(depth, expected_depth) << text;
    const auto same = [](const RowEnd& a, const RowEnd& b) {
      return a.end == b.end && a.next == b.next && a.line == b.line;
    };
    ASSERT_TRUE(std::equal(ends.found().begin(), ends.found().end(), expected_ends.found().begin(),
                           expected_ends.found().end(), same))
        << text;
    passed += ends.found().size();
  }
  EXPECT_GT(passed, 20000u);  // the texts are not all stopped in
}

TEST_P(KernelsOnThisCpu, SkimValuesAsTheScalarOneDoes) {
  std::mt19937 random(20240921);
  std::size_t closed = 0;
  for (int round = 0; round < 20000; ++round) {
    const std::string text = random() % 4 == 0 ? random_text(random) : random_rows(random);
    for (std::size_t open = text.find('('); open != std::string::npos;
         open = text.find('(', open + 1)) {
      int depth = random() % 4 == 0 ? 2 : 1;
      int expected_depth = depth;
      const std::size_t expected = kScalarKernels.skim_values(text, open + 1, &expected_depth);
      ASSERT_EQ(GetParam()->skim_values(text, open + 1, &depth), expected)
          << "from " << open << " of round " << round << ": " << text;
      ASSERT_EQ(depth, expected_depth) << "from " << open << " of round " << round << ": " << text;
      closed += depth == 0;
    }
  }
  EXPECT_GT(closed, 20000u);  // most are not stopped in
}

// Where the scanner finds the end of the values, or what holds parentheses besides strings.
std::size_t read_values(std::string_view text, int* depth) {
  Scanner scanner(text, lex_rules(Dialect::kTsql));
  const ByteSet stops = ByteSet(scanner.quote_stops()).add("()");
  while (true) {
    const Token token = scanner.next(stops);
    if (token.kind == TokenKind::kName || token.is_comment()) return token.begin;
    if (token.kind == TokenKind::kEnd) return text.size();
    if (token.symbol == '(') ++*depth;
    if (token.symbol == ')' && --*depth == 0) return token.end;
  }
}

TEST(SkimValues, GoesWhereTheScannerGoes) {
  std::mt19937 random(20240922);
  for (int round = 0; round < 20000; ++round) {
    const std::string text = random() % 4 == 0 ? random_text(random) : random_rows(random);
    const std::string_view values = std::string_view(text).substr(text.find('(') + 1);
    int depth = random() % 4 == 0 ? 2 : 1;
    int expected_depth = depth;
    const std::size_t expected = read_values(values, &expected_depth);
    ASSERT_EQ(kScalarKernels.skim_values(values, 0, &depth), expected) << values;
    ASSERT_EQ(depth, expected_depth) << values;
  }
}

TEST(ScalarKernels, TallyWhatIsThere) {
  const auto tally = [](std::string_view text, std::size_t from, std::size_t end) {
    return kScalarKernels.tally(text, from, end);
  };
  constexpr std::string_view kText = "a\r\nb\rc\n\xC3\xA9";
  EXPECT_EQ(tally(kText, 0, kText.size()), (Tally{2, 2, 1, false}));
  EXPECT_EQ(tally(kText, 0, 7), (Tally{2, 2, 1, true}));
  EXPECT_EQ(tally(kText, 0, 2), (Tally{0, 1, 0, true}));
  EXPECT_EQ(tally(kText, 2, 3), (Tally{1, 0, 1, true})) << "its return stands before it";
  EXPECT_EQ(tally(kText, 3, 3), Tally());
}

TEST_P(KernelsOnThisCpu, TallyAsTheScalarOneDoes) {
  std::mt19937 random(20261130);
  constexpr std::string_view kBytes = "\r\n\r\nabcdefgh\x7F\x80\xFF";
  for (int round = 0; round < 5000; ++round) {
    // Mostly ASCII, so that one byte that is not decides.
    const std::size_t kinds = random() % 2 == 0 ? kBytes.size() : kBytes.size() - 2;
    std::string text(random() % 400, ' ');
    for (char& c : text) c = kBytes[random() % kinds];
    const std::size_t from = random() % (text.size() + 1);
    const std::size_t end = from + random() % (text.size() - from + 1);
    ASSERT_EQ(GetParam()->tally(text, from, end), kScalarKernels.tally(text, from, end))
        << text << " from " << from << " to " << end;
  }
}

TEST_P(KernelsOnThisCpu, FindAndCountAsTheScalarOneDoes) {
  std::mt19937 random(20240919);
  constexpr std::string_view kBytes = "'\\\n;*/\0x";
  for (int round = 0; round < 20000; ++round) {
    std::string text = random_text(random);
    const char a = kBytes[random() % kBytes.size()];
    const char b = kBytes[random() % kBytes.size()];
    const std::size_t from = random() % (text.size() + 1);
    const std::size_t end = from + random() % (text.size() - from + 1);
    ASSERT_EQ(GetParam()->count(text, from, end, a), kScalarKernels.count(text, from, end, a))
        << text;
    ASSERT_EQ(GetParam()->find_either(text, from, a, b),
              kScalarKernels.find_either(text, from, a, b))
        << text;
    ASSERT_EQ(GetParam()->find_pair(text, from, a, b), kScalarKernels.find_pair(text, from, a, b))
        << text;
    BytePairs pairs;
    pairs.add(a, b, 0);
    pairs.add('x', a, 1);
    ASSERT_EQ(GetParam()->find_pairs(text, from, pairs),
              kScalarKernels.find_pairs(text, from, pairs))
        << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Each, KernelsOnThisCpu, testing::ValuesIn(supported_kernels()),
                         [](const auto& kernels) { return std::string(kernels.param->name); });

}  // namespace
}  // namespace engine::sql
