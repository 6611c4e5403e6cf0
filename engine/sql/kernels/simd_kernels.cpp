// The kernels over 64 bytes at a time, compiled once for each vector unit that the compiler knows
// (Highway includes this file again for each). A block becomes bit masks, one bit a byte; quotes
// are then resolved for all of its bytes at once.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/sql/kernels/simd_kernels.cpp"
// A block is a fixed number of whole vectors; vectors of unknown size would need another kernel.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

#include "engine/sql/kernels/kernels.h"
#include "engine/sql/kernels/skim_state-inl.h"

HWY_BEFORE_NAMESPACE();
namespace engine::sql {
namespace HWY_NAMESPACE {
#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128

namespace hn = hwy::HWY_NAMESPACE;
using Bytes = hn::CappedTag<std::uint8_t, kBlockSize>;
using Vector = hn::Vec<Bytes>;

constexpr std::size_t kLanes = hn::MaxLanes(Bytes());
constexpr std::size_t kVectors = kBlockSize / kLanes;

struct Block {
  HWY_INLINE Block() {}  // an implicit one is compiled for no vector unit (GCC, NEON)
  Vector v[kVectors];
};

HWY_INLINE Vector fill(char c) { return hn::Set(Bytes(), static_cast<std::uint8_t>(c)); }

HWY_INLINE Block load(const char* bytes) {
  Block block;
  for (std::size_t i = 0; i < kVectors; ++i) {
    block.v[i] = hn::LoadU(Bytes(), reinterpret_cast<const std::uint8_t*>(bytes) + i * kLanes);
  }
  return block;
}

// The block at `from`; behind the end of the text stand zeros.
HWY_INLINE Block load(std::string_view text, std::size_t from) {
  if (text.size() - from >= kBlockSize) return load(text.data() + from);
  char tail[kBlockSize] = {};
  std::memcpy(tail, text.data() + from, text.size() - from);
  return load(tail);
}

// One bit a byte: where `test` holds.
template <class Test>
HWY_INLINE std::uint64_t mask_of(const Block& block, Test test) {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < kVectors; ++i) {
    std::uint64_t bits = 0;
    hn::StoreMaskBits(Bytes(), test(block.v[i]), reinterpret_cast<std::uint8_t*>(&bits));
    mask |= bits << (i * kLanes);
  }
  return mask;
}

HWY_INLINE std::uint64_t equal(const Block& block, char c) {
  const Vector wanted = fill(c);
  return mask_of(block, [&](Vector v) HWY_ATTR { return hn::Eq(v, wanted); });
}

HWY_INLINE Block classify(const Block& block, const NibbleTable& table) {
  const Vector low = hn::LoadDup128(Bytes(), table.low.data());
  const Vector high = hn::LoadDup128(Bytes(), table.high.data());
  const Vector low_half = hn::Set(Bytes(), 15);
  Block classes;
  for (std::size_t i = 0; i < kVectors; ++i) {
    const Vector v = block.v[i];
    classes.v[i] = hn::And(hn::TableLookupBytes(low, hn::And(v, low_half)),
                           hn::TableLookupBytes(high, hn::ShiftRight<4>(v)));
  }
  return classes;
}

HWY_INLINE std::uint64_t in_class(const Block& classes, unsigned bit) {
  const Vector wanted = hn::Set(Bytes(), static_cast<std::uint8_t>(1u << bit));
  return mask_of(classes, [&](Vector v) HWY_ATTR { return hn::TestBit(v, wanted); });
}

HWY_INLINE std::uint64_t in_any(const Block& classes, std::uint8_t wanted_classes) {
  const Vector wanted = hn::Set(Bytes(), wanted_classes);
  return ~mask_of(classes,
                  [&](Vector v) HWY_ATTR { return hn::Eq(hn::And(v, wanted), hn::Zero(Bytes())); });
}

// What SkimState asks of a block.
class SkimMasks {
 public:
  HWY_INLINE SkimMasks(const Block& block, const SkimRules& rules)
      : SkimMasks(block, rules, rules.bytes) {}
  /// `bytes` in place of those of the rules.
  HWY_INLINE SkimMasks(const Block& block, const SkimRules& rules, const NibbleTable& bytes)
      : rules_(rules), block_(block), classes_(classify(block, bytes)) {}

