// Reference: what a unit says of another object: whom it reads, fills, calls, points at. Names are
// as the text has them, in the letter case that the dialect stores; nothing is resolved.
//
// Thread contract: a value.
// Units: `line` counts from 1 in the source.
// Errors: none; an unknown name is nothing.
// Source: docs/design.md, "Command line" (the kinds that `engine deps` prints).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

enum class ReferenceKind : std::uint8_t {
  kReads,       ///< a relation in FROM, JOIN, USING, ...
  kWrites,      ///< a relation that is filled, changed, emptied
  kCalls,       ///< a routine; of "f(x)" in an expression nobody knows yet whether it is built in
  kReferences,  ///< the table that a foreign key points at
  kUses,        ///< a type, a sequence, the target of a synonym
  kInherits,    ///< the parent of a child table or partition
  kAttaches,    ///< a table that becomes a partition of this one
  kBecomes,     ///< the name that the object has from now on
};

std::string_view reference_kind_name(ReferenceKind kind);  ///< "reads", "writes", ...
std::optional<ReferenceKind> reference_kind_from_name(std::string_view name);

struct Reference {
  ReferenceKind kind = ReferenceKind::kReads;
  std::optional<std::string> database;
  std::optional<std::string> schema;
  std::string name;
  std::uint64_t line = 0;
  /// Of kCalls: "f(x)" in an expression, so that f may be built into the server.
  bool in_expression = false;
  /// Of a foreign key: its own name where it has one, and the columns on both sides as far as they
  /// are written.
  std::optional<std::string> constraint;
  std::vector<std::string> columns;
  std::vector<std::string> target_columns;

  bool operator==(const Reference&) const = default;
};

}  // namespace engine
