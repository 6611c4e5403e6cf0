// Encoding: how the bytes of a source stand for characters.
//
// Every encoding here keeps ASCII as it is (but UTF-16) and has no state between two characters, so
// that any stretch of a text can be turned into UTF-8 and back by itself.
//
// Thread contract: pure functions over constants.
// Errors: none; an unknown name is nothing.
// Source: iconv of the GNU C library, whose names they are beside the common ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engine {

enum class Encoding : std::uint8_t {
  kAuto,  ///< decide from the bytes
  kUtf8,
  kUtf16Le,
  kUtf16Be,
  k8bit,  ///< not told: every byte above ASCII is a letter, and stays as it is
  // Legacy encodings, which become UTF-8.
  kCp1250,
  kCp1251,
  kCp1252,
  kCp1253,
  kCp1254,
  kCp1255,
  kCp1256,
  kCp1257,
  kCp1258,
  kIso8859_1,
  kIso8859_2,
  kIso8859_5,
  kIso8859_7,
  kIso8859_8,
  kIso8859_9,
  kIso8859_13,
  kIso8859_15,
  kKoi8R,
  kKoi8U,
  kCp437,
  kCp850,
  kCp852,
  kCp866,
  kMacintosh,
  kTis620,
  kCp932,
  kEucJp,
  kGbk,
  kGb18030,
  kBig5,
  kEucKr,
  kCp949,
};

/// The name in manifests and on the command line: "utf-8", "cp932", ...
std::string_view encoding_name(Encoding encoding);
/// Accepts those names, and others in use ("shift_jis", "latin-1"), in any letter case.
std::optional<Encoding> encoding_from_name(std::string_view name);
/// All names that are printed, "auto" first: "auto, utf-8, ...".
std::string encoding_names();

constexpr bool is_utf16(Encoding encoding) {
  return encoding == Encoding::kUtf16Le || encoding == Encoding::kUtf16Be;
}
constexpr bool is_legacy(Encoding encoding) { return encoding > Encoding::k8bit; }
/// What iconv_open() takes. REQUIRES: is_legacy(encoding).
const char* iconv_name(Encoding encoding);

/// The byte order mark of an encoding that has one; else empty.
constexpr std::string_view byte_order_mark(Encoding encoding) {
  return encoding == Encoding::kUtf8      ? "\xef\xbb\xbf"
         : encoding == Encoding::kUtf16Le ? "\xff\xfe"
         : encoding == Encoding::kUtf16Be ? "\xfe\xff"
                                          : "";
}

}  // namespace engine
