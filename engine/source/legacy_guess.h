// guess_legacy(): which legacy encoding are these bytes in?
//
// SQL is mostly ASCII with a few foreign words, too few for letter statistics. So the characters
// themselves are weighed: kana, common kanji, hanzi or hangul speak for an encoding, rare ones and
// those that cannot be speak against it; accented letters speak for a Western encoding only between
// other letters. What stays open is asked of libuchardet, which knows how often characters occur in
// the languages. Where that does not tell either, nothing is told: the bytes stay as they are.
//
// Thread contract: pure.
#pragma once

#include <string_view>

#include "engine/source/detect_encoding.h"

namespace engine::source {

/// Of bytes that are not UTF-8. k8bit where they may be anything, or hold binary data.
EncodingGuess guess_legacy(std::string_view bytes);

}  // namespace engine::source
