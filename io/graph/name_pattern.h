// NamePattern: the name of an object as people ask for it: as it is printed ("schema.name",
// "orders: ix", "f(int)"), where * and ? stand for others, or as a script writes it ("[dbo].[t]",
// "Sales..t"), where what stands in quotes is meant literally.
//
// Thread contract: constant after construction.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/graph/object_graph.h"

namespace engine::io {

class NamePattern {
 public:
  explicit NamePattern(std::string_view asked);

  /// "name", "schema.name" or "database.schema.name" of `object`, in any letter case; a schema that
  /// it leaves out is the dialect's own.
  bool matches(const RecordedObject& object) const;

 private:
  struct Part {
    std::string text;
    bool is_literal;
  };

  void read_parts();
  bool matches_title(const RecordedObject& object) const;
  bool matches_parts(const RecordedObject& object) const;

  const std::string asked_;
  bool has_wildcards_;
  std::vector<Part> parts_;  // the name first; empty where it is not written as in a script
};

/// Those that `pattern` matches.
std::vector<std::uint32_t> nodes_named(const ObjectGraph& graph, const NamePattern& pattern);

}  // namespace engine::io
