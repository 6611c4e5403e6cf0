// ParenthesisDepth: how deep in parentheses each byte is, of one block of 64 after another.
//
// No #pragma once: Highway includes it once for each vector unit, which the guard is for.
//
// Thread contract: values, confined to one thread.
#if defined(ENGINE_SQL_KERNELS_PARENTHESIS_DEPTH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef ENGINE_SQL_KERNELS_PARENTHESIS_DEPTH_INL_H_
#undef ENGINE_SQL_KERNELS_PARENTHESIS_DEPTH_INL_H_
#else
#define ENGINE_SQL_KERNELS_PARENTHESIS_DEPTH_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace engine::sql {
namespace HWY_NAMESPACE {

/// Never below zero.
class ParenthesisDepth {
 public:
  explicit ParenthesisDepth(int depth) : depth_(depth) {}

  /// Where the bytes that were passed end.
  int now() const { return depth_; }

  /// The next block: which of its bytes open one, and which close one.
  HWY_INLINE void take(std::uint64_t opens, std::uint64_t closes) {
    opens_ = opens;
    closes_ = closes;
    // Mostly they take turns. Then each that closes lends to all below, down to the one that opens,
    // and the difference is what is inside, that one included.
    const std::uint64_t outer = closes - static_cast<unsigned>(depth_);
    inside_ = outer - opens;
    goes_on_ = (closes < static_cast<unsigned>(depth_)) | (outer < opens);
    in_turn_ = (inside_ & (opens | closes)) == opens && depth_ <= 1;
  }
  /// Which of its bytes, but parentheses, are in any.
  HWY_INLINE std::uint64_t inside() const { return in_turn_ ? inside_ : inside_each(); }
  /// Passes all of it, or up to the byte that `bit` stands for.
  HWY_INLINE void pass_block() { depth_ = in_turn_ ? int{goes_on_} : count(~std::uint64_t{0}); }
  HWY_INLINE void pass_to(std::uint64_t bit) { depth_ = count(bit - 1); }

 private:
  int next(int depth, std::uint64_t bit) const {
    return (opens_ & bit) != 0 ? depth + 1 : depth > 0 ? depth - 1 : 0;
  }
  int count(std::uint64_t reached) const {
    int depth = depth_;
    for (std::uint64_t rest = (opens_ | closes_) & reached; rest != 0; rest &= rest - 1) {
      depth = next(depth, rest & (~rest + 1));
    }
    return depth;
  }
  std::uint64_t inside_each() const {
    std::uint64_t found = depth_ > 0 ? ~std::uint64_t{0} : 0;
    int depth = depth_;
    for (std::uint64_t rest = opens_ | closes_; rest != 0; rest &= rest - 1) {
      const std::uint64_t bit = rest & (~rest + 1);
      depth = next(depth, bit);
      found = depth > 0 ? found | (~bit + 1) : found & (bit - 1);  // from here on
    }
    return found;
  }

  int depth_;
  // Of the block that was taken last.
  std::uint64_t opens_ = 0;
  std::uint64_t closes_ = 0;
  std::uint64_t inside_ = 0;  // where they take turns,
  bool goes_on_ = false;      // up to its end
  bool in_turn_ = true;
};

}  // namespace HWY_NAMESPACE
}  // namespace engine::sql
HWY_AFTER_NAMESPACE();

#endif  // the guard of this vector unit
