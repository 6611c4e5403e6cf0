#include "engine/organize/object_key.h"

#include "engine/sql/ascii.h"
#include "engine/sql/signature.h"

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
  const bool database_is_schema = dialect_ == Dialect::kMysql && object.type == "database";
  std::string out(database_is_schema ? "schema" : name_space(object.type));
  out += '\0';
  out += folded(object.database.value_or(""));
  out += '\0';
  const bool main =
      dialect_ == Dialect::kSqlite && object.schema && folded(*object.schema) == "main";
  if (object.schema && !main) {
    out += folded(*object.schema);
  } else if (dialect_ == Dialect::kTsql) {
    out += "dbo";
  } else if (dialect_ == Dialect::kPostgresql) {
    out += "public";
  }
  out += '\0';
  out += folded(object.name);
  out += '\0';
  out += folded(parent);
  if (object.signature && dialect_ == Dialect::kPostgresql) {
    out += sql::canonical_signature(*object.signature);
  } else {
    out += object.signature.value_or("");
  }
  if (object.minor) {
    out += '\0';
    out += folded(*object.minor);
  }
  return out;
}

std::string KeyMaker::folded(std::string_view name) const {
  const bool ignores_case = dialect_ == Dialect::kTsql || dialect_ == Dialect::kSqlite;
  return ignores_case ? sql::lower(name) : std::string(name);
}

}  // namespace engine::organize
