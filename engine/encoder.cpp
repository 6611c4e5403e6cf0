#include "engine/encoder.h"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace engine {
namespace {

// Of a character that begins with this byte; 0 for a byte that begins none.
std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF5 ? 4 : 0;
}

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

}  // namespace

class Encoder::Iconv {
 public:
  explicit Iconv(Encoding encoding) : handle_(::iconv_open(iconv_name(encoding), "UTF-8")) {}
  ~Iconv() {
    if (is_open()) ::iconv_close(handle_);
  }
  Iconv(const Iconv&) = delete;
  Iconv& operator=(const Iconv&) = delete;

  // Whole characters only.
  bool add(std::string_view utf8, std::string& bytes) {
    if (!is_open()) return false;
    char* from = const_cast<char*>(utf8.data());  // iconv does not write there
    std::size_t left = utf8.size();
    std::array<char, 4096> buffer;
    while (left > 0) {
      char* to = buffer.data();
      std::size_t room = buffer.size();
      const std::size_t inexact = ::iconv(handle_, &from, &left, &to, &room);
      bytes.append(buffer.data(), buffer.size() - room);
      if (inexact == 0) break;
      if (inexact != static_cast<std::size_t>(-1) || errno != E2BIG) return false;
    }
    return true;
  }

 private:
  bool is_open() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  iconv_t handle_;
};

Encoder::Encoder(Encoding encoding) : encoding_(encoding) {
  if (is_legacy(encoding)) iconv_ = std::make_unique<Iconv>(encoding);
}
Encoder::~Encoder() = default;
Encoder::Encoder(Encoder&&) noexcept = default;
Encoder& Encoder::operator=(Encoder&&) noexcept = default;

bool Encoder::add(std::string_view utf8, std::string& bytes) {
  if (is_utf16(encoding_)) return add_utf16(utf8, bytes);
  if (is_legacy(encoding_)) return add_legacy(utf8, bytes);
  bytes.append(utf8);
  return true;
}

char* Encoder::put(char* to, unsigned unit) const {
  const auto high = static_cast<char>(unit >> 8);
  const auto low = static_cast<char>(unit & 0xFF);
  const bool big_endian = encoding_ == Encoding::kUtf16Be;
  to[0] = big_endian ? high : low;
  to[1] = big_endian ? low : high;
  return to + 2;
}

// Encodes the character at the begin of `from`: its length there, 0 when more bytes are needed, -1
// when it is not UTF-8.
int Encoder::encode_utf16(std::string_view from, char*& to) const {
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

bool Encoder::add_utf16(std::string_view utf8, std::string& bytes) {
  const std::size_t begin = bytes.size();
  // No byte of UTF-8 makes more than two of UTF-16.
  bytes.resize(begin + 2 * (partial_size_ + utf8.size()));
  char* const first = bytes.data() + begin;
  char* to = first;
  bool valid = true;
  while (valid && partial_size_ > 0 && !utf8.empty()) {
    partial_[partial_size_++] = utf8.front();
    utf8.remove_prefix(1);
    const int length = encode_utf16({partial_.data(), partial_size_}, to);
    valid = length >= 0;
    if (length > 0) partial_size_ = 0;
  }
  while (valid && !utf8.empty()) {
    const int length = encode_utf16(utf8, to);
    valid = length >= 0;
    if (length == 0) {
      partial_size_ = utf8.copy(partial_.data(), partial_.size());
      break;
    }
    if (valid) utf8.remove_prefix(static_cast<std::size_t>(length));
  }
  bytes.resize(begin + static_cast<std::size_t>(to - first));
  return valid;
}

bool Encoder::finish_partial(std::string_view& utf8, std::string& bytes) {
  const std::size_t length = length_of(static_cast<unsigned char>(partial_[0]));
  while (partial_size_ < length && !utf8.empty()) {
    partial_[partial_size_++] = utf8.front();
    utf8.remove_prefix(1);
  }
  if (partial_size_ < length) return true;
  return iconv_->add({partial_.data(), std::exchange(partial_size_, 0)}, bytes);
}

bool Encoder::add_legacy(std::string_view utf8, std::string& bytes) {
  if (partial_size_ > 0 && !finish_partial(utf8, bytes)) return false;
  while (!utf8.empty()) {
    // Most of it is ASCII, which is itself in every legacy encoding.
    const auto other = std::find_if_not(utf8.begin(), utf8.end(), is_ascii);
    bytes.append(utf8.begin(), other);
    utf8.remove_prefix(static_cast<std::size_t>(other - utf8.begin()));
    std::size_t end = 0;
    while (end < utf8.size() && !is_ascii(utf8[end])) {
      const std::size_t length = length_of(static_cast<unsigned char>(utf8[end]));
      if (length == 0) return false;
      if (utf8.size() - end < length) {
        partial_size_ = utf8.substr(end).copy(partial_.data(), partial_.size());
        utf8.remove_suffix(partial_size_);
        break;
      }
      end += length;
    }
    if (!iconv_->add(utf8.substr(0, end), bytes)) return false;
    utf8.remove_prefix(end);
  }
  return true;
}

}  // namespace engine
