#include "engine/sql/lex_rules.h"

#include <array>
#include <cstddef>

namespace engine::sql {
namespace {

constexpr LexRules rules_of(Dialect dialect) {
  LexRules rules;
  switch (dialect) {
    case Dialect::kTsql:
      rules.nested_comments = true;
      rules.brackets = rules.bracket_escape = true;
      rules.dollar_in_words = rules.hash_in_words = rules.at_in_words = true;
      rules.sqlcmd_variables = true;
      break;
    case Dialect::kPostgresql:
      rules.nested_comments = true;
      rules.escape_strings = true;
      rules.dollar_quotes = DollarQuotes::kTagged;
      rules.dollar_in_words = true;
      break;
    case Dialect::kMysql:
      rules.hash_comments = true;
      rules.dash_needs_space = true;
      rules.executable_comments = true;
      rules.backslash_in_single = rules.backslash_in_double = true;
      rules.backticks = true;
      rules.double_is_name = false;
      rules.dollar_in_words = rules.at_in_words = true;
      break;
    case Dialect::kOracle:
      rules.q_quotes = true;
      rules.dollar_in_words = rules.hash_in_words = true;
      break;
    case Dialect::kSqlite:
      rules.backticks = rules.brackets = true;
      rules.dollar_in_words = true;
      break;
    case Dialect::kSnowflake:
      rules.slash_comments = true;
      rules.backslash_in_single = true;
      rules.dollar_quotes = DollarQuotes::kPlain;
      rules.dollar_in_words = true;
      break;
    case Dialect::kBigquery:
      rules.hash_comments = true;
      rules.backslash_in_single = rules.backslash_in_double = true;
      rules.triple_quotes = true;
      rules.backticks = rules.backslash_in_backticks = true;
      rules.double_is_name = false;
      rules.at_in_words = true;
      break;
    case Dialect::kDb2:
      rules.nested_comments = true;
      rules.dollar_in_words = rules.hash_in_words = rules.at_in_words = true;
      break;
    case Dialect::kFirebird:
      rules.q_quotes = true;
      rules.dollar_in_words = true;
      break;
    case Dialect::kAuto:
    case Dialect::kGeneric:
      rules.backticks = true;
      rules.dollar_in_words = rules.at_in_words = true;
      break;
  }
  return rules;
}

constexpr auto kRules = [] {
  std::array<LexRules, static_cast<std::size_t>(Dialect::kGeneric) + 1> rules{};
  for (std::size_t i = 0; i < rules.size(); ++i) rules[i] = rules_of(static_cast<Dialect>(i));
  return rules;
}();

}  // namespace

// A cursor, of which each statement has several, asks for them.
LexRules lex_rules(Dialect dialect) { return kRules[static_cast<std::size_t>(dialect)]; }

LexRules lex_rules(Dialect dialect, std::string_view terminator) {
  LexRules rules = lex_rules(dialect);
  const auto ends = [&](char c) { return terminator.find(c) != std::string_view::npos; };
  rules.at_in_words = rules.at_in_words && !ends('@');
  rules.hash_in_words = rules.hash_in_words && !ends('#');
  rules.dollar_in_words = rules.dollar_in_words && !ends('$');
  return rules;
}

}  // namespace engine::sql
