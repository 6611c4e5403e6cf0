// folder_of(): the folder of a tree that holds objects of a type (docs/design.md, "The tree").
//
// Thread contract: pure.
#pragma once

#include <string>
#include <string_view>

namespace engine::tree {

/// "table" -> "tables", "procedure" -> "stored_procedures", "policy" -> "policies", ...
std::string folder_of(std::string_view type);

/// "foreign_key" -> "foreign_keys"; "constraints" where the kind is not known.
std::string constraint_folder(std::string_view kind);

/// The flat layout's word for a type or a kind of constraint: "table" -> "Table", "procedure" ->
/// "StoredProcedure", "foreign_key" -> "ForeignKey".
std::string flat_label(std::string_view type);

}  // namespace engine::tree
