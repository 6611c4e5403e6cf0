// SkimState: skim() on bit masks, one bit for each of 64 bytes; what a vector unit has no part in.
//
// No #pragma once: Highway includes it once for each vector unit, which the guard is for.
//
// Thread contract: values, confined to one thread.
#if defined(ENGINE_SQL_KERNELS_SKIM_STATE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ENGINE_SQL_KERNELS_SKIM_STATE_INL_H_
#undef ENGINE_SQL_KERNELS_SKIM_STATE_INL_H_
#else
#define ENGINE_SQL_KERNELS_SKIM_STATE_INL_H_
#endif

#include <hwy/highway.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/sql/kernels/skim_rules.h"

HWY_BEFORE_NAMESPACE();
namespace engine::sql {
namespace HWY_NAMESPACE {

inline constexpr std::size_t kBlockSize = 64;

/// What rules ask for, as a constant: a kernel is compiled for each shape that splitters use, and
/// once for any.
enum SkimShape : unsigned {
  kNames = 1,
  kBrackets = 2,  // names in two different marks
  kBackslash = 4,
  kParentheses = 8,
  kLineHeads = 16,
  kAnyShape = 32,
  kRows = 64,  // ends of statements are noted, and passed
};

inline unsigned shape_of(const SkimRules& rules) {
  return (rules.name_open != '\0' ? kNames : 0u) |
         (rules.name_open != rules.name_close ? kBrackets : 0u) |
         (rules.backslash ? kBackslash : 0u) | (rules.parentheses ? kParentheses : 0u) |
         (rules.has_line_heads() ? kLineHeads : 0u);
}

/// `Masks` has the bytes of one block by what they are, each kind made when it is asked for, and
/// prefix_xor(), for each bit the parity of itself and all below.
template <unsigned kShape, class Masks>
class SkimState {
 public:
  static constexpr bool kOfRows = (kShape & kRows) != 0;

  HWY_INLINE SkimState(std::string_view text, std::size_t from, const SkimRules& rules, int depth,
                       RowEnds* ends)
      : ends_(ends),
        shape_(shape_of(rules)),
        letter_prefixes_(rules.letter_prefixes ? ~std::uint64_t{0} : 0),
        text_(text),
        from_(from),
        depth_(depth) {
    if (from > 0) wordish_ = std::uint64_t{rules.is_wordish(text[from - 1])} << 63;
    if (from > 1) wordish_ |= std::uint64_t{rules.is_wordish(text[from - 2])} << 62;
  }

  HWY_INLINE bool has(unsigned feature) const {
    return (((kShape & kAnyShape) != 0 ? shape_ : kShape) & feature) != 0;
  }
  int depth() const { return depth_; }
  std::size_t stop_at_end() const {
    return in_quote_ != 0 || in_name_ != 0 ? open() : text_.size();
  }

