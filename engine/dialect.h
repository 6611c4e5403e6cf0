// Dialect: whose SQL a source is written in, and so whose client decides where its units end.
//
// Thread contract: pure functions over constants.
// Errors: none; an unknown name is nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace engine {

enum class Dialect : std::uint8_t {
  kAuto,  ///< decide from the text
  kTsql,
  kPostgresql,
  kMysql,
  kOracle,
  kSqlite,
  kSnowflake,
  kBigquery,
  kDb2,
  kFirebird,
  kGeneric,
};

/// The name used on the command line and in manifests: "tsql", "postgresql", ..., "auto".
std::string_view dialect_name(Dialect dialect);

/// The schema of a name that is written without one: "dbo", "public"; empty where that is
/// not known.
std::string_view default_schema(Dialect dialect);
/// Of any dialect.
bool is_default_schema(std::string_view schema);

/// Accepts the names above and the aliases of the command line (mssql, postgres, mariadb, ...), in
/// any letter case; nothing for an unknown name.
std::optional<Dialect> dialect_from_name(std::string_view name);

}  // namespace engine
