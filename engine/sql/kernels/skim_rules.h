// SkimRules: what may be passed over in a stretch of statement that nobody wants to read, and where
// the passing must stop. Data only, made by a splitter from its scanner's rules.
//
// skim() passes over closed quotes, closed names, parentheses and everything that is not a stop. It
// stops, outside quotes and names, at the first byte
//   - that is a stop,
//   - of two neighbours out of "-/*", which may begin a comment,
//   - that opens a quote or name with a letter before it that may change its meaning, or one that
//     touches a word on either side, is never closed, or has a stop, a quote or a bracket in it:
//     what that means is for the scanner to say,
//   - that is the first of its line but for blanks, and one of the line heads.
// It may stop elsewhere too: where it stops, the scanner reads on, and loses nothing but time.
//
// A dump is row after row in the same words, so skim_rows() need not stop where one of them ends
// and the next begins as it did: it notes the end and goes on.
//
// Thread contract: values.
// Errors: none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "engine/sql/byte_set.h"
#include "engine/sql/row_end.h"

namespace engine::sql {

/// Classes of bytes, told by two look-ups: a byte is in a class when both its low and its high half
/// say so. Exact where all members of the class share their high half, or their low one.
struct NibbleTable {
  alignas(16) std::array<std::uint8_t, 16> low{};
  alignas(16) std::array<std::uint8_t, 16> high{};

  constexpr void add(char c, unsigned bit) {
    const auto byte = static_cast<unsigned char>(c);
    low[byte & 15u] = static_cast<std::uint8_t>(low[byte & 15u] | 1u << bit);
    high[byte >> 4] = static_cast<std::uint8_t>(high[byte >> 4] | 1u << bit);
  }
  constexpr void add(std::string_view members, unsigned bit) {
    for (const char c : members) add(c, bit);
  }
  constexpr std::uint8_t classes(char c) const {
    const auto byte = static_cast<unsigned char>(c);
    return low[byte & 15u] & high[byte >> 4];
  }
};

class SkimRules {
 public:
  /// Classes of `bytes`. Letters and marks that differ in case only share one class of stops, so
  /// that '|' is a stop where '\\' is.
  static constexpr unsigned kCommentBit = 0;  ///< one of "-/*"
  static constexpr std::uint8_t kWordish = 0x42;
  static constexpr std::uint8_t kStops = 0x3c;
  static constexpr unsigned kNameBit = 7;         ///< opens or closes a name
  static constexpr std::uint8_t kSpecial = 0xbd;  ///< any of these but wordish

  SkimRules();

  /// False when skim() cannot stop there: a control character, a byte above ASCII, a quote. Names
  /// are set before.
  bool add_stops(std::string_view stops);
  /// `open` and `close` of quoted names, the same byte or brackets.
  void set_names(char open, char close);

  /// The classes of bytes with `stop` being none: one of the marks from '!' to '?'.
  NibbleTable bytes_without(char stop) const;

  bool is_stop(char c) const { return (bytes.classes(c) & kStops) != 0; }
  bool is_comment_byte(char c) const { return (bytes.classes(c) & 1u << kCommentBit) != 0; }
  /// A byte that may belong to a word; some others are taken for it too.
  bool is_wordish(char c) const { return (bytes.classes(c) & kWordish) != 0; }
  bool is_line_end(char c) const { return c == '\n' || c == '\r'; }
  bool has_line_heads() const { return line_letter != '\0' || line_mark != '\0'; }
  bool is_line_head(char c) const {
    return c != '\0' && ((c | 0x20) == line_letter || c == line_mark);
  }

  NibbleTable bytes;
  ByteSet marks{"'-/*()\n\r"};   ///< all that is more than text under some rules
  bool backslash = false;        ///< in quotes it keeps the next byte from closing; must be a stop
  bool letter_prefixes = false;  ///< E'...', q'...': one letter before a quote matters
  bool parentheses = false;      ///< their depth is kept, never below zero
  char name_open = '\0';         ///< '\0': no names are passed over
  char name_close = '\0';
  char line_letter = '\0';  ///< a small letter: it and its capital are line heads; '\0': none
  char line_mark = '\0';    ///< another line head
};

/// How each of the statements in a row begins: a word of letters and a blank.
class RowHead {
 public:
  static constexpr std::size_t kLongest = 8;

