// Word scan: where white space ends, where a word ends and how it begins, and where one of two
// words stands, sixteen bytes at a time: most of a script is words of a few letters, and a loop
// over their bytes is left at another one each time, which no processor guesses. With SSE2, which
// every x86-64 has (Highway 1.0 knows no target that is there without a choice at run time);
// elsewhere byte by byte.
//
// Thread contract: pure.
// Units: positions are bytes of the text.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/sql/byte_set.h"
#include "engine/sql/word.h"

namespace engine::sql {

struct WordRun {
  std::size_t size = 0;    ///< kWordScanStep: it may go on
  std::uint64_t head = 0;  ///< as Word::head_of() makes it
};

inline constexpr std::size_t kWordScanStep = 16;

/// Are there as many bytes at `from` as are looked at?
inline bool has_word_scan_room(std::string_view text, std::size_t from) {
  return from + kWordScanStep <= text.size();
}

#if defined(__SSE2__)

/// The bytes of a head that a word of so many has.
inline constexpr auto kHeadMasks = [] {
  std::array<std::uint64_t, kWordScanStep + 1> masks{};
  for (std::size_t size = 0; size < masks.size(); ++size) {
    masks[size] = size < Word::kHead ? (std::uint64_t{1} << 8 * size) - 1 : ~std::uint64_t{0};
  }
  return masks;
}();

namespace word_scan {

inline __m128i load(std::string_view text, std::size_t from) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + from));
}
inline __m128i fill(int byte) { return _mm_set1_epi8(static_cast<char>(byte)); }
inline __m128i is_byte(__m128i bytes, char byte) { return _mm_cmpeq_epi8(bytes, fill(byte)); }

/// Bytes `first` to `first + count - 1`: moved to the highest of the signed numbers, of which one
/// comparison tells.
template <int first, int count>
inline __m128i in_range(__m128i bytes) {
  return _mm_cmpgt_epi8(_mm_add_epi8(bytes, fill(128 - first - count)), fill(127 - count));
}
/// `known`: a bit for each byte that counts whatever its mask says.
inline std::size_t leading(__m128i mask, std::uint32_t known = 0) {
  const auto others = ~(static_cast<std::uint32_t>(_mm_movemask_epi8(mask)) | known);
  return static_cast<std::size_t>(std::countr_zero(others));  // above the mask all bits are set
}

}  // namespace word_scan

/// How many bytes at `from` are white space; kWordScanStep: more may follow.
/// REQUIRES: has_word_scan_room(text, from).
inline std::size_t leading_spaces(std::string_view text, std::size_t from) {
  const __m128i bytes = word_scan::load(text, from);
  return word_scan::leading(
      _mm_or_si128(word_scan::in_range<'\t', 5>(bytes), word_scan::is_byte(bytes, ' ')));
}

/// How many bytes at `from` are not `byte`; kWordScanStep: it may stand behind them.
/// REQUIRES: has_word_scan_room(text, from).
inline std::size_t leading_until(std::string_view text, std::size_t from, char byte) {
  const __m128i others =
      _mm_cmpeq_epi8(word_scan::is_byte(word_scan::load(text, from), byte), _mm_setzero_si128());
  return word_scan::leading(others);
}

/// The byte at `from`, whatever it is, and the kWordBytes behind it.
/// REQUIRES: has_word_scan_room(text, from).
inline WordRun leading_word(std::string_view text, std::size_t from) {
  const __m128i bytes = word_scan::load(text, from);
  const __m128i case_bit = word_scan::fill(0x20);
  const __m128i letters = word_scan::in_range<'a', 26>(_mm_or_si128(bytes, case_bit));
  // Above ASCII the highest bit is set, which is all that leading() asks for.
  const __m128i others = _mm_or_si128(word_scan::is_byte(bytes, '_'), bytes);
  const __m128i digits = word_scan::in_range<'0', 10>(bytes);
  const __m128i in_word = _mm_or_si128(_mm_or_si128(letters, digits), others);
  const __m128i lowered = _mm_or_si128(bytes, _mm_and_si128(letters, case_bit));
  WordRun run;
  run.size = word_scan::leading(in_word, 1);
  run.head = static_cast<std::uint64_t>(_mm_cvtsi128_si64(lowered)) & kHeadMasks[run.size];
  return run;
}

#else

inline std::size_t leading_spaces(std::string_view text, std::size_t from) {
  return kNonSpaces.find(text.substr(0, from + kWordScanStep), from) - from;
}

inline std::size_t leading_until(std::string_view text, std::size_t from, char byte) {
  const std::size_t place = text.substr(from, kWordScanStep).find(byte);
  return place == std::string_view::npos ? kWordScanStep : place;
}

inline WordRun leading_word(std::string_view text, std::size_t from) {
  WordRun run{1, 0};
  while (run.size < kWordScanStep && kWordBytes.contains(text[from + run.size])) ++run.size;
  run.head = Word::head_of(text.substr(from, run.size));
  return run;
}

#endif

}  // namespace engine::sql
