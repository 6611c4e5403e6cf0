// Encoder: the UTF-8 that a source was split and stored as, back to the bytes of the source.
//
// Thread contract: belongs to one thread.
// Units: bytes, in chunks that may end within a character.
// Errors: false for what is not UTF-8, or has no place in the encoding.
// Source: The Unicode Standard, chapter 3.9, for UTF-16, where a lone surrogate comes as the three
// bytes that the UTF-8 pattern gives it; iconv for all legacy encodings.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/encoding.h"

namespace engine {

class Encoder {
 public:
  /// UTF-8 and 8bit are copied as they are.
  explicit Encoder(Encoding encoding);
  ~Encoder();
  Encoder(Encoder&&) noexcept;
  Encoder& operator=(Encoder&&) noexcept;

  /// Appends to `bytes`.
  bool add(std::string_view utf8, std::string& bytes);

  /// True between two characters.
  bool is_complete() const { return partial_size_ == 0; }

 private:
  class Iconv;

  bool finish_partial(std::string_view& utf8, std::string& bytes);
  bool add_utf16(std::string_view utf8, std::string& bytes);
  bool add_legacy(std::string_view utf8, std::string& bytes);
  char* put(char* to, unsigned unit) const;
  int encode_utf16(std::string_view from, char*& to) const;

  Encoding encoding_;
  std::unique_ptr<Iconv> iconv_;
  std::array<char, 4> partial_{};  // the begin of a character whose rest is in the next chunk
  std::size_t partial_size_ = 0;
};

}  // namespace engine
