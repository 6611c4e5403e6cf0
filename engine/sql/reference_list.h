// ReferenceList: the references of one statement while it is read: each once, with its line.
//
// Thread contract: confined to one thread; borrows the text and the vector.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "engine/reference.h"
#include "engine/sql/qualified_name.h"

namespace engine::sql {

/// The database of what `name` means; "@server.database" where that lies on another server.
std::optional<std::string> database_of(const QualifiedName& name);

class ReferenceList {
 public:
  /// Positions are those of `text`; `line` is the one that `position` stands in.
  ReferenceList(std::string_view text, std::size_t position, std::uint64_t line,
                std::vector<Reference>* out);

  static constexpr std::size_t kNone = ~std::size_t{0};

  /// Where it stands in the list; kNone when it is there already.
  std::size_t add(ReferenceKind kind, const QualifiedName& name, std::size_t position,
                  bool in_expression = false);
  std::size_t add_foreign_key(Reference reference, std::size_t position);

  const Reference& at(std::size_t index) const { return (*out_)[index]; }
  /// It is of `name`; where that is there already, there is one less. True where it stays.
  bool rename(std::size_t index, const QualifiedName& name);
  void remove(std::size_t index);
  /// What reads or writes that name without a schema.
  void forget_relation(std::string_view name);
  /// What calls that name without a schema.
  void forget_calls(std::string_view name);

  std::uint64_t line_at(std::size_t position);
  const std::vector<Reference>& references() const { return *out_; }

 private:
  template <class IsOne>
  void remove_if(std::string_view name, const IsOne& is_one);
  bool is_new(ReferenceKind kind, const std::optional<std::string>& database,
              const QualifiedName& name);

  std::string_view text_;
  std::size_t known_position_;
  std::uint64_t known_line_;
  char line_mark_;
  std::vector<Reference>* out_;
  std::size_t first_;  // what lies before it in `out` is another statement's
  std::unordered_set<std::string> seen_;
};

}  // namespace engine::sql
