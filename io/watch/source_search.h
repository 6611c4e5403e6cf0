// SourceSearch: whether a source is in a directory or below it; looked for a part at a time,
// because a big tree without one would keep whoever watches from his events.
//
// Links are not followed, and what is left out of INPUT is passed over.
// Thread contract: belongs to one thread.
// Errors: none. What cannot be read holds no source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/base/descriptor.h"
#include "io/watch/tree_names.h"
#include "io/watch/tree_scan.h"

namespace engine::io {

class SourceSearch {
 public:
  enum class Answer : std::uint8_t { kUnknown, kFound, kNone };

  /// In `place`, which may be none and is `path` in INPUT. `names` outlives this.
  SourceSearch(const SourceNames& names, std::optional<DirectoryId> left_out, Descriptor place,
               std::string path);

  /// Lists directories until there were so many entries, or the answer is known.
  Answer go_on(std::size_t entries);
  Answer answer() const { return answer_; }

 private:
  Descriptor open(const std::string& below) const;
  std::size_t look_into(const std::string& below);

  const SourceNames& names_;
  const std::optional<DirectoryId> left_out_;
  const Descriptor place_;
  const std::string path_;
  std::vector<std::string> waiting_;  // directories, relative to the place
  Answer answer_ = Answer::kUnknown;
};

}  // namespace engine::io
