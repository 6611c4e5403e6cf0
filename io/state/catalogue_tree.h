// CatalogueTree: what the manifest of one tree says of objects and of what they refer to.
//
// Thread contract: values and a free function.
// Errors: kInvalid when the text is no manifest; one line, path first.
// Source: docs/manifest.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dialect.h"
#include "engine/reference.h"
#include "engine/result.h"

namespace engine::io {

struct CatalogueObject {
  std::string type;
  std::optional<std::string> database;
  std::optional<std::string> schema;
  std::optional<std::string> name;
  std::optional<std::string> parent;
  std::optional<std::string> parent_schema;
  std::optional<std::string> signature;
  std::optional<std::string> minor;  ///< "column Weight": the part of the parent a property is of
  std::string constraint_kind;
  std::vector<std::string> search_path;  ///< where names without a schema are looked for
  std::string output;                    ///< relative to the tree
  std::uint64_t line = 0;
  bool defined = true;  ///< false: the tree's units only alter it
};

/// An output that is no object's own: rows of a table, later changes, what defines nothing.
struct CatalogueSegment {
  std::size_t position = 0;  ///< among the outputs of the tree
  std::string path;          ///< relative to the tree
  std::string kind;          ///< "definition", "segment" (rows), "other"
  std::uint64_t line = 0;    ///< in the source, where it begins; 0: nothing of the source is in it
  /// The line in which the source goes on behind it; none at the source's end.
  std::optional<std::uint64_t> next_line;
  std::uint64_t size = 0;   ///< bytes
  std::uint64_t units = 0;  ///< of the source
  /// The first object that it creates, alters or fills, if the tree creates or alters that.
  std::optional<std::size_t> object;
};

struct CatalogueReference {
  std::size_t object = 0;  ///< that refers, an index into the tree's objects
  Reference reference;
};

struct CatalogueTree {
  std::string path;  ///< relative to OUTPUT
  std::string source;
  Dialect dialect = Dialect::kGeneric;
  std::vector<CatalogueObject> objects;  ///< that the tree's units create or alter, each once
  std::vector<CatalogueReference> references;
  std::vector<CatalogueSegment> segments;  ///< in the order of the manifest
};

Result<CatalogueTree> parse_catalogue_tree(std::string path, std::string_view manifest);

}  // namespace engine::io
