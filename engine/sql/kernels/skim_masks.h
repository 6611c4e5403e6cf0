// SkimMasks, SkimState: skim() on bit masks, one bit for each of 64 bytes; what a vector unit has
// no part in. All of it is inlined into each kernel, and so made for the same CPU.
//
// Thread contract: values, confined to one thread.
#pragma once

#include <hwy/base.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/sql/kernels/skim_rules.h"

namespace engine::sql {

inline constexpr std::size_t kBlockSize = 64;

struct SkimMasks {
  std::uint64_t quotes = 0;
  std::uint64_t backslashes = 0;
  std::uint64_t stops = 0;
  std::uint64_t comments = 0;
  std::uint64_t wordish = 0;
  std::uint64_t name_opens = 0;
  std::uint64_t name_closes = 0;  ///< where it is not the byte that opens
  std::uint64_t paren_opens = 0;
  std::uint64_t paren_closes = 0;
  std::uint64_t line_ends = 0;
  std::uint64_t blanks = 0;
  std::uint64_t line_heads = 0;
};

/// Each bit: the parity of itself and all below.
HWY_INLINE std::uint64_t prefix_xor(std::uint64_t bits) {
  for (const unsigned step : {1u, 2u, 4u, 8u, 16u, 32u}) bits ^= bits << step;
  return bits;
}

class SkimState {
 public:
  HWY_INLINE SkimState(std::string_view text, std::size_t from, const SkimRules& rules, int depth)
      : rules_(rules), size_(text.size()), depth_(depth) {
    if (from > 0) wordish_ = std::uint64_t{rules.is_wordish(text[from - 1])} << 63;
    if (from > 1) wordish_ |= std::uint64_t{rules.is_wordish(text[from - 2])} << 62;
  }

  int depth() const { return depth_; }
  std::size_t stop_at_end() const { return in_quote_ != 0 || in_name_ != 0 ? open_ : size_; }

  /// Takes the next block, at `base`. True when skimming stops: at *stop.
  HWY_INLINE bool stops_in(const SkimMasks& masks, std::size_t base, std::size_t* stop) {
    const std::uint64_t quotes = masks.quotes & ~escaped(masks.backslashes);
    const std::uint64_t in_quote = prefix_xor(quotes) ^ in_quote_;
    const std::uint64_t closes = quotes & ~in_quote;
    const std::uint64_t behind_close = shift_in(closes, closes_);
    std::uint64_t opens = quotes & in_quote & ~behind_close;  // not the second of two

    const bool brackets = rules_.name_close != rules_.name_open;
    const std::uint64_t name_opens = masks.name_opens & ~in_quote;
    const std::uint64_t name_closes = brackets ? masks.name_closes & ~in_quote : name_opens;
    const std::uint64_t in_name = prefix_xor(name_opens ^ (brackets ? name_closes : 0)) ^ in_name_;
    const std::uint64_t closed_names = name_closes & ~in_name;
    const std::uint64_t behind_name = shift_in(closed_names, closed_names_);
    const std::uint64_t reopened = brackets ? 0 : name_opens & behind_name;
    opens |= name_opens & in_name & ~reopened;

    const std::uint64_t outside = ~(in_quote | in_name);
    const std::uint64_t comments = masks.comments & outside;
    const std::uint64_t pairs = comments & shift_in(comments, comments_);
    std::uint64_t prefixes = shift_in(masks.wordish, wordish_);
    if (!rules_.letter_prefixes) prefixes &= shift_in(masks.wordish, wordish_, 2);

    std::uint64_t here = (masks.stops & outside) | (opens & prefixes) | pairs;
    std::uint64_t at_opening = (behind_close & masks.wordish) |
                               (behind_name & masks.wordish & ~reopened) |
                               (in_name & (masks.quotes | masks.stops));
    if (brackets) {
      here |= name_closes & in_name & ~behind_name;  // one that closes nothing
      at_opening |= name_opens & ~in_name;           // one inside a name
    }
    if (rules_.line_heads) here |= line_heads(masks) & outside;

    const std::uint64_t stops = here | at_opening;
    const unsigned first = static_cast<unsigned>(std::countr_zero(stops));
    const std::uint64_t before = stops == 0 ? ~std::uint64_t{0} : (std::uint64_t{1} << first) - 1;
    const std::uint64_t opened = opens & before;
    if (opened != 0) open_ = base + 63 - static_cast<unsigned>(std::countl_zero(opened));
    if (rules_.parentheses) {
      count_parentheses(masks.paren_opens & outside & before,
                        masks.paren_closes & outside & before);
    }
    if (stops != 0) {
      const std::uint64_t bit = std::uint64_t{1} << first;
      *stop = (at_opening & bit) != 0 ? open_ : base + first - ((pairs & bit) != 0 ? 1 : 0);
      return true;
    }
    in_quote_ = fill_from_top(in_quote);
    in_name_ = fill_from_top(in_name);
    closes_ = closes;
    closed_names_ = closed_names;
    comments_ = comments;
    wordish_ = masks.wordish;
    return false;
  }

