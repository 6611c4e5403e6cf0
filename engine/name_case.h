// NameCase: whether names of objects, as their server stores them, are told apart by the case of
// letters.
//
// Thread contract: a value, and a pure function.
// Errors: none.
// Source: docs/objects.md.
#pragma once

#include <cstdint>

#include "engine/dialect.h"

namespace engine {

enum class NameCase : std::uint8_t {
  kMatters,
  kByServer,  ///< by its system and settings (MySQL: lower_case_table_names)
  kIgnored,   ///< T-SQL but for rare collations, SQLite
};

constexpr NameCase name_case(Dialect dialect) {
  switch (dialect) {
    case Dialect::kTsql:
    case Dialect::kSqlite:
      return NameCase::kIgnored;
    case Dialect::kMysql:
      return NameCase::kByServer;
    default:
      return NameCase::kMatters;
  }
}

}  // namespace engine
