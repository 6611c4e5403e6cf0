#include "engine/sql/scanner.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace engine::sql {
namespace {

using ::testing::ElementsAre;

// Every token that is not white space, as text.
std::vector<std::string> tokens(std::string_view text, Dialect dialect) {
  std::vector<std::string> out;
  Scanner scanner(text, lex_rules(dialect));
  for (Token token = scanner.next(kNonSpaces); token.kind != TokenKind::kEnd;
       token = scanner.next(kNonSpaces)) {
    out.emplace_back(token.in(text));
  }
  return out;
}

// What a scanner finds that leaps from quote to quote.
std::vector<std::string> quotes(std::string_view text, Dialect dialect) {
  std::vector<std::string> out;
  Scanner scanner(text, lex_rules(dialect));
  for (Token token = scanner.next(scanner.quote_stops()); token.kind != TokenKind::kEnd;
       token = scanner.next(scanner.quote_stops())) {
    if (token.kind == TokenKind::kString || token.kind == TokenKind::kName) {
      out.emplace_back(token.in(text));
    }
  }
  return out;
}

TEST(Scanner, DoubledQuotesDoNotClose) {
  EXPECT_THAT(tokens("'it''s' x", Dialect::kTsql), ElementsAre("'it''s'", "x"));
  EXPECT_THAT(tokens("[a]]b] x", Dialect::kTsql), ElementsAre("[a]]b]", "x"));
  EXPECT_THAT(tokens("[a]]b] x", Dialect::kSqlite), ElementsAre("[a]", "]", "b", "]", "x"));
}

TEST(Scanner, BackslashEscapesOnlyWhereTheDialectHasIt) {
  EXPECT_THAT(tokens(R"('a\' x')", Dialect::kMysql), ElementsAre(R"('a\' x')"));
  EXPECT_THAT(tokens(R"('a\' x)", Dialect::kPostgresql), ElementsAre(R"('a\')", "x"));
  EXPECT_THAT(tokens(R"(E'a\' x')", Dialect::kPostgresql), ElementsAre(R"(E'a\' x')"));
}

TEST(Scanner, CommentsNestOnlyWhereTheDialectNestsThem) {
  EXPECT_THAT(tokens("/* a /* b */ c */ x", Dialect::kTsql), ElementsAre("/* a /* b */ c */", "x"));
  EXPECT_THAT(tokens("/* a /* b */ x", Dialect::kMysql), ElementsAre("/* a /* b */", "x"));
}

TEST(Scanner, MysqlDashCommentNeedsASpace) {
  EXPECT_THAT(tokens("1--2", Dialect::kMysql), ElementsAre("1", "-", "-", "2"));
  EXPECT_THAT(tokens("1--2", Dialect::kPostgresql), ElementsAre("1", "--2"));
}

TEST(Scanner, MysqlExecutableCommentIsCode) {
  EXPECT_THAT(tokens("/*!50003 CREATE*/ x", Dialect::kMysql),
              ElementsAre("/*!50003", "CREATE", "*/", "x"));
}

TEST(Scanner, DollarQuotes) {
  EXPECT_THAT(tokens("$a$ $b$ $a$ x", Dialect::kPostgresql), ElementsAre("$a$ $b$ $a$", "x"));
  EXPECT_THAT(tokens("a$b$ x", Dialect::kPostgresql), ElementsAre("a$b$", "x"));
  EXPECT_THAT(tokens("$1 + $2", Dialect::kPostgresql), ElementsAre("$1", "+", "$2"));
}

TEST(Scanner, AQQuoteOpensWithAWholeCharacter) {
  EXPECT_THAT(tokens("q'\u00ffit's; \u00ff' nq'\u8868a'\u8868' x", Dialect::kOracle),
              ElementsAre("q'\u00ffit's; \u00ff'", "nq'\u8868a'\u8868'", "x"));
  EXPECT_THAT(tokens("q'\xffit's\xff' x", Dialect::kFirebird), ElementsAre("q'\xffit's\xff'", "x"));
}

TEST(Scanner, OracleQQuotes) {
  EXPECT_THAT(tokens("q'[it's]' nq'{a'b}' x", Dialect::kOracle),
              ElementsAre("q'[it's]'", "nq'{a'b}'", "x"));
}

// A leap over words must find the same quotes as a walk through them.
TEST(Scanner, LeapingFindsTheSameQuotesAsWalking) {
  EXPECT_THAT(quotes("abc E'x\\'y' seq'z' d$q$ $q$'$q$", Dialect::kPostgresql),
              ElementsAre("'x\\'y'", "'z'", "$q$'$q$"));
  EXPECT_THAT(quotes("a q'(x'y)' aq'b'", Dialect::kOracle), ElementsAre("'(x'y)'", "'b'"));
}

TEST(Scanner, OpenQuoteRunsToTheEndAndSaysSo) {
  Scanner scanner("x 'abc", lex_rules(Dialect::kGeneric));
  scanner.next(kNonSpaces);
  const Token open = scanner.next(kNonSpaces);
  EXPECT_FALSE(open.closed);
  EXPECT_EQ(open.end, 6u);
}

}  // namespace
}  // namespace engine::sql
