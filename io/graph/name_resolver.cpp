#include "io/graph/name_resolver.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/name_case.h"

namespace engine::io {
namespace {

constexpr auto kRelations = std::to_array<std::string_view>(
    {"table", "view", "materialized_view", "virtual_table", "foreign_table", "external_table",
     "synonym", "sequence", "dynamic_table", "event_table", "nickname", "stream"});
constexpr std::array<std::string_view, 4> kRoutines = {"function", "procedure", "aggregate",
                                                       "package"};
constexpr std::array<std::string_view, 3> kScheduled = {"program", "schedule", "chain"};

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
             type == "stage" || is_any(type, kRelations) || is_any(type, kRoutines);
    case NameClass::kScheduled:
      return is_any(type, kScheduled);
  }
  return false;
}

std::string small(std::string_view name) {
  std::string out(name);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// Where the server decides, a reference may mean what is written in other letters.
bool ignores_case(Dialect dialect) { return name_case(dialect) != NameCase::kMatters; }

bool is_same(std::string_view a, std::string_view b, Dialect dialect) {
  return a == b || (ignores_case(dialect) && small(a) == small(b));
}

std::string_view folder_of(std::string_view source) {
  const std::size_t slash = source.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : source.substr(0, slash);
}

bool may_be_of_one(Dialect a, Dialect b) {
  return a == b || a == Dialect::kGeneric || b == Dialect::kGeneric;
}

}  // namespace

std::string NameResolver::folded(std::string_view name, Dialect dialect) {
  return ignores_case(dialect) ? small(name) : std::string(name);
}

NameResolver::NameResolver(const std::vector<RecordedObject>& nodes) : nodes_(nodes) {
  by_name_.reserve(nodes.size());
  bool has_generic = false;
  bool has_others = false;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const RecordedObject& node = nodes[i];
    (node.dialect == Dialect::kGeneric ? has_generic : has_others) = true;
    if (!node.object.name) continue;
    const bool wanted = fits(NameClass::kTypeOrSequence, node.object.type) ||
                        fits(NameClass::kScheduled, node.object.type);
    if (wanted) by_name_[small(*node.object.name)].push_back({i, *node.object.name});
  }
  has_generic_ = has_generic && has_others;
}

void NameResolver::also_called(std::uint32_t node, std::string name) {
  names_.push_back(std::move(name));
  by_name_[small(names_.back())].push_back({node, names_.back()});
}

std::optional<std::uint32_t> NameResolver::find(const RecordedObject& from,
                                                const WantedName& wanted) const {
  // "@server.database": what lies on another server, docs/catalogue.md
  const bool elsewhere = wanted.database && wanted.database->starts_with('@');
  if (elsewhere) return std::nullopt;
  const auto found = find_among(Among::kOwnDialect, from, wanted);
  return found || !has_generic_ ? found : find_among(Among::kGenericToo, from, wanted);
}

std::optional<std::uint32_t> NameResolver::find_among(Among among, const RecordedObject& from,
                                                      const WantedName& wanted) const {
  if (wanted.schema) {
    if (const auto found = find_named(among, from, wanted, wanted.schema)) return found;
    // Oracle: package.routine, package.type, or a method of a type.
    const bool may_be_in_one =
        wanted.name_class == NameClass::kRoutine || wanted.name_class == NameClass::kTypeOrSequence;
    if (!may_be_in_one || from.dialect != Dialect::kOracle) return std::nullopt;
    const WantedName home{NameClass::kRoutine, std::nullopt, wanted.database, *wanted.schema};
    const auto found = find_among(among, from, home);
    const bool is_home =
        found && (nodes_[*found].object.type == "package" || nodes_[*found].object.type == "type");
    return is_home ? found : std::nullopt;
  }
  // MySQL: a function that a view calls is its own database's, whichever is in use.
  const bool own_alone = from.dialect == Dialect::kMysql && from.object.type == "view" &&
                         wanted.name_class == NameClass::kRoutine;
  if (!from.object.search_path.empty() && !own_alone) {
    const auto found = find_along_path(among, from, wanted);
    // What a path does not lead to is not there; but a routine is run under that of its caller.
    if (found || !is_any(from.object.type, kRoutines)) return found;
  }
  if (from.object.schema) {
    if (const auto found = find_named(among, from, wanted, from.object.schema)) return found;
  }
  return find_named(among, from, wanted, std::nullopt);
}

// The first schema that had it when the statement was run; a routine looks when it is called.
std::optional<std::uint32_t> NameResolver::find_along_path(Among among, const RecordedObject& from,
                                                           const WantedName& wanted) const {
  std::optional<std::uint32_t> later;
  for (const std::string& schema : from.object.search_path) {
    const auto found = find_named(among, from, wanted, schema);
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
    Among among, const RecordedObject& from, const WantedName& wanted,
    const std::optional<std::string>& schema) const {
  const auto named = by_name_.find(small(wanted.name));
  if (named == by_name_.end()) return std::nullopt;
  std::optional<std::uint32_t> best;
  int best_score = -1;
  for (const auto& [candidate, name] : named->second) {
    const RecordedObject& node = nodes_[candidate];
    if (!fits(wanted.name_class, node.object.type)) continue;
    const bool own = node.dialect == from.dialect;
    if (own ? !is_same(name, wanted.name, node.dialect)
            : among == Among::kOwnDialect || !may_be_of_one(node.dialect, from.dialect)) {
      continue;
    }
    if (!is_in_schema(node, from, schema) || is_in_other_database(node, from, wanted)) continue;
    int score = own ? 8 : 0;
    if (node.tree == from.tree) score += 4;
    if (node.object.database == from.object.database) score += 2;
    if (folder_of(node.source) == folder_of(from.source)) score += 1;
    if (score > best_score) best_score = score, best = candidate;
  }
  return best;
}

bool NameResolver::is_in_schema(const RecordedObject& node, const RecordedObject& from,
                                const std::optional<std::string>& schema) {
  const bool own = node.dialect == from.dialect;
  const Dialect dialect = from.dialect == Dialect::kGeneric ? node.dialect : from.dialect;
  const std::string_view home = default_schema(dialect);
  const std::string_view lies = node.object.schema ? std::string_view(*node.object.schema) : home;
  const std::string_view asked = schema ? std::string_view(*schema) : home;
  return own ? is_same(lies, asked, dialect) : small(lies) == small(asked);
}

// A name that gives no database is looked for in that of whoever says it.
bool NameResolver::is_in_other_database(const RecordedObject& node, const RecordedObject& from,
                                        const WantedName& wanted) {
  const std::optional<std::string>& asked =
      wanted.database ? wanted.database : from.object.database;
  return asked && node.object.database && !is_same(*asked, *node.object.database, from.dialect);
}

}  // namespace engine::io
