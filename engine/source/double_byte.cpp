#include "engine/source/double_byte.h"

namespace engine::source {
namespace {

constexpr int kKana = 3;    // of Japanese alone
constexpr int kCommon = 2;  // taught in schools
constexpr int kSign = 1;    // punctuation, wide letters and digits
constexpr int kRare = -1;
constexpr int kPrivate = -3;  // unassigned, or for private use

constexpr bool in(unsigned value, unsigned first, unsigned last) {
  return first <= value && value <= last;
}

// Both bytes of a character, the second 0 where there is none.
unsigned pair_at(std::string_view bytes, std::size_t i) {
  const unsigned lead = static_cast<unsigned char>(bytes[i]);
  const unsigned trail = i + 1 < bytes.size() ? static_cast<unsigned char>(bytes[i + 1]) : 0;
  return lead << 8 | trail;
}

constexpr unsigned lead_of(unsigned pair) { return pair >> 8; }
constexpr unsigned trail_of(unsigned pair) { return pair & 0xff; }

}  // namespace

DoubleByte read_cp932(std::string_view bytes, std::size_t i) {
  const unsigned pair = pair_at(bytes, i), lead = lead_of(pair), trail = trail_of(pair);
  if (in(lead, 0xa1, 0xdf)) {  // half-width kana, some with the sign that voices them
    const bool h = in(lead, 0xca, 0xce);
    const bool voiced = trail == 0xde && (h || lead == 0xb3 || in(lead, 0xb6, 0xc4));
    return voiced || (h && trail == 0xdf) ? DoubleByte{2, kKana} : DoubleByte{1, 0};
  }
  if (!in(lead, 0x81, 0x9f) && !in(lead, 0xe0, 0xfc)) return {};
  if (!in(trail, 0x40, 0xfc) || trail == 0x7f) return {};
  if (in(pair, 0x829f, 0x82f1) || in(pair, 0x8340, 0x8396)) return {2, kKana};
  if (in(pair, 0x889f, 0x9872)) return {2, kCommon};
  if (in(pair, 0x8140, 0x81ac) || in(pair, 0x824f, 0x829a)) return {2, kSign};
  if (in(lead, 0x85, 0x86) || in(lead, 0xeb, 0xec) || in(lead, 0xef, 0xf9)) return {2, kPrivate};
  return {2, kRare};
}

DoubleByte read_euc_jp(std::string_view bytes, std::size_t i) {
  const unsigned pair = pair_at(bytes, i), lead = lead_of(pair), trail = trail_of(pair);
  if (lead == 0x8e) return in(trail, 0xa1, 0xdf) ? DoubleByte{2, 0} : DoubleByte{};
  if (lead == 0x8f) {
    const bool whole = i + 2 < bytes.size() && static_cast<unsigned char>(bytes[i + 2]) >= 0xa1;
    return whole && trail >= 0xa1 ? DoubleByte{3, kRare} : DoubleByte{};
  }
  if (!in(lead, 0xa1, 0xfe) || !in(trail, 0xa1, 0xfe)) return {};
  if (in(pair, 0xa4a1, 0xa4f3) || in(pair, 0xa5a1, 0xa5f6)) return {2, kKana};
  if (in(lead, 0xb0, 0xcf)) return {2, kCommon};
  if (lead == 0xa1 || lead == 0xa3) return {2, kSign};
  return {2, in(lead, 0xd0, 0xf4) || in(lead, 0xa2, 0xa8) ? kRare : kPrivate};
}

DoubleByte read_gb18030(std::string_view bytes, std::size_t i) {
  const unsigned pair = pair_at(bytes, i), lead = lead_of(pair), trail = trail_of(pair);
  if (!in(lead, 0x81, 0xfe)) return {};
  if (in(trail, '0', '9')) {
    const unsigned rest = i + 3 < bytes.size() ? pair_at(bytes, i + 2) : 0;
    const bool whole = in(lead_of(rest), 0x81, 0xfe) && in(trail_of(rest), '0', '9');
    return whole ? DoubleByte{4, kRare} : DoubleByte{};
  }
  if (!in(trail, 0x40, 0xfe) || trail == 0x7f) return {};
  if (trail < 0xa1 || lead < 0xa1) return {2, 0};  // traditional hanzi of GBK
  if (in(lead, 0xb0, 0xd7)) return {2, pair < 0xd7fa ? kCommon : kPrivate};
  if (lead == 0xa1 || lead == 0xa3) return {2, kSign};
  return {2, in(lead, 0xaa, 0xaf) || lead > 0xf7 ? kPrivate : kRare};
}

DoubleByte read_big5(std::string_view bytes, std::size_t i) {
  const unsigned pair = pair_at(bytes, i), lead = lead_of(pair), trail = trail_of(pair);
  if (!in(lead, 0x81, 0xfe) || !(in(trail, 0x40, 0x7e) || in(trail, 0xa1, 0xfe))) return {};
  if (in(lead, 0xa4, 0xc5)) return {2, kCommon};
  if (in(lead, 0xa1, 0xa3)) return {2, kSign};
  return {2, in(lead, 0xc6, 0xf9) && !in(lead, 0xc7, 0xc8) ? kRare : kPrivate};
}

DoubleByte read_cp949(std::string_view bytes, std::size_t i) {
  const unsigned pair = pair_at(bytes, i), lead = lead_of(pair), trail = trail_of(pair);
  if (!in(lead, 0x81, 0xfe)) return {};
  if (in(trail, 0x41, 0x5a) || in(trail, 0x61, 0x7a) || in(trail, 0x81, 0xa0)) {
    return in(lead, 0x81, 0xc6) ? DoubleByte{2, kRare} : DoubleByte{};
  }
  if (!in(trail, 0xa1, 0xfe)) return {};
  if (in(lead, 0xb0, 0xc8)) return {2, kCommon};
  if (lead == 0xa1 || lead == 0xa3) return {2, kSign};
  return {2, lead == 0xc9 || lead == 0xfe ? kPrivate : kRare};
}

}  // namespace engine::source
