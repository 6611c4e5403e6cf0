#include "io/graph/altered_objects.h"

#include <array>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
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

  std::vector<std::uint32_t> find() {
    for (const RecordedObject& node : nodes_) {
      if (node.object.defined) continue;
      for (const std::string& key : wanted_keys(node, node.object.schema)) named_[key];
      for (const std::string& schema : path_of(node)) {
        for (const std::string& key : wanted_keys(node, schema)) named_[key];
      }
    }
    if (named_.empty()) return meant_;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      for (const std::string& key : own_keys(nodes_[i])) {
        if (const auto named = named_.find(key); named != named_.end()) named->second.push_back(i);
      }
    }
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (!nodes_[i].object.defined) meant_[i] = best(i);
    }
    return meant_;
  }

 private:
  // A schema that the text leaves out is the path's first.
  static std::span<const std::string> path_of(const RecordedObject& node) {
    const std::vector<std::string>& path = node.object.search_path;
    if (path.empty() || path.front() != node.object.schema) return {};
    return path;
  }

  // The same of all that may be one object, be they of two dialects: nobody could tell one of them.
  static std::string named_key(const RecordedObject& node,
                               const std::optional<std::string>& own_schema) {
    std::string schema = small(own_schema.value_or(""));
    if (is_default_schema(schema)) schema.clear();
    return schema + '\0' + small(node.object.name.value_or("")) + '\0';
  }

  // Under which it is looked for: what hangs on a parent, on that or where its definition names
  // none; what names none, on any.
  static std::array<std::string, 2> own_keys(const RecordedObject& node) {
    const std::string named = named_key(node, node.object.schema);
    return {named + hanging(node), named + kAny};
  }
  static std::vector<std::string> wanted_keys(const RecordedObject& node,
                                              const std::optional<std::string>& schema) {
    const std::string named = named_key(node, schema);
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
      for (const std::uint32_t candidate : named_.at(key)) {
        const RecordedObject& node = nodes_[candidate];
        if (!(node.object.defined ? may_be(from, node, schema) : stands_for(altered, candidate))) {
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
    if (node.tree == from.tree) score += 4;
    if (node.object.database == from.object.database) score += 2;
    return score;
  }

  // Which objects that some source creates an ALTER may mean.
  static bool may_be(const RecordedObject& from, const RecordedObject& node,
                     const std::optional<std::string>& schema) {
    const Dialect dialect = from.dialect == Dialect::kGeneric ? node.dialect : from.dialect;
    const bool other = node.dialect != from.dialect;
    if (other && node.dialect != Dialect::kGeneric && from.dialect != Dialect::kGeneric) {
      return false;
    }
    return may_mean(from.object.type, node.object.type, dialect) &&
           (other || has_same_name(from, node)) && NameResolver::is_in_schema(node, from, schema) &&
           !is_elsewhere(from, node);
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

  static bool is_elsewhere(const RecordedObject& from, const RecordedObject& node) {
    return from.object.database && node.object.database &&
           NameResolver::folded(*from.object.database, from.dialect) !=
               NameResolver::folded(*node.object.database, from.dialect);
  }

  static constexpr const char* kNone = "-";
  static constexpr const char* kAny = "*";

  const std::vector<RecordedObject>& nodes_;
  std::vector<std::uint32_t> meant_;
  // Of the names that are altered somewhere.
  std::unordered_map<std::string, std::vector<std::uint32_t>> named_;
};

}  // namespace

std::vector<std::uint32_t> merge_altered(std::vector<RecordedObject>* nodes) {
  std::vector<std::uint32_t> meant = AlteredObjects(*nodes).find();
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
