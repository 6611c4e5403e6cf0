// clue_fits(): does a clue of dialect_clues.h stand at a place of a text?
//
// Thread contract: pure.
// Units: positions are bytes of the plain words (plain_words.h).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "engine/sql/dialect_clues.h"

namespace engine::sql {

/// A clue that begins or ends with a letter is whole words: "sysdate" is not in "sysdatetime".
bool whole_words(std::string_view text, std::size_t at, std::string_view clue);

/// The rest of a clue whose text, or one of whose first bytes, stands at `at`.
bool clue_fits(std::string_view text, std::size_t at, const DialectClue& clue);

/// What a clue may begin with: one of these stands wherever it fits.
std::span<const std::string_view> clue_beginnings(const DialectClue& clue);

}  // namespace engine::sql
