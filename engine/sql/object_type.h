// ObjectType: what is true of every object of a type, in one table: what holds it, with which other
// types it shares names, whether it hangs on a table, in which folder it lies, and where it comes
// when a database is built. What differs by dialect is asked of engine/sql/type_phrases.h.
//
// Thread contract: pure over constants.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace engine::sql {

/// What holds objects of a type, and so what a script's state (USE, SET search_path) adds to their
/// names.
enum class Scope : std::uint8_t {
  kSchema,
  kDatabase,  ///< a schema itself, an extension, a publication
  kServer,    ///< a database itself, a login, a tablespace
};

/// Where objects of a type come when a database is built.
enum class BuildStage : std::uint8_t {
  kFirst,  ///< steps of the script before anything
  kAccount,
  kSchema,
  kExtension,
  kType,
  kSequence,
  kTable,
  kRows,  ///< and steps of the script between them
  kConstraint,
  kIndex,
  kForeignKey,
  kOperator,  ///< before what uses it, which no word says
  kView,
  kRoutine,
  kTrigger,
  kRest,  ///< grants, properties, and the like
  kLast,  ///< steps of the script behind everything
};

struct ObjectType {
  std::string_view name;  ///< empty: of no type that there is
  Scope scope = Scope::kSchema;
  BuildStage stage = BuildStage::kRest;
  std::string_view name_space = {};  ///< shared with other types; empty: its own
  std::string_view folder = {};      ///< empty: the name's plural
  bool is_child = false;             ///< lies in what it hangs on, whose schema is its own
  bool is_routine = false;           ///< a program that the server keeps: its body is run later
};

/// All there are, by name.
std::span<const ObjectType> object_types();

/// That type; one without a name where there is none.
const ObjectType& object_type(std::string_view name);

/// Types that share names: a table and a view of one name are one relation, a package and its body
/// one package.
std::string_view name_space(std::string_view type);

}  // namespace engine::sql
