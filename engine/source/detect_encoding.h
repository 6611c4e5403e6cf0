// detect_encoding(): how the bytes of a source become the UTF-8 (or at least ASCII-compatible) text
// that is split, and where that text's positions lie in the source. The way back is
// engine/encoder.h.
//
// Thread contract: pure.
// Units: bytes.
// Source: The Unicode Standard, chapter 3.9; a lone surrogate becomes the three bytes that the
// UTF-8 pattern gives it, so that every UTF-16 text comes back byte for byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/encoder.h"
#include "engine/encoding.h"

namespace engine::source {

struct EncodingGuess {
  Encoding encoding = Encoding::kUtf8;
  std::size_t mark_length = 0;  ///< of the byte order mark
  std::string evidence{};       ///< what told it, for people
  bool is_utf32 = false;        ///< by its mark; kept as 8bit

  /// As manifest.json has it: "utf-16le-bom".
  std::string name() const {
    return std::string(encoding_name(encoding)) + (mark_length > 0 ? "-bom" : "");
  }
};

/// Told by a mark, by the zeros of UTF-16, by being UTF-8; else a guess (legacy_guess.h).
EncodingGuess detect_encoding(std::string_view bytes);
/// The same from the first kilobytes, where they tell: UTF-8 for a text that begins so. Whoever
/// reads on finds out whether it goes on so.
EncodingGuess detect_encoding_at_first(std::string_view bytes);
/// A mark goes before what the user says, and plain ASCII is UTF-8 whatever the user says.
EncodingGuess named_encoding(std::string_view bytes, Encoding named);

/// How far the text is UTF-8: its size, or the position of the first byte that is not.
std::size_t utf8_prefix(std::string_view text);

/// Size of `bytes` (UTF-16, whole code units) as UTF-8.
std::size_t utf8_size(std::string_view bytes, Encoding encoding);
/// Writes utf8_size() bytes and returns how many. Never more than `out` holds, and then something
/// else than its size: the text may change between the two calls when it is a mapped file.
std::size_t to_utf8(std::string_view bytes, Encoding encoding, std::span<char> out);

/// Where positions of the split text lie in the source. Asked in ascending order, it walks the text
/// once.
class SourceOffsets {
 public:
  SourceOffsets(std::string_view text, const EncodingGuess& guess)
      : text_(text), encoder_(guess.encoding), guess_(guess), source_(guess.mark_length) {}

  std::uint64_t at(std::uint64_t text_offset);

 private:
  std::uint64_t source_size(std::string_view passed);

  std::string_view text_;
  Encoder encoder_;
  EncodingGuess guess_;
  std::string encoded_;
  std::uint64_t position_ = 0;
  std::uint64_t source_;
};

}  // namespace engine::source
