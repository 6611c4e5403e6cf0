// LexRules: what a dialect's client takes for a quote, a comment and a word. Data only; the scanner
// follows it, and the splitters change it where the script itself does (SET
// standard_conforming_strings, SET sql_mode).
//
// Thread contract: a value.
// Source: the clients' lexers, rule by rule, in docs/dialects.md.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/dialect.h"

namespace engine::sql {

enum class DollarQuotes : std::uint8_t {
  kNone,
  kTagged,  ///< $tag$ ... $tag$ (PostgreSQL)
  kPlain,   ///< $$ ... $$ only (Snowflake)
};

struct LexRules {
  bool nested_comments = false;
  bool hash_comments = false;        ///< # to the end of the line
  bool slash_comments = false;       ///< // to the end of the line
  bool dash_needs_space = false;     ///< MySQL: "--" is a comment only before white space
  bool executable_comments = false;  ///< MySQL: /*! ... */ is code
  bool backslash_in_single = false;  ///< 'it\'s'
  bool backslash_in_double = false;  ///< "a\"b"
  bool escape_strings = false;       ///< E'it\'s'
  bool q_quotes = false;             ///< q'[it's]'
  bool triple_quotes = false;        ///< '''...''' and """...""", and prefixes as in r"..."
  bool backticks = false;
  bool backslash_in_backticks = false;
  bool brackets = false;        ///< [name]
  bool bracket_escape = false;  ///< [a]]b] (T-SQL); SQLite ends at the first ]
  bool double_is_name = true;   ///< "x" is an identifier, not a string
  DollarQuotes dollar_quotes = DollarQuotes::kNone;
  bool dollar_in_words = false;   ///< a$b is one word
  bool hash_in_words = false;     ///< a#b, #temp are words
  bool sqlcmd_variables = false;  ///< $(name) is a part of a word
  bool psql_variables = false;    ///< :name ends before a '$'; to psql, not to the server
  bool at_in_words = false;       ///< @variable is one word
};

LexRules lex_rules(Dialect dialect);
/// Where `terminator` ends statements, which is then no part of a word: END@.
LexRules lex_rules(Dialect dialect, std::string_view terminator);

}  // namespace engine::sql
