// LegacyDecoder: text in a legacy encoding becomes UTF-8, as long as it is certain to come back.
//
// Thread contract: confined to one thread.
// Units: bytes.
// Errors: the position of the first character that the encoding has not, or that would come back as
// other bytes.
// Source: iconv of the GNU C library.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/encoder.h"
#include "engine/encoding.h"

namespace engine::source {

class LegacyDecoder {
 public:
  /// REQUIRES: is_legacy(encoding).
  explicit LegacyDecoder(Encoding encoding);
  ~LegacyDecoder();

  struct Result {
    std::size_t written = 0;  ///< bytes of UTF-8
    std::size_t read = 0;     ///< all of the bytes, or up to the first that does not come back
  };
  /// `out` holds most_utf8_size(bytes), or less: then it stops there.
  Result decode(std::string_view bytes, std::span<char> out);

 private:
  class Iconv;

  std::size_t stretch(std::string_view bytes, std::size_t* read);

  std::unique_ptr<Iconv> iconv_;
  Encoder encoder_;
  std::string utf8_;  // of one stretch
  std::string back_;
};

/// The most that `bytes` of a legacy encoding can come to.
std::size_t most_utf8_size(std::string_view bytes);

}  // namespace engine::source
