// Odd quotes: one turns inside and outside of the literals behind it round. These functions tell
// whether a literal that is closed looks so.
//
// Thread contract: pure.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/sql/scanner.h"

namespace engine::sql {

/// Does a word stand directly behind it, as behind the first of 'O'Brien'? Keywords may, as in the
/// '...'LANGUAGE of old dumps.
bool touches_word_behind(std::string_view text, const Token& literal);

/// Does a word stand directly before it? One letter is a prefix (N'...', E'...'), and keywords may
/// stand so: AS'...'. Other words are the type or the character set of a literal, or its insides.
bool touches_word_before(std::string_view text, const Token& literal);

/// Is all that stands between it and a quote before it a word, no keyword? Then it is the second of
/// 'O'Brien', which nothing closes.
bool is_left_open(std::string_view text, const Token& literal);

/// Does its inside end in what stands before a literal: = ', ( ', || '?
bool ends_as_one_begins(std::string_view text, const Token& literal);

/// What odd quotes show in, from where a scanner stands to the end of its text.
struct OddQuotes {
  bool touch_words = false;        ///< a literal does, before it or behind
  bool end_as_one_begins = false;  ///< a literal does
  bool in_parentheses = false;     ///< one is open at the end
};
OddQuotes find_odd_quotes(Scanner scanner);

/// Does the line that holds text[at] have a quote that is one too many? It ends where `text` does.
bool has_one_quote_too_many(std::string_view text, std::size_t at);

/// Is all between `scanner` and `limit`, or the first terminator that ends a line, in order:
/// literals that do not run over `limit`, touch no word, and are closed on their line or end unlike
/// one begins?
bool reads_on_well(Scanner scanner, std::string_view terminator, std::size_t limit);

}  // namespace engine::sql
