// decode(): the bytes of a source as the text that is split: without the mark, UTF-16 and legacy
// encodings as UTF-8.
//
// Thread contract: pure, but for the memory it asks for.
// Units: bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "engine/source/detect_encoding.h"
#include "engine/source_report.h"
#include "engine/sql/detect_dialect.h"

namespace engine::source {

struct DecodedText {
  EncodingGuess encoding;
  /// Views the bytes, or the memory that was asked for. Half of a UTF-16 code unit at the end of
  /// the bytes is no part of it.
  std::string_view text;
  std::optional<Warning> warning;  ///< of the encoding: not told, not read, or not the one named
};

/// Memory for so many bytes of UTF-8; asked for once, or not at all.
using AskForRoom = std::function<Result<std::span<char>>(std::size_t size)>;

/// How much of the bytes is looked at where nobody says what encoding they are in.
enum class Look : std::uint8_t { kWhole, kFirst };

/// `named` is kAuto, or what the user says. Fails with kChanged where the bytes changed meanwhile,
/// with kStopped soon after the source is given up. With Look::kFirst, what is said to be UTF-8
/// without a mark need not be.
Result<DecodedText> decode(std::string_view bytes, Encoding named, const AskForRoom& room,
                           Look look = Look::kWhole, const std::stop_token& given_up = {});

/// What is to be said of all of a text comes before what is said of its parts, `warnings`.
void warn_of_whole(const DecodedText& decoded, const sql::DialectGuess& guess,
                   std::vector<Warning>* warnings);

}  // namespace engine::source
