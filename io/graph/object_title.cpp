#include "io/graph/object_title.h"

#include <utility>

#include "io/graph/name_resolver.h"

namespace engine::io {

std::string object_title(const RecordedObject& recorded, bool says_database) {
  const CatalogueObject& object = recorded.object;
  std::string title;
  if (object.database && (says_database || recorded.tree.empty())) title += *object.database + '.';
  if (object.schema) title += *object.schema + '.';
  if (object.parent) title += *object.parent + ": ";
  title += object.name ? *object.name : "(" + object.constraint_kind + ")";
  if (object.signature) title += *object.signature;
  if (object.minor) title += " of " + *object.minor;
  return title;
}

void DatabasesMet::meet(const RecordedObject& object) {
  if (are_several_ || !object.object.database) return;
  std::string database = NameResolver::folded(*object.object.database, object.dialect);
  if (!first_)
    first_ = std::move(database);
  else
    are_several_ = *first_ != database;
}

}  // namespace engine::io
