#include "engine/dependency/object_key.h"

#include "engine/sql/ascii.h"
#include "engine/sql/object_type.h"
#include "engine/sql/signature.h"

namespace engine::dependency {
namespace {

constexpr std::size_t kUsualKey = 96;  // as long as nearly all of them

}  // namespace

std::string KeyMaker::key(const ObjectKey& object, std::string_view parent) const {
  const bool database_is_schema = dialect_ == Dialect::kMysql && object.type == "database";
  std::string out;
  out.reserve(kUsualKey);
  out += database_is_schema ? "schema" : name_space(object.type);
  out += '\0';
  if (object.database && !object.database_implied) add_folded(*object.database, &out);
  out += '\0';
  if (object.schema) {
    add_folded(*object.schema, &out);
  } else {
    out += default_schema(dialect_);
  }
  out += '\0';
  add_folded(object.name, &out);
  out += '\0';
  add_folded(parent, &out);
  if (object.signature && dialect_ == Dialect::kPostgresql) {
    out += sql::canonical_signature(*object.signature,
                                    object.schema.value_or(std::string(default_schema(dialect_))));
  } else if (object.signature) {
    out += *object.signature;
  }
  if (object.minor) {
    out += '\0';
    add_folded(*object.minor, &out);
  }
  return out;
}

std::string KeyMaker::folded(std::string_view name) const {
  std::string out;
  add_folded(name, &out);
  return out;
}

void KeyMaker::add_folded(std::string_view name, std::string* out) const {
  const bool ignores_case = dialect_ == Dialect::kTsql || dialect_ == Dialect::kSqlite;
  if (ignores_case) {
    sql::append_lower(name, out);
  } else {
    *out += name;
  }
}

}  // namespace engine::dependency
