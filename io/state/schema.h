// schema: the tables of the state store, and the steps that bring an older one up to date.
//
// PRAGMA user_version counts the steps that have been taken, so whoever adds tables (the catalogue)
// adds a step at the end and touches none before it.
// Thread contract: as Database. Source: docs/state.md.
#pragma once

#include <cstdint>

#include "io/state/database.h"

namespace engine::io {

/// PRAGMA application_id: tells a state store from any other SQLite file ("ENGS").
inline constexpr std::int64_t kApplicationId = 0x454e4753;

enum class SchemaFit : std::uint8_t {
  kReady,    ///< made, brought up to date, or as it should be
  kForeign,  ///< somebody else's database
  kNewer,    ///< of a later version of the engine
  kFailed,   ///< see Database::message()
};

struct SchemaResult {
  SchemaFit fit = SchemaFit::kReady;
  int code = SQLITE_OK;
};
SchemaResult prepare_schema(Database& database);

/// For readers, who change nothing: an older schema is not brought up to date.
SchemaResult check_schema(Database& database);

}  // namespace engine::io
