// JsonFields: the values of a JSON document, taken out by name and type.
//
// Thread contract: confined to one thread; borrows the document.
// Errors: it keeps the first thing that is wrong with the document, so that reading goes straight
// through.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

namespace engine::io {

class JsonFields {
 public:
  using Json = nlohmann::json;

  const std::string& error() const { return error_; }

  const Json& member(const Json& object, const char* key, Json::value_t type) {
    static const Json nothing;
    const auto found = object.is_object() ? object.find(key) : object.end();
    const bool present = object.is_object() && found != object.end();
    if (present && (found->type() == type ||
                    (type == Json::value_t::number_unsigned && found->is_number_unsigned()))) {
      return *found;
    }
    wrong(std::string("\"") + key + (present ? "\" has the wrong type" : "\" is missing"));
    return nothing;
  }
  std::string text(const Json& object, const char* key) {
    const Json& value = member(object, key, Json::value_t::string);
    return value.is_string() ? value.get<std::string>() : std::string();
  }
  std::uint64_t number(const Json& object, const char* key) {
    const Json& value = member(object, key, Json::value_t::number_unsigned);
    return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
  }
  std::uint64_t number(const Json& object, const char* key, std::uint64_t otherwise) {
    return object.is_object() && object.contains(key) ? number(object, key) : otherwise;
  }
  /// Nothing where it is null or absent.
  std::optional<std::string> optional_text(const Json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    if (!object.is_object() || found == object.end() || found->is_null()) return std::nullopt;
    return text(object, key);
  }
  const Json& array(const Json& object, const char* key) {
    return member(object, key, Json::value_t::array);
  }
  void wrong(std::string what) {
    if (error_.empty()) error_ = std::move(what);
  }

 private:
  std::string error_;
};

}  // namespace engine::io
