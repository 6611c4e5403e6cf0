#include "engine/organize/statement_key.h"

#include <string>
#include <string_view>
#include <utility>

#include "engine/sql/type_phrases.h"

namespace engine::organize {

using sql::Statement;

namespace {

// In MySQL a schema that USE names is implied, in BigQuery the session's project; elsewhere the
// database is what USE names.
dependency::ObjectKey key_of(std::string_view type, const std::optional<std::string>& schema,
                             std::string_view name, const Statement& statement, Dialect dialect) {
  dependency::ObjectKey key;
  key.type = type;
  key.schema = schema;
  key.name = name;
  if (!statement.objects.empty()) key.database = statement.objects.front().database;
  const bool of_server = sql::scope_of(type, dialect) == sql::Scope::kServer;
  if (dialect == Dialect::kBigquery) {
    key.database_implied = key.database && key.database == statement.database;
    return key;
  }
  if (!key.database && !of_server) key.database = statement.database;
  if (dialect == Dialect::kMysql) {
    if (!key.schema && !of_server) key.schema = statement.database;
    key.schema_implied = key.schema && key.schema == statement.database;
    key.database.reset();
  }
  return key;
}

}  // namespace

ObjectRef filed_object(const Statement& statement) {
  ObjectRef object = statement.objects.front();
  if (object.type == "column" && object.parent) {
    object.type = "table";
    object.name = std::exchange(object.parent, std::nullopt);
  }
  return object;
}

std::optional<dependency::ObjectKey> owner_key(const Statement& statement, const ObjectRef& object,
                                               Dialect dialect) {
  if (object.parent) {
    const bool typed = !statement.owner_type.empty() && statement.owner_name == *object.parent;
    return key_of(typed ? statement.owner_type : "table",
                  object.parent_schema ? object.parent_schema : object.schema, *object.parent,
                  statement, dialect);
  }
  if (object.type == "grant") {
    dependency::ObjectKey key = key_of(statement.owner_type, statement.owner_schema,
                                       statement.owner_name, statement, dialect);
    key.signature = statement.owner_signature;
    return key;
  }
  return std::nullopt;
}

dependency::ObjectKey own_key(const Statement& statement, const ObjectRef& object,
                              Dialect dialect) {
  dependency::ObjectKey key =
      key_of(object.type, object.schema, object.name.value_or(""), statement, dialect);
  key.signature = object.signature;
  key.minor = object.minor;
  return key;
}

bool is_owned_sequence(const ObjectRef& object) {
  return object.type == "sequence" && object.parent;
}

dependency::ObjectKey rows_owner_key(const Statement& statement, Dialect dialect) {
  return key_of("table", statement.owner_schema, statement.owner_name, statement, dialect);
}

}  // namespace engine::organize
