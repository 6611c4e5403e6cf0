// Text as dump programs write it: what a splitter must pass through fastest, because most of a
// large dump is data.
//
// Thread contract: pure.
// Units: bytes of UTF-8; at least `size` of them, ended at a whole statement.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace engine::bench {

/// mysqldump: INSERT statements of many rows, about a megabyte each, with escaped quotes.
std::string mysqldump_inserts(std::size_t size);

/// pg_dump: one COPY with its rows and its end mark.
std::string pg_dump_copy(std::size_t size);

/// pg_dump --inserts, sqlite3 .dump and the like: one short INSERT a line.
std::string single_row_inserts(std::size_t size);

enum class DumpKind : std::uint8_t {
  kMysql,       ///< mysqldump: INSERTs of many rows
  kRows,        ///< mysqldump --skip-extended-insert: an INSERT a row
  kPostgresql,  ///< pg_dump: COPY
  kTsql,        ///< SQL Server Management Studio: an INSERT a row, GO every hundred
};

std::optional<DumpKind> dump_kind(std::string_view name);

/// A whole dump: each table's definition and rows, the first table with `first_percent` of them,
/// the others with what is left in equal parts. Handed out in stretches of about a megabyte.
void write_dump(DumpKind kind, std::uint64_t size, int tables, int first_percent,
                const std::function<void(std::string_view)>& put);

}  // namespace engine::bench
