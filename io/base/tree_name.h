// tree_name: what a source's tree is called if nothing beside the source would have the same name.
//
// Thread contract: pure functions.
// Errors: none.
// Source: docs/design.md, "The tree".
#pragma once

#include <string>
#include <string_view>

namespace engine::io {

/// The name without its final ".sql", in any letter case; the whole name where it has none.
std::string_view without_sql(std::string_view name);

/// without_sql(), where the rest is a name that can stand; kEngineDirectory is the engine's own.
std::string_view default_tree_name(std::string_view name);

/// The same for the whole path of a source.
std::string_view default_tree_path(std::string_view source);

}  // namespace engine::io
