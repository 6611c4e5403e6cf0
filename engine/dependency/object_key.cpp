#include "engine/dependency/object_key.h"

#include <span>

#include "engine/name_case.h"
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
  const std::size_t names = out.size();
  if (object.database && !object.database_implied) out += *object.database;
  out += '\0';
  out += object.schema ? std::string_view(*object.schema) : default_schema(dialect_);
  out += '\0';
  out += object.name;
  out += '\0';
  out += parent;
  fold(names, &out);
  if (object.signature && dialect_ == Dialect::kPostgresql) {
    out += sql::canonical_signature(*object.signature,
                                    object.schema.value_or(std::string(default_schema(dialect_))));
  } else if (object.signature) {
    out += *object.signature;
  }
  if (object.minor) {
    out += '\0';
    const std::size_t minor = out.size();
    out += *object.minor;
    fold(minor, &out);
  }
  return out;
}

std::string KeyMaker::folded(std::string_view name) const {
  std::string out(name);
  fold(0, &out);
  return out;
}

void KeyMaker::fold(std::size_t from, std::string* key) const {
  // Where the server decides, two tables that it may keep apart stay two.
  if (name_case(dialect_) != NameCase::kIgnored) return;
  for (char& c : std::span(*key).subspan(from)) c = sql::lower(c);
}

}  // namespace engine::dependency
