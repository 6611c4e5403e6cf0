// Catalogue: the objects of all trees and what they refer to, in the SQLite file of the state
// store.
//
// It is an index over the manifests and holds nothing that they do not say; losing it costs the
// time to read them. Whoever reads it brings it up to date first: stamps() tells which manifests it
// has seen, apply() takes those that changed since.
//
// Thread contract: belongs to one thread. Others may read and write the same file beside it.
// Errors: kUnreadable, kUnwritable, kInvalid, kStopped: one line that says what next.
// Source: docs/catalogue.md.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/result.h"
#include "io/state/catalogue_tree.h"
#include "io/state/database.h"

namespace engine::io {

/// Tells one version of a manifest from another without reading it.
struct ManifestStamp {
  std::uint64_t inode = 0;
  std::int64_t mtime_ns = 0;
  std::uint64_t size = 0;
  bool operator==(const ManifestStamp&) const = default;
};

/// One object with where it comes from.
struct RecordedObject {
  std::int64_t id = 0;
  CatalogueObject object;
  std::string tree;
  std::string source;
  Dialect dialect = Dialect::kGeneric;
};

struct RecordedTree {
  std::string path;
  std::string source;
  Dialect dialect = Dialect::kGeneric;
};

/// Of the file at `path`: kStopped.
tl::unexpected<Error> catalogue_stopped(const std::string& path);

class Catalogue {
 public:
  /// The file at `path`; where that cannot be written, an index of this process alone.
  static Result<Catalogue> open(const std::string& path);

  /// What is asked of it from here on ends soon with kStopped when that is requested, and an
  /// apply() that has not come to its end changes nothing.
  void stop_by(std::stop_token stop) { database_->stop_by(std::move(stop)); }

  Result<std::unordered_map<std::string, ManifestStamp>> stamps();

  struct Changed {
    CatalogueTree tree;
    ManifestStamp stamp;
  };
  /// Takes the trees that changed and forgets those that are gone, in one step.
  Result<void> apply(std::span<const Changed> changed, std::span<const std::string> gone);

  /// In the order of their paths.
  Result<void> each_tree(const std::function<void(RecordedTree&&)>& call);
  /// In the order of their trees' paths, and of the text.
  Result<void> each_object(const std::function<void(RecordedObject&&)>& call);
  Result<void> each_reference(
      const std::function<void(std::int64_t object, Reference&& reference)>& call);

 private:
  struct Changes {
    Statement find_tree, forget_references, forget_objects, forget_segments, forget_tree;
    Statement add_tree, add_segment, add_object, add_reference;
  };

  Catalogue() = default;
  int prepare_changes();
  int forget(std::string_view path);
  int add(const Changed& changed);
  int add_object(std::int64_t tree, const CatalogueObject& object);
  int add_segment(std::int64_t tree, const CatalogueSegment& segment,
                  const std::vector<std::int64_t>& ids);
  int add_reference(std::int64_t object, std::int64_t position, const Reference& reference);
  tl::unexpected<Error> failure(ErrorCode code) const;

  std::string path_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Changes> changes_;  // goes before the database
};

}  // namespace engine::io
