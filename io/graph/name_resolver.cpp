#include "io/graph/name_resolver.h"

#include <algorithm>
#include <array>

namespace engine::io {
namespace {

constexpr std::array<std::string_view, 8> kRelations = {
    "table",         "view",           "materialized_view", "virtual_table",
    "foreign_table", "external_table", "synonym",           "sequence"};
constexpr std::array<std::string_view, 4> kRoutines = {"function", "procedure", "aggregate",
                                                       "package"};

template <std::size_t N>
bool is_any(std::string_view type, const std::array<std::string_view, N>& types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

bool fits(NameClass name_class, std::string_view type) {
  switch (name_class) {
    case NameClass::kRelation:
      return is_any(type, kRelations);
    case NameClass::kRoutine:
      return is_any(type, kRoutines) || type == "synonym" || type == "type";
    case NameClass::kTypeOrSequence:
      return type == "type" || type == "domain" || type == "xml_schema_collection" ||
             is_any(type, kRelations) || is_any(type, kRoutines);
  }
  return false;
}

}  // namespace

std::string_view default_schema(Dialect dialect) {
  switch (dialect) {
    case Dialect::kTsql:
      return "dbo";
    case Dialect::kPostgresql:
      return "public";
    default:
      return {};
  }
}

std::string NameResolver::folded(std::string_view name, Dialect dialect) {
  std::string out(name);
  if (dialect != Dialect::kTsql && dialect != Dialect::kMysql && dialect != Dialect::kSqlite) {
    return out;
  }
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

NameResolver::NameResolver(const std::vector<RecordedObject>& nodes) : nodes_(nodes) {
  by_name_.reserve(nodes.size());
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const RecordedObject& node = nodes[i];
    if (!node.object.name) continue;
    const bool wanted = fits(NameClass::kTypeOrSequence, node.object.type);
    if (wanted) by_name_[folded(*node.object.name, node.dialect)].push_back(i);
  }
}

std::optional<std::uint32_t> NameResolver::find(const RecordedObject& from,
                                                const WantedName& wanted) const {
  if (wanted.schema) {
    if (const auto found = find_named(from, wanted, wanted.schema)) return found;
    // Oracle: package.routine, or a method of a type.
    if (wanted.name_class != NameClass::kRoutine || from.dialect != Dialect::kOracle) {
      return std::nullopt;
    }
    const WantedName home{NameClass::kRoutine, std::nullopt, wanted.database, *wanted.schema};
    const auto found = find(from, home);
    const bool is_home =
        found && (nodes_[*found].object.type == "package" || nodes_[*found].object.type == "type");
    return is_home ? found : std::nullopt;
  }
  if (!from.object.search_path.empty()) {
    const auto found = find_along_path(from, wanted);
    // What a path does not lead to is not there; but a routine is run under that of its caller.
    if (found || !is_any(from.object.type, kRoutines)) return found;
  }
  if (from.object.schema) {
    if (const auto found = find_named(from, wanted, from.object.schema)) return found;
  }
  return find_named(from, wanted, std::nullopt);
}

// The first schema that had it when the statement was run; a routine looks when it is called.
std::optional<std::uint32_t> NameResolver::find_along_path(const RecordedObject& from,
                                                           const WantedName& wanted) const {
  std::optional<std::uint32_t> later;
  for (const std::string& schema : from.object.search_path) {
    const auto found = find_named(from, wanted, schema);
    if (!found) continue;
    const RecordedObject& node = nodes_[*found];
    const bool comes_later = wanted.line != 0 && node.tree == from.tree &&
                             node.object.line > wanted.line && !is_any(from.object.type, kRoutines);
    if (!comes_later) return found;
    if (!later) later = found;
  }
  return later;
}

// `schema` none: the dialect's own, or objects that were written without one.
std::optional<std::uint32_t> NameResolver::find_named(
    const RecordedObject& from, const WantedName& wanted,
    const std::optional<std::string>& schema) const {
  const auto named = by_name_.find(folded(wanted.name, from.dialect));
  if (named == by_name_.end()) return std::nullopt;
  const std::string own(default_schema(from.dialect));
  const std::string asked = folded(schema.value_or(own), from.dialect);
  std::optional<std::uint32_t> best;
  int best_score = 0;
  for (const std::uint32_t candidate : named->second) {
    const RecordedObject& node = nodes_[candidate];
    if (node.dialect != from.dialect || !fits(wanted.name_class, node.object.type)) continue;
    if (folded(node.object.schema.value_or(own), node.dialect) != asked) continue;
    const bool other_database =
        wanted.database && node.object.database &&
        folded(*wanted.database, from.dialect) != folded(*node.object.database, node.dialect);
    if (other_database) continue;
    int score = 1;
    if (node.tree == from.tree) score += 4;
    if (node.object.database == from.object.database) score += 2;
    if (score > best_score) best_score = score, best = candidate;
  }
  return best;
}

}  // namespace engine::io
