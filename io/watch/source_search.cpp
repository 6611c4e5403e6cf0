#include "io/watch/source_search.h"

#include <fcntl.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "io/base/directory.h"
#include "io/base/output_directory.h"
#include "io/watch/folder_tree.h"

namespace engine::io {
namespace {

constexpr int kSearchFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

}  // namespace

SourceSearch::SourceSearch(const SourceNames& names, std::optional<DirectoryId> left_out,
                           Descriptor place, std::string path)
    : names_(names), left_out_(left_out), place_(std::move(place)), path_(std::move(path)) {
  if (place_) waiting_.emplace_back();
}

SourceSearch::Answer SourceSearch::go_on(std::size_t entries) {
  std::size_t seen = 0;
  while (answer_ == Answer::kUnknown && !waiting_.empty() && seen < entries) {
    const std::string below = std::move(waiting_.back());
    waiting_.pop_back();
    seen += look_into(below) + 1;
  }
  if (answer_ == Answer::kUnknown && waiting_.empty()) answer_ = Answer::kNone;
  return answer_;
}

// Name by name: no link is followed, and no path is too long.
Descriptor SourceSearch::open(const std::string& below) const {
  Descriptor reached(::openat(place_.get(), ".", kSearchFlags));
  std::string_view rest = below;
  while (reached && !rest.empty()) {
    const std::string name(rest.substr(0, rest.find('/')));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    reached = Descriptor(::openat(reached.get(), name.c_str(), kSearchFlags));
  }
  return reached;
}

std::size_t SourceSearch::look_into(const std::string& below) {
  const Descriptor directory = open(below);
  if (!directory || (left_out_ && directory_id(directory.get()) == left_out_)) return 0;
  std::vector<DirectoryEntry> entries;
  list_directory(directory.get(), entries);
  if (!below.empty() && is_output_directory(directory.get(), entries)) return entries.size();
  for (const DirectoryEntry& entry : entries) {
    const std::string entry_below = below.empty() ? entry.name : below + '/' + entry.name;
    const std::string entry_path = path_ + '/' + entry_below;
    if (entry.kind == EntryKind::kFile && names_.matches(entry_path)) {
      answer_ = Answer::kFound;
      break;
    }
    if (entry.kind == EntryKind::kDirectory && !names_.excludes(entry_path)) {
      waiting_.push_back(entry_below);
    }
  }
  return entries.size();
}

}  // namespace engine::io
