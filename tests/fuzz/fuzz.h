// What the fuzz targets share.
//
// Thread contract: pure.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "engine/dialect.h"

namespace engine::fuzz {

/// Ends the program, which is how a target tells that it found something.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "not so: %s\n", what);
  std::abort();
}

/// A dialect for a byte, so that the input itself chooses: 't' is T-SQL, 'p' PostgreSQL, and so on
/// by the digits; any other byte gives one of them too.
inline Dialect dialect_of(char byte) {
  constexpr std::string_view kInitials = "tpmosnbdfg";
  const auto found = kInitials.find(byte);
  const auto index =
      found != std::string_view::npos ? found : static_cast<unsigned char>(byte) % 10;
  return static_cast<Dialect>(static_cast<unsigned>(Dialect::kTsql) + index);
}

/// The input: one byte that chooses a dialect, then the text.
struct DialectInput {
  Dialect dialect = Dialect::kGeneric;
  std::string_view text;

  DialectInput(const std::uint8_t* data, std::size_t size)
      : text(reinterpret_cast<const char*>(data), size) {
    if (text.empty()) return;
    dialect = dialect_of(text[0]);
    text.remove_prefix(1);
  }
};

}  // namespace engine::fuzz