  /// At most kLongest bytes.
  explicit RowHead(std::string_view head) : size_(head.size()) {
    std::memcpy(&bytes_, head.data(), size_);
    const std::uint64_t ones = ~std::uint64_t{0};
    std::memcpy(&mask_, &ones, size_);
  }

  /// How far behind the end of a statement it looks.
  static constexpr std::size_t kReach = kLongest + 2;

  /// Where the next statement begins, if the one that ends at `end` is followed by a line end and
  /// this head; else 0.
  std::size_t next(std::string_view text, std::size_t end) const {
    if (text.size() < kReach || end > text.size() - kReach) return 0;
    return next(text.data(), end);
  }
  /// REQUIRES: kReach bytes behind `end`.
  std::size_t next(const char* text, std::size_t end) const {
    const std::size_t begin = end + (text[end] == '\r' ? 2 : 1);
    if (text[begin - 1] != '\n') return 0;
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text + begin, kLongest);
    return (bytes & mask_) == bytes_ ? begin : 0;
  }

 private:
  std::size_t size_;
  std::uint64_t bytes_ = 0;
  std::uint64_t mask_ = 0;
};

/// What skim_rows() fills: the ends that it passed.
class RowEnds {
 public:
  /// Skimming begins in `line`. Of rows that begin at `limit` or behind none is taken.
  RowEnds(RowHead head, char terminator, std::uint64_t line, std::size_t limit,
          std::span<RowEnd> room)
      : head_(head), terminator_(terminator), line_(line), limit_(limit), room_(room) {}

  char terminator() const { return terminator_; }
  std::span<const RowEnd> found() const { return room_.first(count_); }
  bool is_full() const { return is_full(count_); }
  /// Where the last one that was found ends; 0 while there is none.
  std::size_t last_end() const { return count_ > 0 ? room_[count_ - 1].end : 0; }
  /// The line of that place, or that in which skimming began.
  std::uint64_t line() const { return count_ > 0 ? room_[count_ - 1].line : line_; }

  /// At a terminator outside quotes and parentheses, while there is room: notes it, if a row
  /// follows. False: skimming does not go on behind it.
  bool add(std::string_view text, std::size_t terminator, std::uint64_t line) {
    const std::size_t next = head_.next(text, terminator + 1);
    if (next == 0) return false;
    room_[count_++] = {terminator + 1, next, line};
    return !is_full();
  }

  /// add() for many, with what it looks at at hand: they are found when it is gone.
  class Notes {
   public:
    explicit Notes(RowEnds* ends)
        : ends_(*ends), head_(ends->head_), terminator_(ends->terminator_), count_(ends->count_) {}
    ~Notes() { ends_.count_ = count_; }
    Notes(const Notes&) = delete;
    Notes& operator=(const Notes&) = delete;

    char terminator() const { return terminator_; }
    /// REQUIRES: RowHead::kReach bytes behind `end`, which is behind a terminator.
    bool add(const char* text, std::size_t end, std::uint64_t line) {
      const std::size_t next = head_.next(text, end);
      if (next == 0) return false;
      ends_.room_[count_++] = {end, next, line};
      return !ends_.is_full(count_);
    }

   private:
    RowEnds& ends_;
    const RowHead head_;
    const char terminator_;
    std::size_t count_;
  };

 private:
  bool is_full(std::size_t count) const {
    return count == room_.size() || (count > 0 && room_[count - 1].next >= limit_);
  }

  RowHead head_;
  char terminator_;
  std::uint64_t line_;
  std::size_t limit_;
  std::span<RowEnd> room_;
  std::size_t count_ = 0;
};

}  // namespace engine::sql
