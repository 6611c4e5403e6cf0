#include "engine/sql/code_points.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace engine::sql {
namespace {

void append_utf8(std::uint32_t point, std::string* out) {
  constexpr std::uint32_t kLast = 0x10ffff, kReplacement = 0xfffd;
  if (point > kLast || point >> 11 == 0x1b) point = kReplacement;
  const auto add = [out](std::uint32_t byte) { *out += static_cast<char>(byte); };
  if (point < 0x80) return add(point);
  if (point < 0x800) {
    add(0xc0 | point >> 6);
  } else {
    if (point < 0x10000) {
      add(0xe0 | point >> 12);
    } else {
      add(0xf0 | (point >> 18 & 7));
      add(0x80 | (point >> 12 & 0x3f));
    }
    add(0x80 | (point >> 6 & 0x3f));
  }
  add(0x80 | (point & 0x3f));
}

}  // namespace

std::string by_code_points(std::string_view text, char escape) {
  std::string out;
  std::uint32_t high = 0;
  for (std::size_t i = 0; i < text.size();) {
    const bool long_one = text.substr(i + 1).starts_with('+');
    const std::string_view digits = text.substr(std::min(i + 1 + long_one, text.size()));
    const std::size_t many = long_one ? 6 : 4;
    std::uint32_t point = 0;
    const auto read =
        std::from_chars(digits.data(), digits.data() + std::min(many, digits.size()), point, 16);
    if (text[i] != escape || read.ptr != digits.data() + many) {
      i += text[i] == escape && text.substr(i + 1).starts_with(escape);
      out += text[i++];
      continue;
    }
    i += 1 + long_one + many;
    if (point >> 10 == 0x36) {
      high = point;
      continue;
    }
    if (point >> 10 == 0x37 && high != 0)
      point = 0x10000 + ((high & 0x3ff) << 10 | (point & 0x3ff));
    high = 0;
    append_utf8(point, &out);
  }
  return out;
}

}  // namespace engine::sql