  /// Takes the next block, at `base`. True when skimming stops: at *stop.
  HWY_INLINE bool stops_in(const Masks& masks, std::size_t base, std::size_t* stop) {
    const std::uint64_t raw_quotes = masks.quotes();
    const std::uint64_t wordish = masks.wordish();
    std::uint64_t quotes = raw_quotes;
    if (has(kBackslash)) quotes &= ~escaped(masks.backslashes());
    const std::uint64_t in_quote = Masks::prefix_xor(quotes) ^ in_quote_;
    const std::uint64_t closes = quotes & ~in_quote;
    const std::uint64_t behind_close = shift_in(closes, closes_);
    std::uint64_t opens = quotes & in_quote & ~behind_close;  // not the second of two
    std::uint64_t at_opening = behind_close & wordish;
    std::uint64_t here = 0;
    std::uint64_t pairs = 0;
    std::uint64_t inside = in_quote;
    // In rows of data there is mostly nothing but quotes, numbers and commas.
    const std::uint64_t special = masks.special() & ~in_quote;
    const std::uint64_t stops = (special | in_name_) != 0 ? masks.stops() : 0;
    if (((special & ~stops) | in_name_ | comments_ >> 63) != 0) {
      if (has(kNames)) {
        inside |= names(masks, in_quote, wordish, raw_quotes | stops, &opens, &here, &at_opening);
      }
      const std::uint64_t comments = masks.comments() & ~inside;
      pairs = comments & shift_in(comments, comments_);
      here |= pairs;
      comments_ = comments;
    } else {
      at_opening |= closed_names_ >> 63 & wordish;
      comments_ = closed_names_ = 0;
    }
    here |= stops & ~inside;
    const std::uint64_t prefixes =
        shift_in(wordish, wordish_) & (shift_in(wordish, wordish_, 2) | letter_prefixes_);
    here |= opens & prefixes;
    if (has(kLineHeads)) {
      const std::uint64_t heads = masks.line_heads() & ~inside & ~shift_in(wordish, wordish_);
      if (heads != 0) here |= begin_lines(heads, base);
    }

    if (has(kParentheses)) begin_parentheses(masks, ~inside);
    for (std::uint64_t rest = here | at_opening; rest != 0; rest &= rest - 1) {
      const std::uint64_t bit = rest & (~rest + 1);
      const std::size_t place = base + static_cast<std::size_t>(std::countr_zero(rest));
      if (has(kParentheses)) count_parentheses(bit);
      if ((at_opening & bit) == 0 && passes_end(masks, place, bit)) continue;
      note_opens(opens & (bit - 1), base);
      *stop = (at_opening & bit) != 0 ? open() : place - ((pairs & bit) != 0 ? 1 : 0);
      return true;
    }
    if (has(kParentheses)) end_parentheses();
    note_opens(opens, base);
    if (kOfRows) lines_ += static_cast<unsigned>(std::popcount(masks.line_feeds()));
    in_quote_ = fill_from_top(in_quote);
    closes_ = closes;
    wordish_ = wordish;
    return false;
  }

 private:
  // Each bit moved up; what stood at the end of the block before comes in.
  static HWY_INLINE std::uint64_t shift_in(std::uint64_t bits, std::uint64_t before, int by = 1) {
    return bits << by | before >> (64 - by);
  }
  static HWY_INLINE std::uint64_t fill_from_top(std::uint64_t bits) { return ~(bits >> 63) + 1; }

  // The end of a row behind which another begins.
  HWY_INLINE bool passes_end(const Masks& masks, std::size_t place, std::uint64_t bit) {
    if (!kOfRows || text_[place] != ends_->terminator() || depth_ > 0) return false;
    const int lines = std::popcount(masks.line_feeds() & (bit - 1));
    return ends_->add(text_, place, lines_ + static_cast<unsigned>(lines));
  }

  HWY_INLINE void note_opens(std::uint64_t opens, std::size_t base) {
    open_base_ = opens != 0 ? base : open_base_;
    opens_ = opens != 0 ? opens : opens_;
  }
  // Where the last quote or name began.
  std::size_t open() const {
    return open_base_ + 63 - static_cast<unsigned>(std::countl_zero(opens_));
  }

  // Which bytes are inside names, and what about names stops.
  HWY_INLINE std::uint64_t names(const Masks& masks, std::uint64_t in_quote, std::uint64_t wordish,
                                 std::uint64_t never_inside, std::uint64_t* opens,
                                 std::uint64_t* here, std::uint64_t* at_opening) {
    const bool brackets = has(kBrackets);
    const std::uint64_t marks = masks.name_opens() & ~in_quote;
    const std::uint64_t ends = brackets ? masks.name_closes() & ~in_quote : marks;
    const std::uint64_t in_name = Masks::prefix_xor(brackets ? marks | ends : marks) ^ in_name_;
    const std::uint64_t closed = ends & ~in_name;
    const std::uint64_t behind = shift_in(closed, closed_names_);
    const std::uint64_t reopened = brackets ? 0 : marks & behind;
    *opens |= marks & in_name & ~reopened;
    *at_opening |= (behind & wordish & ~reopened) | (in_name & never_inside);
    if (brackets) {
      *here |= ends & in_name & ~behind;  // one that closes nothing
      *at_opening |= marks & ~in_name;    // one inside a name
    }
    in_name_ = fill_from_top(in_name);
    closed_names_ = closed;
    return in_name;
  }

