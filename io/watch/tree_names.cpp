#include "io/watch/tree_names.h"

#include <algorithm>
#include <array>

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

void TreeNames::add(std::string_view name) {
  ++claims_[std::string(name)];
  const std::string_view shorter = without_sql(name);
  if (shorter.size() != name.size()) ++claims_[std::string(shorter)];
}

std::string_view TreeNames::tree_name(std::string_view name) const {
  const std::string_view shorter = default_tree_name(name);
  const auto claims = claims_.find(std::string(shorter));
  return claims == claims_.end() || claims->second == 1 ? shorter : name;
}

}  // namespace engine::io
