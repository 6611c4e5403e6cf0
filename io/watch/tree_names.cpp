#include "io/watch/tree_names.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

#include "engine/glob.h"
#include "io/base/suffix.h"
#include "io/base/tree_name.h"

namespace engine::io {
namespace {

constexpr std::array<std::string_view, 13> kSuffixes = {".sql", ".ddl", ".dml", ".prc", ".fnc",
                                                        ".trg", ".vw",  ".pks", ".pkb", ".pkg",
                                                        ".pls", ".tab", ".dump"};
bool any_matches(const std::vector<std::string>& globs, std::string_view path) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return glob_match(glob, path); });
}

bool is_shortened(std::string_view name) { return without_sql(name).size() != name.size(); }

// Those that are there more than once. A start asks this of every name in the folder, so a name
// takes no more than eight bytes of a table that is at most half full: it lies where its hash says,
// or behind that where others lie.
std::vector<std::string_view> repeated(const std::vector<std::string_view>& names) {
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = 0;  // of the name, from 1
  };
  std::vector<Slot> slots(std::bit_ceil(2 * names.size() + 1));
  std::vector<std::string_view> found;
  std::uint32_t number = 0;
  for (const std::string_view name : names) {
    const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>{}(name));
    std::size_t at = hash & (slots.size() - 1);
    const auto is_here = [&] {
      return slots[at].hash == hash && names[slots[at].number - 1] == name;
    };
    while (slots[at].number != 0 && !is_here()) at = (at + 1) & (slots.size() - 1);
    if (slots[at].number != 0) found.push_back(name);
    slots[at] = {hash, ++number};
  }
  return found;
}

}  // namespace

bool SourceNames::has_source_suffix(std::string_view path) {
  const std::string_view name = without_compression(path);
  return std::any_of(kSuffixes.begin(), kSuffixes.end(),
                     [&](std::string_view suffix) { return has_suffix(name, suffix); });
}

bool SourceNames::would_match(std::string_view path) const {
  return has_source_suffix(path) || any_matches(include_, path);
}

bool SourceNames::excludes(std::string_view path) const { return any_matches(exclude_, path); }

bool SourceNames::covers(std::string_view path) const {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    if (excludes(path.substr(0, slash))) return false;
  }
  return matches(path);
}

TreeNames::TreeNames(const std::vector<DirectoryEntry>& entries) {
  std::vector<std::string_view> claims;
  claims.reserve(entries.size());
  bool ends_twice = false;
  for (const DirectoryEntry& entry : entries) {
    claims.push_back(without_sql(entry.name));
    ends_twice = ends_twice || is_shortened(claims.back());
  }
  // Only then is the full name of one that is shortened what another comes to.
  if (ends_twice) {
    for (const DirectoryEntry& entry : entries) {
      if (is_shortened(entry.name)) claims.push_back(entry.name);
    }
  }
  for (const std::string_view name : repeated(claims)) shared_.emplace(name);
}

TreeNames TreeNames::without_output(std::vector<DirectoryEntry>& entries,
                                    const std::function<bool(const std::string&)>& is_output) {
  TreeNames names(entries);
  const std::size_t outputs = std::erase_if(entries, [&](const DirectoryEntry& entry) {
    return entry.kind == EntryKind::kDirectory && names.depend_on(entry.name) &&
           is_output(entry.name);
  });
  return outputs == 0 ? std::move(names) : TreeNames(entries);
}

std::string_view TreeNames::tree_name(std::string_view name) const {
  const std::string_view shorter = default_tree_name(name);
  return shared_.contains(shorter) ? name : shorter;
}

bool TreeNames::depend_on(std::string_view name) const {
  return shared_.contains(name) || shared_.contains(without_sql(name));
}

}  // namespace engine::io
