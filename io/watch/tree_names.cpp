#include "io/watch/tree_names.h"

#include <algorithm>
#include <array>

#include "engine/glob.h"

namespace engine::io {
namespace {

constexpr std::array<std::string_view, 13> kSuffixes = {".sql", ".ddl", ".dml", ".prc", ".fnc",
                                                        ".trg", ".vw",  ".pks", ".pkb", ".pkg",
                                                        ".pls", ".tab", ".dump"};
constexpr std::array<std::string_view, 4> kCompressed = {".gz", ".zst", ".xz", ".bz2"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// `suffix` is in lower case.
bool has_suffix(std::string_view name, std::string_view suffix) {
  return name.size() >= suffix.size() &&
         std::equal(suffix.begin(), suffix.end(), name.end() - static_cast<long>(suffix.size()),
                    [](char wanted, char found) { return wanted == lower(found); });
}

template <class Suffixes>
std::size_t suffix_length(std::string_view name, const Suffixes& suffixes) {
  for (const std::string_view suffix : suffixes) {
    if (has_suffix(name, suffix)) return suffix.size();
  }
  return 0;
}

bool any_matches(const std::vector<std::string>& globs, std::string_view path) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return glob_match(glob, path); });
}

}  // namespace

bool SourceNames::has_source_suffix(std::string_view path) {
  path.remove_suffix(suffix_length(path, kCompressed));
  return suffix_length(path, kSuffixes) != 0;
}

bool SourceNames::matches(std::string_view path) const {
  return (has_source_suffix(path) || any_matches(include_, path)) && !excludes(path);
}

bool SourceNames::excludes(std::string_view path) const { return any_matches(exclude_, path); }

std::string_view without_sql(std::string_view name) {
  return has_suffix(name, ".sql") ? name.substr(0, name.size() - 4) : name;
}

void TreeNames::add(std::string_view name) {
  ++claims_[std::string(name)];
  const std::string_view shorter = without_sql(name);
  if (shorter.size() != name.size()) ++claims_[std::string(shorter)];
}

std::string_view TreeNames::tree_name(std::string_view name) const {
  const std::string_view shorter = without_sql(name);
  if (shorter.empty() || shorter == "." || shorter == "..") return name;
  if (is_root_ && shorter == kEngineDirectory) return name;
  const auto claims = claims_.find(std::string(shorter));
  return claims == claims_.end() || claims->second == 1 ? shorter : name;
}

}  // namespace engine::io
