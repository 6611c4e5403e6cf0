#include "io/graph/altered_objects.h"

#include <array>
#include <deque>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/dialect.h"
#include "engine/meant_types.h"
#include "io/graph/name_resolver.h"

namespace engine::io {
namespace {

class AlteredObjects {
 public:
  explicit AlteredObjects(const std::vector<RecordedObject>& nodes)
      : nodes_(nodes), meant_(nodes.size()) {
    std::iota(meant_.begin(), meant_.end(), std::uint32_t{0});
  }

  /// What is renamed may be renamed again by its new name: with each name that becomes known, those
  /// that are looked for under it are looked for once more.
  std::vector<std::uint32_t> find(const std::vector<Renaming>& renamings) {
    find_wanted();
    if (named_.empty()) return std::move(meant_);
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) note(i, nodes_[i].object.name.value_or(""));
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (!nodes_[i].object.defined) meant_[i] = best(i);
    }
    for (const Renaming& renaming : renamings) {
      renamings_[renaming.node].push_back(renaming.name);
      to_do_.push_back(renaming.node);
    }
    while (!to_do_.empty()) {
      const std::uint32_t node = to_do_.front();
      to_do_.pop_front();
      for (const std::string& name : renamings_[node]) call(meant_[node], name);
    }
    return std::move(meant_);
  }

