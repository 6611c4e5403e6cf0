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
  std::string constraint_kind;
  std::vector<std::string> search_path;  ///< where names without a schema are looked for
  std::string output;                    ///< relative to the tree
  std::uint64_t line = 0;
  bool defined = true;  ///< false: the tree's units only alter it
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
};

Result<CatalogueTree> parse_catalogue_tree(std::string path, std::string_view manifest);

}  // namespace engine::io