  HWY_INLINE std::uint64_t quotes() const { return equal(block_, '\''); }
  HWY_INLINE std::uint64_t backslashes() const { return equal(block_, '\\'); }
  HWY_INLINE std::uint64_t wordish() const { return in_any(classes_, SkimRules::kWordish); }
  HWY_INLINE std::uint64_t special() const { return in_any(classes_, SkimRules::kSpecial); }
  /// special() but for names.
  HWY_INLINE std::uint64_t marks() const {
    return in_any(classes_, SkimRules::kSpecial & ~(1u << SkimRules::kNameBit));
  }
  HWY_INLINE std::uint64_t stops() const { return in_any(classes_, SkimRules::kStops); }
  HWY_INLINE std::uint64_t comments() const { return in_class(classes_, SkimRules::kCommentBit); }
  HWY_INLINE std::uint64_t name_opens() const { return equal(block_, rules_.name_open); }
  HWY_INLINE std::uint64_t name_closes() const { return equal(block_, rules_.name_close); }
  HWY_INLINE std::uint64_t line_feeds() const { return equal(block_, '\n'); }
  HWY_INLINE std::uint64_t paren_opens() const { return equal(block_, '('); }
  HWY_INLINE std::uint64_t paren_closes() const { return equal(block_, ')'); }
  HWY_INLINE std::uint64_t equal_to(char c) const { return equal(block_, c); }
  HWY_INLINE std::uint64_t line_heads() const {
    const Vector case_bit = fill(0x20);
    const Vector letter = fill(rules_.line_letter);
    // Zeros stand behind the end of the text, so none is asked for.
    const Vector mark = fill(rules_.line_mark != '\0' ? rules_.line_mark : rules_.line_letter);
    return mask_of(block_, [&](Vector v) HWY_ATTR {
      return hn::Or(hn::Eq(hn::Or(v, case_bit), letter), hn::Eq(v, mark));
    });
  }

  // Where there is an instruction for it, the product with all ones, without carries.
  static HWY_INLINE std::uint64_t prefix_xor(std::uint64_t bits) {
#if HWY_TARGET == HWY_SSSE3
    for (const unsigned step : {1u, 2u, 4u, 8u, 16u, 32u}) bits ^= bits << step;
    return bits;
#else
    const hn::Full128<std::uint64_t> words;
    return hn::GetLane(hn::CLMulLower(hn::Set(words, bits), hn::Set(words, ~std::uint64_t{0})));
#endif
  }

