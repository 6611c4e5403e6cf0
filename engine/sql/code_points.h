// by_code_points(): a name as U&"d\0061t\+000061" spells it.
//
// Thread contract: pure.
// Source: the PostgreSQL manual, 4.1.1, identifiers and key words.
#pragma once

#include <string>
#include <string_view>

namespace engine::sql {

/// Four hexadecimal digits behind `escape`, or six behind that and '+'; a pair of surrogates is one
/// character, `escape` twice is itself. UTF-8.
std::string by_code_points(std::string_view text, char escape);

}  // namespace engine::sql
