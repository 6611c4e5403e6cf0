// ssms_script(): text as SQL Server Management Studio's "Generate Scripts" writes it: functions,
// tables with an inline primary key, views, indexes, defaults, foreign keys, checks and procedures,
// each under its header comment, between lines of GO, with CRLF line ends.
//
// Thread contract: pure.
// Units: bytes of UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace engine::bench {

/// The same seed and size give the same bytes on every machine. The result ends with the object
/// that takes it past `size`.
std::string ssms_script(std::uint64_t seed, std::size_t size);

/// `utf8` (valid, as above) in UTF-16, little endian, with its byte order mark.
std::string to_utf16le(std::string_view utf8);

}  // namespace engine::bench
