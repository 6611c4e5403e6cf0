// JsonElements: a JSON document whose one long array is handed over element by element, so that it
// is never in memory as a whole. The rest of the document is kept.
//
// The library's own way, a callback that drops what it has seen, looks through all of an array
// each time that an object in it ends: quadratic.
//
// Thread contract: confined to one thread.
// Errors: error() says where the text is no JSON.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace engine::io {

class JsonElements final : public nlohmann::json_sax<nlohmann::json> {
 public:
  using Json = nlohmann::json;
  using Take = std::function<void(const Json& element)>;

  /// `array` is the key of the long array, at the top of the document.
  JsonElements(std::string_view array, Take take) : array_(array), take_(std::move(take)) {}

  /// True when all of `text` is one JSON document.
  bool parse(std::string_view text) { return Json::sax_parse(text, this); }

  /// Behind parse(): all but the elements.
  const Json& document() const { return document_; }
  const std::string& error() const { return error_; }

  // What the library's parser calls.
  bool null() override { return scalar(nullptr); }
  bool boolean(bool value) override { return scalar(value); }
  bool number_integer(number_integer_t value) override { return scalar(value); }
  bool number_unsigned(number_unsigned_t value) override { return scalar(value); }
  bool number_float(number_float_t value, const string_t& /*spelled*/) override {
    return scalar(value);
  }
  bool string(string_t& value) override { return scalar(std::move(value)); }
  bool binary(binary_t& value) override { return scalar(std::move(value)); }
  bool key(string_t& value) override;
  bool start_object(std::size_t /*size*/) override { return open(Json::object()); }
  bool start_array(std::size_t /*size*/) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string& token,
                   const Json::exception& error) override;

 private:
  bool in_array() const;
  Json* place(Json value);
  bool scalar(Json value);
  bool open(Json value);
  bool close();

  std::string_view array_;
  Take take_;
  Json document_;
  Json element_;             // of the long array, the one that is being read
  std::vector<Json*> open_;  // from the document to what is being filled
  std::string key_;          // behind which a value follows
  bool taking_ = false;      // what is open at the top of the document is the long array
  std::string error_;
};

}  // namespace engine::io