  // Bytes that a backslash before them, itself not escaped, takes the meaning from.
  HWY_INLINE std::uint64_t escaped(std::uint64_t backslashes) {
    constexpr std::uint64_t kOdd = 0xaaaaaaaaaaaaaaaa;
    const std::uint64_t may_escape = backslashes & ~next_escaped_;
    const std::uint64_t codes = (((may_escape << 1) | kOdd) - may_escape) ^ kOdd;
    const std::uint64_t found = codes ^ (backslashes | next_escaped_);
    next_escaped_ = (codes & backslashes) >> 63;
    return found;
  }

  // Of the line heads those that begin a line, blanks left out. There are few that begin a word, so
  // each is looked at.
  std::uint64_t begin_lines(std::uint64_t heads, std::size_t base) const {
    std::uint64_t found = 0;
    for (std::uint64_t rest = heads; rest != 0; rest &= rest - 1) {
      std::size_t i = base + static_cast<std::size_t>(std::countr_zero(rest));
      while (i > from_ && (text_[i - 1] == ' ' || text_[i - 1] == '\t')) --i;
      if (i > from_ && (text_[i - 1] == '\n' || text_[i - 1] == '\r')) found |= rest & (~rest + 1);
    }
    return found;
  }

  // Mostly they take turns, and then the parity of those before tells how deep a byte is.
  HWY_INLINE void begin_parentheses(const Masks& masks, std::uint64_t counted) {
    paren_opens_ = masks.paren_opens() & counted;
    parens_ = (masks.paren_closes() & counted) | paren_opens_;
    odd_ = Masks::prefix_xor(parens_);
    const std::uint64_t closes = parens_ ^ paren_opens_;
    const std::uint64_t out_of_turn = (paren_opens_ & ~odd_) | (closes & odd_);
    turn_ = out_of_turn == 0 ? 1 : out_of_turn == parens_ && depth_ > 0 ? -1 : 0;
    depth_before_ = depth_;
  }
  // How deep the byte is that `bit` stands for.
  HWY_INLINE void count_parentheses(std::uint64_t bit) {
    if (turn_ != 0) {
      depth_ = depth_before_ + (((odd_ ^ parens_) & bit) != 0 ? turn_ : 0);
    } else {
      count_each(bit - 1);
    }
  }
  HWY_INLINE void end_parentheses() {
    if (turn_ != 0) {
      depth_ = depth_before_ + (odd_ >> 63 != 0 ? turn_ : 0);
    } else {
      count_each(~std::uint64_t{0});
    }
  }
  // Those of `reached` that have not been counted.
  void count_each(std::uint64_t reached) {
    for (std::uint64_t rest = parens_ & reached; rest != 0; rest &= rest - 1) {
      const bool open = (paren_opens_ & rest & (~rest + 1)) != 0;
      if (open || depth_ > 0) depth_ += open ? 1 : -1;
    }
    parens_ &= ~reached;
  }

  RowEnds* const ends_;
  std::uint64_t lines_ = 0;  // line feeds in the blocks before
  const unsigned shape_;
  const std::uint64_t letter_prefixes_;  // all ones when one letter before a quote matters
  const std::string_view text_;
  const std::size_t from_;
  int depth_;
  // Of this block: how deep it begins, its parentheses, the parity up to each byte, and whether an
  // odd one adds to the depth (1), takes from it (-1), or each must be counted (0).
  int depth_before_ = 0;
  int turn_ = 0;
  std::uint64_t paren_opens_ = 0;
  std::uint64_t parens_ = 0;
  std::uint64_t odd_ = 0;
  std::uint64_t opens_ = 1;    // of the last block with quotes or names that began in it,
  std::size_t open_base_ = 0;  // which lies here
  // Of the block before: all ones, or zeros; or its mask.
  std::uint64_t in_quote_ = 0;
  std::uint64_t in_name_ = 0;
  std::uint64_t closes_ = 0;
  std::uint64_t closed_names_ = 0;
  std::uint64_t comments_ = 0;
  std::uint64_t wordish_ = 0;
  // One bit each.
  std::uint64_t next_escaped_ = 0;
};

}  // namespace HWY_NAMESPACE
}  // namespace engine::sql
HWY_AFTER_NAMESPACE();

#endif  // the guard of this vector unit
