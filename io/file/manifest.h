// Manifest: what a tree's manifest.json says, read and checked.
//
// Thread contract: values and free functions.
// Units: bytes of the source, and of the output where the name begins with output_.
// Errors: kNotFound, kUnreadable; kDifference when it is not as it was written; kInvalid when it is
// no manifest, or says what cannot be: pieces that do not tile, a path that leads out of the tree.
// Source: docs/manifest.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/encoding.h"
#include "engine/object_ref.h"
#include "engine/result.h"

namespace engine::io {

struct Manifest {
  struct Source {
    std::string path;
    std::uint64_t size = 0;
    std::string hash;
    Encoding encoding = Encoding::kUtf8;
    bool has_mark = false;  ///< a byte order mark, which stands in no output
    std::string line_ends;
    std::string dialect;

    std::string_view mark() const { return has_mark ? byte_order_mark(encoding) : ""; }
    /// Are the outputs' bytes the source's own?
    bool is_copied() const { return !is_utf16(encoding) && !is_legacy(encoding); }
  };
  /// A stretch of an output that is not of the source.
  struct Added {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
  };
  struct Piece {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::uint64_t line = 0;
    std::uint64_t output_offset = 0;
    std::uint64_t output_length = 0;
    bool raw = false;
  };
  struct Output {
    std::string path;
    std::string kind;
    std::uint64_t size = 0;
    std::string hash;
    std::uint64_t units = 0;
    std::vector<ObjectRef> objects;
    bool ends_client = false;         ///< comes behind all others
    std::vector<std::size_t> behind;  ///< indexes of outputs that come before it in every order
    std::vector<Added> added;
    std::vector<Piece> pieces;
  };

  Source source;
  std::uint64_t units = 0;
  bool data_dropped = false;   ///< "options": {"data": "drop"}
  std::vector<Piece> dropped;  ///< of rows that are in no output, then
  std::vector<Output> outputs;
  /// What the objects' types and kinds refer to.
  std::unique_ptr<std::set<std::string>> words = std::make_unique<std::set<std::string>>();
};

/// `shown` is the path that errors begin with.
Result<Manifest> parse_manifest(std::string_view text, const std::string& shown);

/// manifest.json in the open directory `tree`; errors begin with `shown_tree`/manifest.json.
Result<Manifest> read_manifest(int tree, const std::string& shown_tree);

}  // namespace engine::io
