// JsonWriter: JSON straight into a string. Manifests are written by the thousand and never changed,
// so no tree of values is built for them.
//
// Thread contract: confined to one thread; borrows the string.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engine::organize {

class JsonWriter {
 public:
  explicit JsonWriter(std::string* out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  /// REQUIRES: `name` holds nothing that JSON escapes.
  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
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

  std::string* out_;
  bool first_ = true;  // no comma before the next element
  bool after_key_ = false;
  int line_ = -1;  // indent of the line that is due
};

}  // namespace engine::organize
