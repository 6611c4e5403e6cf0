// ObjectRef: what a unit does to which database object, in the object's true (unquoted) names.
//
// Thread contract: a value; `type` and `constraint_kind` are constants of the library, or of who
// read them from a manifest and keeps their text (io/file/manifest.h).
// Errors: none; an unknown name is nothing.
// Source: docs/design.md, "Command line" (the fields that `engine inspect --format=json` prints).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

enum class Action : std::uint8_t { kCreate, kAlter, kDrop, kComment, kGrant, kData };

std::string_view action_name(Action action);
std::optional<Action> action_from_name(std::string_view name);

struct ObjectRef {
  Action action = Action::kCreate;
  std::string_view type;  ///< "table", "constraint", ...
  std::optional<std::string> database;
  std::optional<std::string> schema;
  std::optional<std::string> name;           ///< absent for an unnamed constraint
  std::optional<std::string> parent;         ///< the table of an index, key, trigger, property
  std::optional<std::string> parent_schema;  ///< only where it differs from `schema`
  std::optional<std::string> signature;      ///< "(int, text)" of an overloadable routine
  std::optional<std::string> minor;  ///< "column Weight": the part of the parent a property is of
  std::string_view constraint_kind;  ///< "foreign_key", ...; empty for other types
  bool dynamic = false;              ///< by a statement in a string or a block: EXEC(N'CREATE ...')
  bool conditional = false;          ///< behind a check, as in IF NOT EXISTS (...) CREATE
  /// Of what is created or altered: the schemas that names without one are looked for in, in this
  /// order, as the script (or the routine itself) sets its search path; empty where it says none,
  /// or the object's own schema alone.
  std::vector<std::string> search_path;

  bool operator==(const ObjectRef&) const = default;
};

}  // namespace engine
