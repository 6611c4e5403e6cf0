// Statement: one statement of a unit, and where it belongs. Most units are one statement; a T-SQL
// batch may hold many.
//
// Thread contract: a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/object_ref.h"

namespace engine::sql {

enum class Role : std::uint8_t {
  kDefinition,       ///< belongs with objects.front()
  kData,             ///< rows for the owner
  kDataFrame,        ///< no rows, but goes with the owner's: LOCK TABLES, SET IDENTITY_INSERT
  kSettingNext,      ///< goes with what follows: SET QUOTED_IDENTIFIER ON before a procedure
  kSettingPrevious,  ///< goes with what came before: UNLOCK TABLES, a setting put back
  kOther,            ///< defines nothing: USE, UPDATE, SELECT
};

struct Statement {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  Role role = Role::kOther;
  std::vector<ObjectRef> objects;

  /// What a grant, comment or segment hangs on; type empty where the statement does not say.
  std::string owner_type;
  std::optional<std::string> owner_schema;
  std::string owner_name;
};

}  // namespace engine::sql
