// Utf16Encoder: UTF-8 as the splitter wrote it, back to the UTF-16 of the source.
//
// Thread contract: belongs to one thread.
// Units: bytes, in chunks that may end within a character. A lone surrogate comes as the three
// bytes that the UTF-8 pattern gives it.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace engine::io {

class Utf16Encoder {
 public:
  explicit Utf16Encoder(bool big_endian) : big_endian_(big_endian) {}

  /// Appends to `utf16`; false when the bytes are not UTF-8.
  bool add(std::string_view utf8, std::string& utf16);

  /// True between two characters.
  bool is_complete() const { return partial_size_ == 0; }

 private:
  char* put(char* to, unsigned unit) const;
  /// Encodes the character at the begin of `from`: its length there, 0 when more bytes are needed,
  /// -1 when it is not UTF-8.
  int encode(std::string_view from, char*& to) const;

  bool big_endian_;
  std::array<char, 4> partial_{};
  std::size_t partial_size_ = 0;
};

}  // namespace engine::io
