// figures: numbers and foreign text as people read them.
//
// Thread contract: pure functions.
// Units: bytes are shown in MB of 1,000,000.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace engine::io {

std::string grouped(std::uint64_t number);

/// "1 source", "2,000 sources".
std::string counted(std::uint64_t number, std::string_view noun);
///< "1,234,567"
std::string megabytes(std::uint64_t bytes);        ///< "12.3 MB"
std::string clock_time(double seconds);            ///< "0:07", "1:02:03"
double per_second(double amount, double seconds);  ///< 0 where no time has passed

/// "not followed: 2 links; passed over: 1 special file"; empty where there is nothing to say.
std::string passed_over_text(std::uint64_t links, std::uint64_t special_files);

/// Of a file that is printable: "a.sql:3:7"; "a.sql:3" or "a.sql" where the column, or the line, is
/// 0, which is none.
std::string place_in(std::string_view file, std::uint64_t line, std::uint64_t column);

/// File names and SQL are not ours: control characters in them are written as \x1b.
std::string printable(std::string_view text);

}  // namespace engine::io
