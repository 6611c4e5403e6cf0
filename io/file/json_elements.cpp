#include "io/file/json_elements.h"

#include <utility>

namespace engine::io {

bool JsonElements::key(string_t& value) {
  key_ = std::move(value);
  if (open_.size() == 1) taking_ = key_ == array_;
  return true;
}

bool JsonElements::parse_error(std::size_t /*position*/, const std::string& /*token*/,
                               const Json::exception& error) {
  error_ = error.what();
  return false;
}

// Between the elements of the long array.
bool JsonElements::in_array() const {
  return taking_ && open_.size() == 2 && open_.back()->is_array();
}

// Only what is open last is added to, so that what is open stays where it is.
JsonElements::Json* JsonElements::place(Json value) {
  if (open_.empty()) return &(document_ = std::move(value));
  if (in_array()) return &(element_ = std::move(value));
  Json& into = *open_.back();
  if (into.is_object()) return &(into[key_] = std::move(value));
  into.push_back(std::move(value));
  return &into.back();
}

bool JsonElements::scalar(Json value) {
  place(std::move(value));
  if (in_array()) take_(element_);
  return true;
}

bool JsonElements::open(Json value) {
  open_.push_back(place(std::move(value)));
  return true;
}

bool JsonElements::close() {
  open_.pop_back();
  if (in_array()) take_(element_);
  return true;
}

}  // namespace engine::io
