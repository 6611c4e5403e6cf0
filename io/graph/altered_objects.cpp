#include "io/graph/altered_objects.h"

#include <numeric>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

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
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].object.defined) continue;
      named_[key_of(nodes_[i], nodes_[i].object.schema)];
      for (const std::string& schema : path_of(nodes_[i])) named_[key_of(nodes_[i], schema)];
    }
    if (named_.empty()) return meant_;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      const auto named = named_.find(key_of(nodes_[i], nodes_[i].object.schema));
      if (named != named_.end()) named->second.push_back(i);
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

  // The same of all that may be one object: of two dialects, too, where nobody could tell one.
  static std::string key_of(const RecordedObject& node,
                            const std::optional<std::string>& own_schema) {
    const CatalogueObject& object = node.object;
    std::string key = object.type;
    std::string schema = NameResolver::folded(own_schema.value_or(""), Dialect::kSqlite);
    for (const Dialect dialect : {Dialect::kTsql, Dialect::kPostgresql}) {
      if (schema == default_schema(dialect)) schema.clear();
    }
    key += '\0' + schema + '\0';
    return key += NameResolver::folded(object.name.value_or(""), Dialect::kSqlite);
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
    for (const std::uint32_t candidate : named_.at(key_of(from, schema))) {
      const RecordedObject& node = nodes_[candidate];
      if (!may_be(from, node, schema)) continue;
      int score = 0;
      if (node.object.defined) {
        score = node.dialect == from.dialect ? 16 : 8;
        if (node.tree == from.tree) score += 4;
        if (node.object.database == from.object.database) score += 2;
        if (node.object.signature == from.object.signature) score += 1;
      } else if (node.object.signature != from.object.signature) {
        continue;
      }
      if (score > best_score) best_score = score, found = candidate;
    }
    return found;
  }

  // Of two dialects, or of two databases, only what the other one creates: so of all that alter one
  // object each means the same.
  static bool may_be(const RecordedObject& from, const RecordedObject& node,
                     const std::optional<std::string>& schema) {
    if (node.dialect != from.dialect) {
      const bool generic = node.dialect == Dialect::kGeneric || from.dialect == Dialect::kGeneric;
      return generic && node.object.defined && !is_elsewhere(from, node);
    }
    const auto same = [&](std::string_view a, std::string_view b) {
      return NameResolver::folded(a, from.dialect) == NameResolver::folded(b, from.dialect);
    };
    const std::string home(default_schema(from.dialect));
    return same(from.object.name.value_or(""), node.object.name.value_or("")) &&
           same(schema.value_or(home), node.object.schema.value_or(home)) &&
           same(from.object.minor.value_or(""), node.object.minor.value_or("")) &&
           !(node.object.defined && is_elsewhere(from, node));
  }

  static bool is_elsewhere(const RecordedObject& from, const RecordedObject& node) {
    return from.object.database && node.object.database &&
           NameResolver::folded(*from.object.database, from.dialect) !=
               NameResolver::folded(*node.object.database, from.dialect);
  }

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
