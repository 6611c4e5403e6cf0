#include "engine/sql/kernels/skim_rules.h"

namespace engine::sql {
namespace {

constexpr unsigned kStopBits[] = {2, 3, 4, 5, 4, 5};  // by the high half, from 2 on

}  // namespace

SkimRules::SkimRules() {
  bytes.add("-/*", kCommentBit);
  // Wordish: digits, and all from '@' on.
  bytes.add("0123456789", 1);
  for (unsigned high = 4; high < 16; ++high) bytes.add(static_cast<char>(high << 4), 1);
  for (unsigned high = 4; high < 16; ++high) {
    for (unsigned low = 10; low < 16; ++low) bytes.add(static_cast<char>(high << 4 | low), 6);
  }
}

bool SkimRules::add_stops(std::string_view stops) {
  for (const char c : stops) {
    const unsigned high = static_cast<unsigned char>(c) >> 4;
    if (high < 2 || high > 7) return false;
    bytes.add(c, kStopBits[high - 2]);
  }
  for (unsigned byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    if (is_stop(c)) marks.add({&c, 1});
  }
  return !is_stop('\'') && !is_stop(name_open) && !is_stop(name_close);
}

NibbleTable SkimRules::bytes_without(char stop) const {
  const auto byte = static_cast<unsigned char>(stop);
  NibbleTable without = bytes;
  std::uint8_t& classes = without.low[byte & 15u];
  classes = static_cast<std::uint8_t>(classes & ~(1u << kStopBits[(byte >> 4) - 2]));
  return without;
}

void SkimRules::set_names(char open, char close) {
  name_open = open;
  name_close = close;
  bytes.add(open, kNameBit);
  bytes.add(close, kNameBit);
  marks.add({&open, 1}).add({&close, 1});
}

}  // namespace engine::sql
