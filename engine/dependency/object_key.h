// ObjectKey: whose a stretch of text is; KeyMaker: the same object under all the spellings by which
// a script may name it.
//
// Thread contract: values, pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/dialect.h"
#include "engine/sql/object_type.h"

namespace engine::dependency {

struct ObjectKey {
  std::string type;
  std::optional<std::string> database;
  std::optional<std::string> schema;
  std::string name;
  std::optional<std::string> signature;  ///< of an overload
  std::optional<std::string> minor;      ///< the part of its parent that a property is of
  bool schema_implied = false;           ///< MySQL: not written, but the database of USE
  bool database_implied = false;         ///< BigQuery: means the same when it is not written
};

using sql::name_space;

class KeyMaker {
 public:
  explicit KeyMaker(Dialect dialect) : dialect_(dialect) {}

  /// Names without a schema are in the dialect's default schema; letter case is ignored where the
  /// dialect's servers usually do.
  std::string key(const ObjectKey& object, std::string_view parent = {}) const;
  Dialect dialect() const { return dialect_; }
  /// One name by itself.
  std::string folded(std::string_view name) const;

 private:
  // What stands in the key from there on.
  void fold(std::size_t from, std::string* key) const;
  Dialect dialect_;
};

}  // namespace engine::dependency
