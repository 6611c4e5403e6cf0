// DoubleByte: the double-byte encodings of East Asia, as far as telling them apart needs: how long
// a character is, and whether it is one that people write.
//
// Thread contract: pure.
// Source: JIS X 0208, GB 2312, Big5 and KS X 1001, which put common characters in rows of their
// own.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "engine/encoding.h"

namespace engine::source {

struct DoubleByte {
  std::size_t length = 0;  ///< of the character; 0 where there is none
  int weight = 0;          ///< positive where people write it, negative where they hardly ever do
};

/// The character of `bytes` at `i`, a byte above ASCII.
using ReadDoubleByte = DoubleByte (*)(std::string_view bytes, std::size_t i);

DoubleByte read_cp932(std::string_view bytes, std::size_t i);
DoubleByte read_euc_jp(std::string_view bytes, std::size_t i);
DoubleByte read_gb18030(std::string_view bytes, std::size_t i);
DoubleByte read_big5(std::string_view bytes, std::size_t i);
DoubleByte read_cp949(std::string_view bytes, std::size_t i);

struct DoubleByteEncoding {
  Encoding encoding;
  ReadDoubleByte read;
};
inline constexpr std::array<DoubleByteEncoding, 5> kDoubleByteEncodings = {{
    {Encoding::kCp932, read_cp932},
    {Encoding::kGb18030, read_gb18030},
    {Encoding::kBig5, read_big5},
    {Encoding::kCp949, read_cp949},
    {Encoding::kEucJp, read_euc_jp},
}};

}  // namespace engine::source