 private:
  const SkimRules& rules_;
  const Block block_;
  const Block classes_;
};

std::uint64_t count(std::string_view text, std::size_t from, std::size_t end, char c) {
  std::uint64_t found = 0;
  for (; end - from > kBlockSize; from += kBlockSize) {
    found += static_cast<std::uint64_t>(std::popcount(equal(load(text.data() + from), c)));
  }
  if (from == end) return found;
  const std::uint64_t counted = ~std::uint64_t{0} >> (kBlockSize - (end - from));
  return found + static_cast<std::uint64_t>(std::popcount(equal(load(text, from), c) & counted));
}

Tally tally(std::string_view text, std::size_t from, std::size_t end) {
  Tally found;
  Vector any = hn::Zero(Bytes());
  std::uint64_t behind_return = from > 0 && text[from - 1] == '\r' ? 1 : 0;
  while (from < end) {
    const std::size_t size = std::min(kBlockSize, end - from);
    const Block block =
        size == kBlockSize ? load(text.data() + from) : load(text.substr(0, end), from);
    const std::uint64_t feeds = equal(block, '\n');
    const std::uint64_t returns = equal(block, '\r');
    found.feeds += static_cast<std::uint64_t>(std::popcount(feeds));
    if ((returns | behind_return) != 0) {
      found.returns += static_cast<std::uint64_t>(std::popcount(returns));
      found.pairs +=
          static_cast<std::uint64_t>(std::popcount(feeds & (returns << 1 | behind_return)));
      behind_return = returns >> (kBlockSize - 1);
    }
    for (const Vector& v : block.v) any = hn::Or(any, v);
    from += size;
  }
  found.ascii = hn::AllFalse(Bytes(), hn::TestBit(any, fill('\x80')));
  return found;
}

template <unsigned kShape>
std::size_t skim_shape(std::string_view text, std::size_t from, const SkimRules& rules,
                       int* depth) {
  SkimState<kShape, SkimMasks> state(text, from, rules, *depth);
  std::size_t stop = 0;
  std::size_t i = from;
  bool stopped = false;
  for (; !stopped && text.size() - i >= kBlockSize; i += kBlockSize) {
    stopped = state.stops_in(SkimMasks(load(text.data() + i), rules), i, &stop);
  }
  if (!stopped && i < text.size()) {
    stopped = state.stops_in(SkimMasks(load(text, i), rules), i, &stop);
  }
  *depth = state.depth();
  return stopped ? stop : state.stop_at_end();
}

// Rows as dumps have them, as far as there is nothing else. Nothing waits for their ends to be
// noted.
template <unsigned kShape>
void pass_rows(std::string_view text, std::size_t from, const SkimRules& rules, RowEnds* ends) {
  SkimState<kShape, SkimMasks> state(text, from, rules, 0);
  const NibbleTable bytes = rules.bytes_without(ends->terminator());
  RowEnds::Notes notes(ends);
  std::uint64_t line = ends->line();
  for (std::size_t i = from; i + kBlockSize + RowHead::kReach <= text.size(); i += kBlockSize) {
    const SkimMasks masks(load(text.data() + i), rules, bytes);
    std::uint64_t found = 0;
    if (!state.is_of_rows(masks, i, masks.equal_to(notes.terminator()), &found)) return;
    const std::uint64_t line_feeds = masks.line_feeds();
    for (; found != 0; found &= found - 1) {
      const auto at = static_cast<unsigned>(std::countr_zero(found));
      const int before = std::popcount(line_feeds & ((std::uint64_t{1} << at) - 1));
      if (!notes.add(text.data(), i + at + 1, line + static_cast<unsigned>(before))) return;
    }
    line += static_cast<unsigned>(std::popcount(line_feeds));
  }
}

template <unsigned kShape>
std::size_t skim_rows_shape(std::string_view text, std::size_t from, const SkimRules& rules,
                            int* depth, RowEnds* ends) {
  while (true) {
    if (*depth == 0) {
      pass_rows<kShape>(text, from, rules, ends);
      from = std::max(from, ends->last_end());
      if (ends->is_full()) return from - 1;
    }
    const std::size_t stop = skim_shape<kShape>(text, from, rules, depth);
    if (stop == text.size() || text[stop] != ends->terminator() || *depth > 0) return stop;
    if (!ends->add(text, stop, ends->line() + count(text, from, stop, '\n'))) return stop;
    from = stop + 1;
  }
}

// A kernel of each shape that splitters use, by `run`, and one of any other.
template <class Run>
HWY_INLINE std::size_t with_shape(const SkimRules& rules, Run run) {
  switch (shape_of(rules)) {
    case kNames | kBrackets | kLineHeads:  // T-SQL
      return run(std::integral_constant<unsigned, kNames | kBrackets | kLineHeads>());
    case kNames | kParentheses:  // PostgreSQL
      return run(std::integral_constant<unsigned, kNames | kParentheses>());
    case kNames | kBackslash:  // MySQL
      return run(std::integral_constant<unsigned, kNames | kBackslash>());
    case kNames | kLineHeads:  // Oracle, SQLite
      return run(std::integral_constant<unsigned, kNames | kLineHeads>());
    default:
      return run(std::integral_constant<unsigned, kAnyShape>());
  }
}

std::size_t skim(std::string_view text, std::size_t from, const SkimRules& rules, int* depth) {
  return with_shape(rules,
                    [&](auto shape) { return skim_shape<shape.value>(text, from, rules, depth); });
}

std::size_t skim_rows(std::string_view text, std::size_t from, const SkimRules& rules, int* depth,
                      RowEnds* ends) {
  return with_shape(rules, [&](auto shape) {
    return skim_rows_shape<shape.value>(text, from, rules, depth, ends);
  });
}

// What skim_values() may stop at, exactly.
constexpr NibbleTable kHolders = [] {
  NibbleTable table;
  table.add("\"-/", 0);
  table.add('[', 1);
  return table;
}();

// The lowest of `marks`, which are bytes of kHolders at `base`, that begins what may hold
// parentheses; 0 where each is a minus or a stroke.
HWY_INLINE std::uint64_t first_holder(std::string_view text, std::size_t base,
                                      std::uint64_t marks) {
  for (; marks != 0; marks &= marks - 1) {
    const std::size_t at = base + static_cast<std::size_t>(std::countr_zero(marks));
    const char c = text[at];
    const char second = c == '-' ? '-' : '*';
    const bool pairs = c == '-' || c == '/';
    if (!pairs || (at + 1 < text.size() && text[at + 1] == second)) return marks & (~marks + 1);
  }
  return 0;
}

// Of `closes` the one behind which all of `depth` are closed; 0 where none is.
HWY_INLINE std::uint64_t last_close(std::uint64_t opens, std::uint64_t closes, int depth) {
  for (; closes != 0; closes &= closes - 1) {
    const std::uint64_t bit = closes & (~closes + 1);
    if (--depth + std::popcount(opens & (bit - 1)) == 0) return bit;
  }
  return 0;
}

std::size_t skim_values(std::string_view text, std::size_t from, int* depth) {
  std::uint64_t quote_goes_on = 0;  // all ones, or zeros
  for (std::size_t i = from; i < text.size(); i += kBlockSize) {
    const Block block = load(text, i);
    const std::uint64_t in_quote = SkimMasks::prefix_xor(equal(block, '\'')) ^ quote_goes_on;
    std::uint64_t opens = equal(block, '(') & ~in_quote;
    std::uint64_t closes = equal(block, ')') & ~in_quote;
    const std::uint64_t marks = in_any(classify(block, kHolders), 3) & ~in_quote;
    const std::uint64_t stop = marks != 0 ? first_holder(text, i, marks) : 0;
    opens &= stop - 1;  // without one there is no bound
    closes &= stop - 1;
    const std::uint64_t end = last_close(opens, closes, *depth);
    if (end != 0) {
      *depth = 0;
      return i + static_cast<std::size_t>(std::countr_zero(end)) + 1;
    }
    *depth += std::popcount(opens) - std::popcount(closes);
    if (stop != 0) return i + static_cast<std::size_t>(std::countr_zero(stop));
    quote_goes_on = ~(in_quote >> 63) + 1;
  }
  return text.size();
}

std::size_t find_either(std::string_view text, std::size_t from, char a, char b) {
  const Vector first = fill(a);
  const Vector second = fill(b);
  for (std::size_t i = from; i < text.size(); i += kBlockSize) {
    const std::uint64_t found = mask_of(load(text, i), [&](Vector v) HWY_ATTR {
      return hn::Or(hn::Eq(v, first), hn::Eq(v, second));
    });
    if (found == 0) continue;
    // Zeros behind the end may have been asked for.
    return std::min(text.size(), i + static_cast<std::size_t>(std::countr_zero(found)));
  }
  return text.size();
}

std::size_t find_pair(std::string_view text, std::size_t from, char a, char b) {
  const Vector first = fill(a);
  const Vector second = fill(b);
  std::size_t i = from;
  for (; i + kBlockSize < text.size(); i += kBlockSize) {
    const Block block = load(text.data() + i);
    const Block next = load(text.data() + i + 1);
    std::uint64_t found = 0;
    for (std::size_t k = 0; k < kVectors; ++k) {
      const auto both = hn::And(hn::Eq(block.v[k], first), hn::Eq(next.v[k], second));
      std::uint64_t bits = 0;
      hn::StoreMaskBits(Bytes(), both, reinterpret_cast<std::uint8_t*>(&bits));
      found |= bits << (k * kLanes);
    }
    if (found != 0) return i + static_cast<std::size_t>(std::countr_zero(found));
  }
  return i < text.size() ? kScalarKernels.find_pair(text, i, a, b) : text.size();
}

std::size_t find_pairs(std::string_view text, std::size_t from, const BytePairs& pairs) {
  std::size_t i = from;
  for (; i + kBlockSize < text.size(); i += kBlockSize) {
    const Block first = classify(load(text.data() + i), pairs.first);
    const Block second = classify(load(text.data() + i + 1), pairs.second);
    Block both;
    for (std::size_t k = 0; k < kVectors; ++k) both.v[k] = hn::And(first.v[k], second.v[k]);
    const std::uint64_t found = in_any(both, 0xff);
    if (found != 0) return i + static_cast<std::size_t>(std::countr_zero(found));
  }
  return i < text.size() ? kScalarKernels.find_pairs(text, i, pairs) : text.size();
}

const Kernels* table() {
  static const Kernels kTable = {hwy::TargetName(HWY_TARGET),
                                 skim,
                                 skim_rows,
                                 skim_values,
                                 find_either,
                                 find_pair,
                                 find_pairs,
                                 count,
                                 tally};
  return &kTable;
}

#else

const Kernels* table() { return &kScalarKernels; }

#endif
}  // namespace HWY_NAMESPACE
}  // namespace engine::sql
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace engine::sql {
namespace {

HWY_EXPORT(table);

}  // namespace

std::vector<const Kernels*> supported_kernels() {
  std::vector<const Kernels*> found = {&kScalarKernels};
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    const Kernels* kernels = HWY_DYNAMIC_DISPATCH(table)();
    if (kernels != &kScalarKernels) found.push_back(kernels);
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return found;
}

namespace detail {

std::atomic<const Kernels*> chosen_kernels = &kScalarKernels;

}  // namespace detail

namespace {

// What runs before this, when the program starts, uses the scalar ones.
[[maybe_unused]] const bool chosen = [] {
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  use_kernels(*HWY_DYNAMIC_DISPATCH(table)());
  return true;
}();

}  // namespace
}  // namespace engine::sql
#endif  // HWY_ONCE
