// object_title(): an object as people call it.
//
// Thread contract: pure.
#pragma once

#include <optional>
#include <string>

#include "io/state/catalogue.h"

namespace engine::io {

/// "schema.name(signature)", "table: constraint", "table: property of column c". What no source
/// defines comes with its database or server, others where `says_database`.
std::string object_title(const RecordedObject& object, bool says_database);

/// Whether those that are met lie in several databases, so that a title needs its own.
class DatabasesMet {
 public:
  void meet(const RecordedObject& object);
  bool are_several() const { return are_several_; }

 private:
  std::optional<std::string> first_;
  bool are_several_ = false;
};

}  // namespace engine::io
