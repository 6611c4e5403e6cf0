#include "engine/organize/object_key.h"

#include "engine/sql/ascii.h"

namespace engine::organize {

std::string_view name_space(std::string_view type) {
  for (const std::string_view relation : {"table", "view", "materialized_view", "sequence",
                                          "foreign_table", "external_table", "virtual_table"}) {
    if (type == relation) return "relation";
  }
  if (type == "package_body") return "package";
  if (type == "type_body" || type == "domain") return "type";
  if (type == "fulltext_index") return "index";
  return type;
}

std::string KeyMaker::key(const ObjectKey& object, std::string_view parent) const {
  std::string out(name_space(object.type));
  out += '\0';
  add_folded(object.database.value_or(""), &out);
  out += '\0';
  if (object.schema) {
    add_folded(*object.schema, &out);
  } else if (dialect_ == Dialect::kTsql) {
    out += "dbo";
  } else if (dialect_ == Dialect::kPostgresql) {
    out += "public";
  }
  out += '\0';
  add_folded(object.name, &out);
  out += '\0';
  add_folded(parent, &out);
  out += object.signature.value_or("");
  if (object.minor) {
    out += '\0';
    add_folded(*object.minor, &out);
  }
  return out;
}

void KeyMaker::add_folded(std::string_view name, std::string* out) const {
  const bool ignores_case = dialect_ == Dialect::kTsql || dialect_ == Dialect::kSqlite;
  for (const char c : name) {
    *out += ignores_case ? sql::lower(c) : c;
  }
}

}  // namespace engine::organize