 private:
  // Each bit moved up; what stood at the end of the block before comes in.
  static HWY_INLINE std::uint64_t shift_in(std::uint64_t bits, std::uint64_t before, int by = 1) {
    return bits << by | before >> (64 - by);
  }
  static HWY_INLINE std::uint64_t fill_from_top(std::uint64_t bits) { return ~(bits >> 63) + 1; }

  // Bytes that a backslash before them, itself not escaped, takes the meaning from.
  HWY_INLINE std::uint64_t escaped(std::uint64_t backslashes) {
    constexpr std::uint64_t kOdd = 0xaaaaaaaaaaaaaaaa;
    const std::uint64_t may_escape = backslashes & ~next_escaped_;
    const std::uint64_t codes = (((may_escape << 1) | kOdd) - may_escape) ^ kOdd;
    const std::uint64_t found = codes ^ (backslashes | next_escaped_);
    next_escaped_ = (codes & backslashes) >> 63;
    return found;
  }

  // The first bytes of lines, blanks left out, that are line heads. A sum carries a line's start
  // over its blanks.
  HWY_INLINE std::uint64_t line_heads(const SkimMasks& masks) {
    const std::uint64_t starts = masks.line_ends << 1 | line_start_;
    const std::uint64_t sum = starts + masks.blanks;
    const std::uint64_t firsts = sum & ~masks.blanks;
    line_start_ = (masks.line_ends >> 63) | std::uint64_t{sum < starts};
    return firsts & masks.line_heads;
  }

  HWY_INLINE void count_parentheses(std::uint64_t opens, std::uint64_t closes) {
    const std::uint64_t all = opens | closes;
    if (all == 0) return;
    // Mostly they take turns, and then only the first and the last matter.
    const std::uint64_t odd = prefix_xor(all);
    if (((opens & ~odd) | (closes & odd)) == 0) {
      depth_ += std::popcount(all) & 1;
    } else if (((closes & ~odd) | (opens & odd)) == 0 && depth_ > 0) {
      depth_ -= std::popcount(all) & 1;
    } else {
      for (std::uint64_t rest = all; rest != 0; rest &= rest - 1) {
        const bool open = (opens & rest & (~rest + 1)) != 0;
        if (open || depth_ > 0) depth_ += open ? 1 : -1;
      }
    }
  }

  const SkimRules& rules_;
  std::size_t size_;
  std::size_t open_ = 0;  // where the last quote or name began
  int depth_;
  // Of the block before: all ones, or zeros; or its mask.
  std::uint64_t in_quote_ = 0;
  std::uint64_t in_name_ = 0;
  std::uint64_t closes_ = 0;
  std::uint64_t closed_names_ = 0;
  std::uint64_t comments_ = 0;
  std::uint64_t wordish_ = 0;
  // One bit each.
  std::uint64_t next_escaped_ = 0;
  std::uint64_t line_start_ = 0;
};

}  // namespace engine::sql
