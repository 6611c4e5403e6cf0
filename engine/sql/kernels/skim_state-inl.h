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

#include "engine/sql/kernels/parenthesis_depth-inl.h"
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
  HWY_INLINE SkimState(std::string_view text, std::size_t from, const SkimRules& rules, int depth)
      : shape_(shape_of(rules)),
        letter_prefixes_(rules.letter_prefixes ? ~std::uint64_t{0} : 0),
        text_(text),
        from_(from),
        depth_(depth) {
    if (from > 0) wordish_ = std::uint64_t{rules.is_wordish(text[from - 1])} << 63;
    if (from > 1) wordish_ |= std::uint64_t{rules.is_wordish(text[from - 2])} << 62;
  }

  int depth() const { return depth_.now(); }
  std::size_t stop_at_end() const {
    return in_quote_ != 0 || in_name_ != 0 ? open() : text_.size();
  }

  /// Takes the next block, at `base`. True when skimming stops: at *stop.
  HWY_INLINE bool stops_in(const Masks& masks, std::size_t base, std::size_t* stop) {
    const Found found = look_at(masks, base, 0);
    const std::uint64_t all = found.here | found.at_opening;
    if (all == 0) {
      if (has(kParentheses)) depth_.pass_block();
      note_opens(found.opens, base);
      return false;
    }
    const std::uint64_t bit = all & (~all + 1);
    if (has(kParentheses)) depth_.pass_to(bit);
    note_opens(found.opens & (bit - 1), base);
    const std::size_t place = base + static_cast<std::size_t>(std::countr_zero(all));
    *stop = (found.at_opening & bit) != 0 ? open() : place - ((found.pairs & bit) != 0 ? 1 : 0);
    return true;
  }

  /// Takes the next block, at `base`, of rows: `terminators` are what may end one, and no stops. Of
  /// them those are *ends that do; false where there is anything that skimming stops at.
  HWY_INLINE bool is_of_rows(const Masks& masks, std::size_t base, std::uint64_t terminators,
                             std::uint64_t* ends) {
    const Found found = look_at(masks, base, terminators);
    *ends = terminators & ~found.inside;
    std::uint64_t stops = found.at_opening | found.here;
    if (has(kParentheses)) {
      stops |= *ends & depth_.inside();
      depth_.pass_block();
    }
    return stops == 0;
  }

 private:
  // Each bit moved up; what stood at the end of the block before comes in.
  static HWY_INLINE std::uint64_t shift_in(std::uint64_t bits, std::uint64_t before, int by = 1) {
    return bits << by | before >> (64 - by);
  }
  static HWY_INLINE std::uint64_t fill_from_top(std::uint64_t bits) { return ~(bits >> 63) + 1; }

  // What of a block matters: where skimming stops, for what begins `here`, or before it, where the
  // literal was opened that it is `at` the end of.
  struct Found {
    std::uint64_t here = 0;
    std::uint64_t at_opening = 0;
    std::uint64_t pairs = 0;   // those that begin a byte before
    std::uint64_t opens = 0;   // of quotes and names,
    std::uint64_t inside = 0;  // and what they hold
  };

  HWY_INLINE bool has(unsigned feature) const {
    return (((kShape & kAnyShape) != 0 ? shape_ : kShape) & feature) != 0;
  }

  // `terminators` are stops in names only.
  HWY_INLINE Found look_at(const Masks& masks, std::size_t base, std::uint64_t terminators) {
    Found found;
    const std::uint64_t raw_quotes = masks.quotes();
    const std::uint64_t wordish = masks.wordish();
    std::uint64_t quotes = raw_quotes;
    if (has(kBackslash)) quotes &= ~escaped(masks.backslashes());
    const std::uint64_t in_quote = Masks::prefix_xor(quotes) ^ in_quote_;
    const std::uint64_t closes = quotes & ~in_quote;
    const std::uint64_t behind_close = shift_in(closes, closes_);
    found.opens = quotes & in_quote & ~behind_close;  // not the second of two
    found.at_opening = behind_close & wordish;
    std::uint64_t inside = in_quote;
    // In rows of data there is mostly nothing but quotes, numbers and commas; where names stand in
    // brackets every row has some.
    const bool always_named = has(kNames) && has(kBrackets);
    const std::uint64_t special = (always_named ? masks.marks() : masks.special()) & ~in_quote;
    const bool is_special = (special | goes_on_) != 0;
    if (always_named || is_special) {
      const std::uint64_t stops = is_special ? masks.stops() : 0;
      if (has(kNames)) {
        const std::uint64_t never_inside = raw_quotes | stops | terminators;
        inside |= names(masks, in_quote, wordish, never_inside, &found);
      }
      const std::uint64_t comments = is_special ? masks.comments() & ~inside : 0;
      found.pairs = comments & shift_in(comments, comments_);
      found.here |= found.pairs | (stops & ~inside);
      comments_ = comments;
      goes_on_ = comments_ >> 63;
      if (!always_named) goes_on_ |= in_name_ | closed_names_ >> 63;
    }
    const std::uint64_t behind_word = shift_in(wordish, wordish_);
    const std::uint64_t prefixed = found.opens & behind_word;
    if (always_named || prefixed != 0) {  // N'...' in rows of T-SQL
      found.here |= prefixed & (shift_in(wordish, wordish_, 2) | letter_prefixes_);
    }
    if (has(kLineHeads)) {
      const std::uint64_t heads = masks.line_heads() & ~inside & ~behind_word;
      if (heads != 0) found.here |= begin_lines(heads, base);
    }
    if (has(kParentheses))
      depth_.take(masks.paren_opens() & ~inside, masks.paren_closes() & ~inside);
    found.inside = inside;
    in_quote_ = fill_from_top(in_quote);
    closes_ = closes;
    wordish_ = wordish;
    return found;
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
                                 std::uint64_t never_inside, Found* found) {
    const bool brackets = has(kBrackets);
    const std::uint64_t marks = masks.name_opens() & ~in_quote;
    const std::uint64_t ends = brackets ? masks.name_closes() & ~in_quote : marks;
    const std::uint64_t in_name = Masks::prefix_xor(brackets ? marks | ends : marks) ^ in_name_;
    const std::uint64_t closed = ends & ~in_name;
    const std::uint64_t behind = shift_in(closed, closed_names_);
    const std::uint64_t reopened = brackets ? 0 : marks & behind;
    found->opens |= marks & in_name & ~reopened;
    found->at_opening |= (behind & wordish & ~reopened) | (in_name & never_inside);
    if (brackets) {
      found->here |= ends & in_name & ~behind;  // one that closes nothing
      found->at_opening |= marks & ~in_name;    // one inside a name
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

  const unsigned shape_;
  const std::uint64_t letter_prefixes_;  // all ones when one letter before a quote matters
  const std::string_view text_;
  const std::size_t from_;
  ParenthesisDepth depth_;
  std::uint64_t opens_ = 1;    // of the last block with quotes or names that began in it,
  std::size_t open_base_ = 0;  // which lies here
  // Of the block before: all ones, or zeros; or its mask.
  std::uint64_t in_quote_ = 0;
  std::uint64_t in_name_ = 0;
  std::uint64_t closes_ = 0;
  std::uint64_t closed_names_ = 0;
  std::uint64_t comments_ = 0;
  std::uint64_t wordish_ = 0;
  std::uint64_t goes_on_ = 0;  // not zero where it ends in a name, or behind one or a "-/*"
  // One bit each.
  std::uint64_t next_escaped_ = 0;
};

}  // namespace HWY_NAMESPACE
}  // namespace engine::sql
HWY_AFTER_NAMESPACE();

#endif  // the guard of this vector unit
