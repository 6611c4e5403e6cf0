// SourceFolder: the FileSource over a directory.
//
// Sources are opened by their path below it: links are not followed, and only regular files count.
// A compressed one (.gz .zst .xz .bz2) reads as its decompressed bytes.
// Thread contract: set_tree_path() before any other thread has the folder; every other method from
// any thread. The folder must outlive the texts it opened.
// Errors: kNotFound, kUnreadable, kChanged; the path is the source's, relative to the directory.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/file_source.h"
#include "io/base/descriptor.h"

namespace engine::io {

class SourceFolder final : public FileSource {
 public:
  /// Large temporary texts lie, without names, in `temp_directory`, which must exist by the time
  /// one is needed.
  static Result<std::unique_ptr<SourceFolder>> open(const std::string& input_directory,
                                                    std::string temp_directory);

  Result<std::unique_ptr<SourceText>> open(const std::string& path) override;
  Result<std::unique_ptr<Scratch>> scratch(std::size_t size) override;

  /// Where the tree of a source lies if nothing beside it would have the same name: a final ".sql",
  /// in any letter case, is dropped where the rest is a name that can stand.
  static std::string default_tree_path(std::string_view source);

  /// Says where else it lies; who scans the folder knows what is beside a source (design.md, "The
  /// tree").
  void set_tree_path(std::string source, std::string tree_path);
  std::string tree_path(const std::string& source) const;

 private:
  SourceFolder(Descriptor directory, std::string temp_directory)
      : directory_(std::move(directory)), temp_directory_(std::move(temp_directory)) {}

  const Descriptor directory_;
  const std::string temp_directory_;
  std::unordered_map<std::string, std::string> tree_paths_;  // constant after set_tree_path()
};

}  // namespace engine::io
