// Text as dump programs write it: what a splitter must pass through fastest, because most of a
// large dump is data.
//
// Thread contract: pure.
// Units: bytes of UTF-8; at least `size` of them, ended at a whole statement.
#pragma once

#include <cstddef>
#include <string>

namespace engine::bench {

/// mysqldump: INSERT statements of many rows, about a megabyte each, with escaped quotes.
std::string mysqldump_inserts(std::size_t size);

/// pg_dump: one COPY with its rows and its end mark.
std::string pg_dump_copy(std::size_t size);

/// pg_dump --inserts, sqlite3 .dump and the like: one short INSERT a line.
std::string single_row_inserts(std::size_t size);

}  // namespace engine::bench
