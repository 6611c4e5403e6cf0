// Encoding of a source: how its bytes become the UTF-8 (or at least ASCII-compatible) text that is
// split, and back.
//
// Thread contract: pure.
// Units: bytes.
// Source: The Unicode Standard, chapter 3.9; a lone surrogate becomes the three bytes that the
// UTF-8 pattern gives it, so that every UTF-16 text comes back byte for byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace engine::sql {

enum class Encoding : std::uint8_t { kUtf8, kUtf16Le, kUtf16Be, k8bit };

struct EncodingGuess {
  Encoding encoding = Encoding::kUtf8;
  std::size_t mark_length = 0;  ///< of the byte order mark
};

EncodingGuess detect_encoding(std::string_view bytes);

/// As manifest.json has it: "utf-16le-bom".
std::string_view encoding_name(const EncodingGuess& guess);

constexpr bool is_utf16(Encoding encoding) {
  return encoding == Encoding::kUtf16Le || encoding == Encoding::kUtf16Be;
}

/// Size of `bytes` (UTF-16, whole code units) as UTF-8.
std::size_t utf8_size(std::string_view bytes, Encoding encoding);
/// Writes utf8_size() bytes and returns how many. Never more than `out` holds, and then something
/// else than its size: the text may change between the two calls when it is a mapped file.
std::size_t to_utf8(std::string_view bytes, Encoding encoding, std::span<char> out);
/// Size in bytes of the UTF-16 that became `utf8`.
std::size_t utf16_size(std::string_view utf8);

/// Where positions of the split text lie in the source. Asked in ascending order, it walks the text
/// once.
class SourceOffsets {
 public:
  SourceOffsets(std::string_view text, const EncodingGuess& guess)
      : text_(text), guess_(guess), source_(guess.mark_length) {}

  std::uint64_t at(std::uint64_t text_offset);

 private:
  std::string_view text_;
  EncodingGuess guess_;
  std::uint64_t position_ = 0;
  std::uint64_t source_;
};

}  // namespace engine::sql
