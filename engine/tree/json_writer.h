// JsonWriter: JSON straight into a string. Manifests are written by the thousand and never changed,
// so no tree of values is built for them; what is written is short, and a call that grows or copies
// a string for each would cost more than all else, so it is gathered in a few KiB first.
//
// Thread contract: confined to one thread; borrows the string, which has it all after flush().
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>

namespace engine::tree {

/// The name of a member, quoted by the compiler: a manifest has sixteen for each output.
/// REQUIRES: it holds nothing that JSON escapes.
class JsonKey {
 public:
  static constexpr std::size_t kMost = 32;  ///< bytes of it in its quotes, with what parts it

  template <std::size_t N>
  consteval JsonKey(const char (&name)[N])  // NOLINT: stands wherever a key does
      : size_(kComma + 1 + N - 1 + 3) {
    static_assert(kComma + 1 + N - 1 + 3 <= kMost);
    char* out = std::copy_n(", \"", 3, text_.data());
    out = std::copy_n(name, N - 1, out);
    std::copy_n("\": ", 3, out);
  }

  /// Writes kMost bytes, of which so many are meant; `first`: of no other member behind it.
  std::size_t copy(bool first, char* out) const {
    const std::size_t skipped = first ? kComma : 0;
    std::memcpy(out, text_.data() + skipped, kMost);
    return size_ - skipped;
  }

 private:
  static constexpr std::size_t kComma = 2;  // ", "

  std::array<char, kMost + kComma> text_{};
  std::size_t size_;
};

class JsonWriter {
 public:
  explicit JsonWriter(std::pmr::string* out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(const JsonKey& name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::pmr::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(bool truth);
  JsonWriter& null();
  JsonWriter& value(const std::optional<std::string>& text) { return text ? value(*text) : null(); }
  /// The next value or key begins on a line of its own, after so many blanks, kMostIndent at most.
  JsonWriter& new_line(int indent);
  /// What is written so far goes into the string. Out of line: each call is one in some hundreds.
  [[gnu::noinline]] void flush();

  static constexpr int kMostIndent = 15;

 private:
  static constexpr std::size_t kGathered = 2048;
  static constexpr std::size_t kStretch = 64;         // of a text, which may be of any length
  static constexpr std::size_t kRoom = 2 * kStretch;  // more than any one thing takes

  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();
  void begin_line();
  void put(char c) { gathered_[size_++] = c; }
  void put_text(std::string_view text);
  std::size_t put_plain(std::string_view stretch);
  [[gnu::noinline]] std::size_t put_other(std::string_view text);
  void make_room() {
    if (size_ > kGathered) flush();
  }
  char* end() { return gathered_.data() + size_; }

  std::pmr::string* out_;
  std::array<char, kGathered + kRoom> gathered_;
  std::size_t size_ = 0;
  bool first_ = true;  // no comma before the next element
  bool after_key_ = false;
  int line_ = -1;  // indent of the line that is due
};

}  // namespace engine::tree
