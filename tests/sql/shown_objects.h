// shown_objects(): what a script does to which objects, one line each, as the tests compare it:
// "create table dbo.t", "create foreign_key dbo.a < t".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/split.h"

namespace engine::sql {

inline std::string shown(const ObjectRef& object) {
  std::string out(action_name(object.action));
  out += ' ';
  out += object.constraint_kind.empty() ? object.type : object.constraint_kind;
  out += ' ';
  if (object.database) out += *object.database + ":";
  if (object.schema) out += *object.schema + ".";
  out += object.name.value_or("?") + object.signature.value_or("");
  if (object.parent) {
    out += " < ";
    if (object.parent_schema) out += *object.parent_schema + ".";
    out += *object.parent;
  }
  if (object.minor) out += " (" + *object.minor + ")";
  if (object.conditional) out += " conditional";
  if (object.dynamic) out += " dynamic";
  return out;
}

inline std::vector<std::string> shown_objects(std::string_view text, Dialect dialect) {
  std::vector<std::string> out;
  for (const Part& part : split(text, dialect)) {
    for (const ObjectRef& object : part.objects) out.push_back(shown(object));
  }
  return out;
}

}  // namespace engine::sql
