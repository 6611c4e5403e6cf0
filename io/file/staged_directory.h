// StagedDirectory: one tree, built under OUTPUT/.engine/build, published by one rename.
//
// Thread contract: belongs to one thread; the tree's team may write its outputs. The root must
// outlive it.
// Errors: kUnwritable, kInTheWay; kChanged when a mapped source was truncated under the write.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_set>

#include "engine/sink.h"
#include "io/file/output_root.h"
#include "io/file/published_tree.h"
#include "io/file/way_maker.h"

namespace engine::io {

class StagedDirectory final : public StagedTree {
 public:
  /// `way` is that of the root, and outlives this as well.
  static Result<std::unique_ptr<StagedDirectory>> build(const OutputRoot& root, WayMaker& way,
                                                        const Tree& tree);

  ~StagedDirectory() override;
  StagedDirectory(const StagedDirectory&) = delete;
  StagedDirectory& operator=(const StagedDirectory&) = delete;

  Result<Published> commit() override;

 private:
  StagedDirectory(const OutputRoot& root, WayMaker& way, const Tree& tree);

  Result<void> write_tree(const PublishedTree& published, const Tree& tree);
  Result<void> make_build_directory();
  Result<void> write_files(const PublishedTree& published, const Tree& tree);
  Result<void> write_manifest(const PublishedTree& published, const Tree& tree);
  Result<void> write_output(const PublishedTree& published, const Tree& tree, std::size_t number);
  Result<void> write_file(const std::string& path, std::span<const std::string_view> pieces);
  Result<void> make_directories(const Tree& tree, std::size_t output);
  Result<void> make_place_of(std::string_view path);
  Result<void> make_directory_of(std::string_view path);
  int parent_of(std::string_view path);
  Result<void> publish(const Place& place);
  Result<void> publish_without_flags(const Place& place);
  tl::unexpected<Error> cannot_write(std::string_view path, std::string_view what, int error) const;

  const OutputRoot& root_;
  WayMaker& way_;
  const std::string tree_path_;
  const std::string source_;
  const SourceText* const shared_;  // while it is built
  const std::stop_token given_up_;
  std::string name_;  // in root_.build; empty when there is nothing to publish or to delete
  Descriptor directory_;
  bool replaced_ = false;              // name_ is the tree that was published before
  const std::uint64_t sync_failures_;  // from before the first byte

  // While it is built; the paths are those of Tree::outputs.
  struct OpenDirectory {
    std::string_view path;
    Descriptor fd;
  };
  struct Directories {
    std::mutex mutex;
    std::atomic<std::size_t> ready{0};  // as many outputs have theirs; read by all
    std::unordered_set<std::string_view> made;
    std::array<OpenDirectory, 4> parents;  // the last one by depth, and the last of all deeper ones

    void clear() {
      made.clear();
      parents = {};
    }
  } directories_;  // all else guarded by its mutex

  // Relaxed: sums, which are read when all outputs are written.
  std::atomic<std::uint64_t> outputs_written_{0};
  std::atomic<std::uint64_t> outputs_unchanged_{0};
  std::atomic<std::uint64_t> bytes_written_{0};  // of outputs, without the manifest
};

}  // namespace engine::io
