#include "engine/tree/safe_name.h"

#include "engine/sql/ascii.h"
#include "engine/sql/byte_set.h"
#include "engine/sql/utf8.h"

namespace engine::tree {
namespace {

constexpr std::string_view kForbidden = "/\\:*?\"<>|%";
// All that is not kept wherever it stands.
constexpr sql::ByteSet kTelling =
    sql::ByteSet(kForbidden).add_range(0, 0x1f).add_range(0x7f, 0xff).add(". ");

// Names that Windows keeps for devices, with or without a suffix; git checkouts live there too.
bool reserved(std::string_view name) {
  std::string stem(name.substr(0, name.find('.')));
  for (char& c : stem) c = sql::upper(c);
  if (stem == "CON" || stem == "PRN" || stem == "AUX" || stem == "NUL") return true;
  return stem.size() == 4 && (stem.substr(0, 3) == "COM" || stem.substr(0, 3) == "LPT") &&
         stem[3] >= '1' && stem[3] <= '9';
}

void escape(char c, std::string* out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  *out += '%';
  *out += kHex[byte >> 4];
  *out += kHex[byte & 15];
}

}  // namespace

std::string safe_name(std::string_view name) {
  std::string out;
  const bool is_reserved = reserved(name);
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (const std::size_t plain = kTelling.find(name, i); plain > i && !(i == 0 && is_reserved)) {
      out.append(name, i, plain - i);
      i = plain - 1;
      continue;
    }
    if (const std::size_t length = sql::utf8_length(name, i); length > 1) {
      out.append(name, i, length);
      i += length - 1;
      continue;
    }
    const char c = name[i];
    const bool at_edge = i == 0 || i + 1 == name.size();
    const auto byte = static_cast<unsigned char>(c);
    const bool control = byte < 0x20 || byte >= 0x7f;  // or no UTF-8
    if (control || kForbidden.find(c) != std::string_view::npos ||
        (at_edge && (c == '.' || c == ' ')) || (i == 0 && is_reserved)) {
      escape(c, &out);
    } else {
      out += c;
    }
  }
  if (out.empty()) return "%";
  if (out.size() <= kLongestName) return out;
  std::size_t end = kLongestName;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0) == 0x80) --end;
  if (end < kLongestName - 4) end = kLongestName;  // not UTF-8: no character to be kept whole
  const std::size_t percent = out.find('%', end - 2);
  if (percent < end) end = percent;
  out.resize(end);
  while (!out.empty() && (out.back() == '.' || out.back() == ' ')) out.pop_back();
  return out;
}

}  // namespace engine::tree
