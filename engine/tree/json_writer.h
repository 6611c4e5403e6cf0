// JsonWriter: JSON straight into a string. Manifests are written by the thousand and never changed,
// so no tree of values is built for them.
//
// Thread contract: confined to one thread; borrows the string.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>

namespace engine::tree {

/// The name of a member, quoted by the compiler: a manifest has sixteen for each output.
/// REQUIRES: it holds nothing that JSON escapes.
class JsonKey {
 public:
  template <std::size_t N>
  consteval JsonKey(const char (&name)[N])  // NOLINT: stands wherever a key does
      : size_(kComma + 1 + N - 1 + 3) {
    char* out = std::copy_n(", \"", 3, text_.data());
    out = std::copy_n(name, N - 1, out);
    std::copy_n("\": ", 3, out);
  }

  std::string_view first() const { return behind().substr(kComma); }
  std::string_view behind() const { return {text_.data(), size_}; }  ///< another member

 private:
  static constexpr std::size_t kComma = 2;  // ", "

  std::array<char, 32> text_{};
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
  /// The next value or key begins on a line of its own, after so many blanks.
  JsonWriter& new_line(int indent);

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();

  std::pmr::string* out_;
  bool first_ = true;  // no comma before the next element
  bool after_key_ = false;
  int line_ = -1;  // indent of the line that is due
};

}  // namespace engine::tree
