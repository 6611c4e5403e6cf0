#include "io/file/utf16.h"

namespace engine::io {
namespace {

// Of a character that begins with this byte; 0 for a byte that begins none.
std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

}  // namespace

char* Utf16Encoder::put(char* to, unsigned unit) const {
  const auto high = static_cast<char>(unit >> 8);
  const auto low = static_cast<char>(unit & 0xFF);
  to[0] = big_endian_ ? high : low;
  to[1] = big_endian_ ? low : high;
  return to + 2;
}

int Utf16Encoder::encode(std::string_view from, char*& to) const {
  const auto lead = static_cast<unsigned char>(from[0]);
  const std::size_t length = length_of(lead);
  if (length == 0) return -1;
  if (length == 1) {
    to = put(to, lead);
    return 1;
  }
  constexpr unsigned lead_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  unsigned point = lead & lead_bits[length];
  for (std::size_t i = 1; i < length; ++i) {
    if (i == from.size()) return 0;
    const auto byte = static_cast<unsigned char>(from[i]);
    if ((byte & 0xC0) != 0x80) return -1;
    point = point << 6 | (byte & 0x3F);
  }
  if (length < 4) {
    if (length == 3 && point < 0x800) return -1;
    to = put(to, point);
  } else {
    if (point < 0x10000 || point > 0x10FFFF) return -1;
    to = put(to, 0xD800 + ((point - 0x10000) >> 10));
    to = put(to, 0xDC00 + ((point - 0x10000) & 0x3FF));
  }
  return static_cast<int>(length);
}

bool Utf16Encoder::add(std::string_view utf8, std::string& utf16) {
  const std::size_t begin = utf16.size();
  // No byte of UTF-8 makes more than two of UTF-16.
  utf16.resize(begin + 2 * (partial_size_ + utf8.size()));
  char* const first = utf16.data() + begin;
  char* to = first;
  bool valid = true;
  while (valid && partial_size_ > 0 && !utf8.empty()) {
    partial_[partial_size_++] = utf8.front();
    utf8.remove_prefix(1);
    const int length = encode({partial_.data(), partial_size_}, to);
    valid = length >= 0;
    if (length > 0) partial_size_ = 0;
  }
  while (valid && !utf8.empty()) {
    const int length = encode(utf8, to);
    valid = length >= 0;
    if (length == 0) {
      partial_size_ = utf8.copy(partial_.data(), partial_.size());
      break;
    }
    if (valid) utf8.remove_prefix(static_cast<std::size_t>(length));
  }
  utf16.resize(begin + static_cast<std::size_t>(to - first));
  return valid;
}

}  // namespace engine::io
