// safe_name(): a database name as one name of a file system, readable and never misread as a path.
//
// Thread contract: pure.
// Units: at most kLongestName bytes, so that a suffix like "~123.sql" still fits into 255.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace engine::tree {

inline constexpr std::size_t kLongestName = 240;

/// Separators, control characters, bytes that are no UTF-8 and what Windows forbids become %XX, and
/// so does a leading or trailing dot or space; '%' itself becomes %25, so no two names meet. Too
/// long a name is cut at a character; the manifest has the true name.
std::string safe_name(std::string_view name);

}  // namespace engine::tree
