// Our units of a script beside what its real client sent.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/dialect.h"

namespace engine::test {

/// Empty when the client sent as many queries with something in them as the splitter finds units,
/// and each unit holds what was sent: its text but for white space, comments and client commands.
/// Else the first difference.
std::string difference_of(std::string_view script, Dialect dialect,
                          const std::vector<std::string>& sent);

/// A script of somebody else without what would touch the system, each such word made one that the
/// client does not know; empty where that cannot be done.
std::string defused(std::string script, Dialect dialect);

}  // namespace engine::test
