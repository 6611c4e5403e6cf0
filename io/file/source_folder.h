// SourceFolder: the FileSource over a directory.
//
// Sources are opened by their path below it: links are not followed, and only regular files count.
// A compressed one (.gz .zst .xz .bz2) reads as its decompressed bytes.
// Thread contract: every method from any thread. The folder must outlive the texts it opened.
// Errors: kNotFound, kUnreadable, kChanged, kUnsettled, kStopped; the path is the source's,
// relative to the directory.
#pragma once

#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/file_source.h"
#include "io/base/descriptor.h"

namespace engine::io {

struct SettlingRules;

/// Is a source that is written after it was opened brought again?
enum class LaterWrites : std::uint8_t { kUnseen, kTold };

class SourceFolder final : public FileSource {
 public:
  /// Large temporary texts lie, without names, in `temp_directory`, which must exist by the time
  /// one is needed.
  static Result<std::unique_ptr<SourceFolder>> open(
      const std::string& input_directory, std::string temp_directory,
      LaterWrites later_writes = LaterWrites::kUnseen);

  /// Never waits for a writer; see settled_file.h.
  Result<std::unique_ptr<SourceText>> open(const std::string& path,
                                           const std::stop_token& given_up) override;
  /// The same for who has nothing else to do meanwhile: kChanged when it never settles.
  Result<std::unique_ptr<SourceText>> open_when_settled(const std::string& path);
  Result<std::unique_ptr<Scratch>> scratch(std::size_t size) override;
  std::uint64_t scratch_room() override;

  /// Where the tree of a source lies if nothing beside it would have the same name: a final ".sql",
  /// in any letter case, is dropped where the rest is a name that can stand.
  static std::string default_tree_path(std::string_view source);

  /// Says where else it lies; who scans the folder knows what is beside a source (design.md, "The
  /// tree").
  void set_tree_path(std::string source, std::string tree_path);
  std::string tree_path(const std::string& source) const;

  /// True when there is such a regular file.
  bool has(const std::string& source) const;

  /// The input directory was replaced: sources are opened in the one that has its name now.
  Result<void> reopen();

 private:
  SourceFolder(std::string input_directory, Descriptor directory, std::string temp_directory,
               std::shared_ptr<const SettlingRules> rules)
      : input_directory_(std::move(input_directory)),
        temp_directory_(std::move(temp_directory)),
        rules_(std::move(rules)),
        directory_(std::make_shared<const Descriptor>(std::move(directory))) {}
  std::shared_ptr<const Descriptor> directory() const;

  const std::string input_directory_;
  const std::string temp_directory_;
  const std::shared_ptr<const SettlingRules> rules_;

  mutable std::shared_mutex mutex_;
  std::shared_ptr<const Descriptor> directory_;              // guarded by mutex_
  std::unordered_map<std::string, std::string> tree_paths_;  // guarded by mutex_
};

}  // namespace engine::io
