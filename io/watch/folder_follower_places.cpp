// The part of FolderFollower that tells where the trees of sources belong.

#include <algorithm>
#include <array>
#include <utility>

#include "io/base/tree_name.h"
#include "io/watch/folder_follower.h"

namespace engine::io {
namespace {

// Every spelling of ".sql".
std::array<std::string, 8> sql_variants(std::string_view stem) {
  std::array<std::string, 8> variants;
  for (unsigned bits = 0; bits < variants.size(); ++bits) {
    variants[bits].assign(stem).append(".sql");
    for (unsigned i = 0; i < 3; ++i) {
      char& letter = variants[bits][stem.size() + 1 + i];
      if ((bits >> i & 1) != 0) letter = static_cast<char>(letter - 'a' + 'A');
    }
  }
  return variants;
}

}  // namespace

std::string FolderFollower::tree_path(const WatchedDirectory& directory, const std::string& name,
                                      const WatchedSource& source) const {
  std::string path = tree_.path_of(directory, name);
  return source.keeps_full_name ? path : std::string(default_tree_path(path));
}

// The rule of tree_names.h, asked of the disk for one name.
bool FolderFollower::keeps_full_name(WatchedDirectory& directory, const std::string& name) {
  const std::string_view shorter = default_tree_name(name);
  if (shorter.size() == name.size()) return true;
  if (has_for_itself(directory, name, shorter)) return false;
  const int fd = tree_.descriptor_of(directory);
  EntryStatus own;
  EntryStatus other;
  if (fd < 0 || status_of(fd, name, own) != 0) return false;
  const auto is_there = [&](const std::string& beside) {
    return status_of(fd, beside, other) == 0 &&
           !(other.kind == EntryKind::kDirectory && other.id == options_.left_out);
  };
  if (is_there(std::string(shorter))) return true;
  const auto variants = sql_variants(shorter);
  return std::any_of(variants.begin(), variants.end(), [&](const std::string& variant) {
    // Where letter case does not count, it is the very same entry.
    return variant != name && is_there(variant) && !(other.id == own.id && own.links == 1);
  });
}

// True: nothing that is known comes to the shorter name, and of what comes to it an event will
// tell. The disk is not asked, because it would be asked for nine names of each source, under a
// lock of the directory that whoever makes files there holds most of the time.
bool FolderFollower::has_for_itself(const WatchedDirectory& directory, const std::string& name,
                                    std::string_view shorter) const {
  if (is_listing(directory) || directory.others.may_claim(shorter)) return false;
  if (directory.sources.contains(std::string(shorter))) return false;
  const auto variants = sql_variants(shorter);
  return std::none_of(variants.begin(), variants.end(), [&](const std::string& variant) {
    return variant != name && directory.sources.contains(variant);
  });
}

// What is no source names those beside it.
void FolderFollower::meet_other(WatchedDirectory& directory, std::string_view name) {
  directory.others.add(name);
  place_again(directory, name);
}

// Events were lost: until a listing tells, there may be anything in any directory.
void FolderFollower::lose_others() {
  tree_.each_below(tree_.root(), [](WatchedDirectory& each) { each.others.lose(); });
}

// An entry claims its name and the shorter one (tree_names.h): whoever comes to either of them.
void FolderFollower::place_again(WatchedDirectory& directory, std::string_view beside) {
  if (directory.sources.empty()) return;
  const std::string_view shorter = without_sql(beside);
  place_variants(directory, beside, beside);
  if (shorter.size() != beside.size()) place_variants(directory, shorter, beside);
}

void FolderFollower::place_variants(WatchedDirectory& directory, std::string_view claimed,
                                    std::string_view beside) {
  for (const std::string& name : sql_variants(claimed)) {
    const auto source = directory.sources.find(name);
    if (source == directory.sources.end() || name == beside) continue;
    place(directory, name, source->second, keeps_full_name(directory, name));
  }
}

void FolderFollower::place(const WatchedDirectory& directory, const std::string& name,
                           WatchedSource& source, bool keeps_full_name) {
  if (std::exchange(source.keeps_full_name, keeps_full_name) == keeps_full_name) return;
  client_.tree_placed(tree_.path_of(directory, name), tree_path(directory, name, source));
}

}  // namespace engine::io