 private:
  // Under which names is looked for something, and by whom.
  void find_wanted() {
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      const RecordedObject& node = nodes_[i];
      if (node.object.defined) continue;
      const auto want = [&](const std::optional<std::string>& schema) {
        for (const std::string& key : wanted_keys(node, schema)) named_[key].wanted_by.push_back(i);
      };
      want(node.object.schema);
      for (const std::string& schema : path_of(node)) want(schema);
    }
  }

  void call(std::uint32_t node, const std::string& name) {
    if (!nodes_[node].object.defined || nodes_[node].object.name == name) return;
    if (!names_[node].insert(NameResolver::folded(name, nodes_[node].dialect)).second) return;
    note(node, name);
    for (const std::string& key : own_keys(nodes_[node], name)) {
      const auto named = named_.find(key);
      if (named == named_.end()) continue;
      for (const std::uint32_t seeker : named->second.wanted_by) {
        const std::uint32_t found = best(seeker);
        if (found == std::exchange(meant_[seeker], found)) continue;
        if (renamings_.count(seeker) != 0) to_do_.push_back(seeker);
      }
    }
  }

  void note(std::uint32_t node, std::string_view name) {
    for (const std::string& key : own_keys(nodes_[node], name)) {
      const auto named = named_.find(key);
      if (named != named_.end()) named->second.candidates.push_back(node);
    }
  }

  // A schema that the text leaves out is the path's first.
  static std::span<const std::string> path_of(const RecordedObject& node) {
    const std::vector<std::string>& path = node.object.search_path;
    if (path.empty() || path.front() != node.object.schema) return {};
    return path;
  }

  // The same of all that may be one object, be they of two dialects: nobody could tell one of them.
  static std::string named_key(const std::optional<std::string>& own_schema,
                               std::string_view name) {
    std::string schema = small(own_schema.value_or(""));
    if (is_default_schema(schema)) schema.clear();
    return schema + '\0' + small(name) + '\0';
  }

  // Under which it is looked for: what hangs on a parent, on that or where its definition names
  // none; what names none, on any.
  static std::array<std::string, 2> own_keys(const RecordedObject& node, std::string_view name) {
    const std::string named = named_key(node.object.schema, name);
    return {named + hanging(node), named + kAny};
  }
  static std::vector<std::string> wanted_keys(const RecordedObject& node,
                                              const std::optional<std::string>& schema) {
    const std::string named = named_key(schema, node.object.name.value_or(""));
    if (!node.object.parent) return {named + kAny};
    return {named + hanging(node), named + kNone};
  }
  static std::string hanging(const RecordedObject& node) {
    return node.object.parent ? '=' + small(*node.object.parent) : std::string(kNone);
  }

  static std::string small(std::string_view name) {
    return NameResolver::folded(name, Dialect::kSqlite);
  }

  // In its own schema, or in the first of its search path that has one which some source creates.
  std::uint32_t best(std::uint32_t altered) const {
    const RecordedObject& from = nodes_[altered];
    const std::uint32_t own = best_in(altered, from.object.schema);
    if (nodes_[own].object.defined) return own;
    for (const std::string& schema : path_of(from)) {
      const std::uint32_t found = best_in(altered, schema);
      if (nodes_[found].object.defined) return found;
    }
    return own;
  }

  // Of equals the first, so that all that alter one object mean the same.
  std::uint32_t best_in(std::uint32_t altered, const std::optional<std::string>& schema) const {
    const RecordedObject& from = nodes_[altered];
    std::uint32_t found = altered;
    int best_score = -1;
    for (const std::string& key : wanted_keys(from, schema)) {
      for (const std::uint32_t candidate : named_.at(key).candidates) {
        const RecordedObject& node = nodes_[candidate];
        if (!(node.object.defined ? may_be(from, candidate, schema)
                                  : stands_for(altered, candidate))) {
          continue;
        }
        const int score = score_of(from, node);
        if (score > best_score || (score == best_score && candidate < found)) {
          best_score = score, found = candidate;
        }
      }
    }
    return found;
  }

  static int score_of(const RecordedObject& from, const RecordedObject& node) {
    if (!node.object.defined) return 0;
    int score = node.dialect == from.dialect ? 32 : 1;
    if (node.object.signature == from.object.signature) score += 16;
    if (node.object.type == from.object.type) score += 8;
    if (has_same_name(from, node)) score += 64;
    if (node.tree == from.tree) score += 4;
    if (node.object.database == from.object.database) score += 2;
    return score;
  }

  // Which objects that some source creates an ALTER may mean.
  bool may_be(const RecordedObject& from, std::uint32_t candidate,
              const std::optional<std::string>& schema) const {
    const RecordedObject& node = nodes_[candidate];
    const Dialect dialect = from.dialect == Dialect::kGeneric ? node.dialect : from.dialect;
    const bool other = node.dialect != from.dialect;
    if (other && node.dialect != Dialect::kGeneric && from.dialect != Dialect::kGeneric) {
      return false;
    }
    return may_mean(from.object.type, node.object.type, dialect) &&
           (other || has_same_name(from, node) || is_renamed_to(from, candidate)) &&
           NameResolver::is_in_schema(node, from, schema) && !is_elsewhere(from, node);
  }

  // What no source creates stands where it was altered first.
  bool stands_for(std::uint32_t altered, std::uint32_t first) const {
    if (altered == first) return true;
    if (first > altered || meant_[first] != first) return false;
    const RecordedObject& from = nodes_[altered];
    const RecordedObject& node = nodes_[first];
    return from.dialect == node.dialect && has_same_name(from, node) &&
           (may_mean(from.object.type, node.object.type, from.dialect) ||
            may_mean(node.object.type, from.object.type, from.dialect)) &&
           from.object.signature == node.object.signature &&
           NameResolver::is_in_schema(node, from, from.object.schema) && !is_elsewhere(from, node);
  }

  static bool has_same_name(const RecordedObject& from, const RecordedObject& node) {
    const auto folded = [&](const std::optional<std::string>& name) {
      return NameResolver::folded(name.value_or(""), from.dialect);
    };
    return folded(from.object.name) == folded(node.object.name) &&
           folded(from.object.minor) == folded(node.object.minor);
  }

  bool is_renamed_to(const RecordedObject& from, std::uint32_t node) const {
    const auto names = names_.find(node);
    return names != names_.end() && names->second.count(NameResolver::folded(
                                        from.object.name.value_or(""), from.dialect)) != 0;
  }

  static bool is_elsewhere(const RecordedObject& from, const RecordedObject& node) {
    return from.object.database && node.object.database &&
           NameResolver::folded(*from.object.database, from.dialect) !=
               NameResolver::folded(*node.object.database, from.dialect);
  }

  static constexpr const char* kNone = "-";
  static constexpr const char* kAny = "*";

  const std::vector<RecordedObject>& nodes_;
  std::vector<std::uint32_t> meant_;
  std::unordered_map<std::uint32_t, std::unordered_set<std::string>> names_;  // given later, folded
  std::unordered_map<std::uint32_t, std::vector<std::string>> renamings_;     // by who says them
  std::deque<std::uint32_t> to_do_;  // whose renamings are of something else than before
  // Of the names that are altered somewhere.
  struct Named {
    std::vector<std::uint32_t> candidates;
    std::vector<std::uint32_t> wanted_by;
  };
  std::unordered_map<std::string, Named> named_;
};

}  // namespace

std::vector<std::uint32_t> merge_altered(std::vector<RecordedObject>* nodes,
                                         const std::vector<Renaming>& renamings) {
  std::vector<std::uint32_t> meant = AlteredObjects(*nodes).find(renamings);
  std::vector<std::uint32_t> places(meant.size());
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < meant.size(); ++i) {
    if (meant[i] != i) continue;
    if (kept != i) (*nodes)[kept] = std::move((*nodes)[i]);
    places[i] = kept++;
  }
  nodes->resize(kept);
  for (std::uint32_t& place : meant) place = places[place];
  return meant;
}

}  // namespace engine::io
