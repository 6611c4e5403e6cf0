#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

#include "engine/dialect.h"
#include "engine/object_ref.h"
#include "engine/options.h"
#include "engine/part.h"
#include "engine/priority.h"
#include "engine/reference.h"
#include "engine/sql/ascii.h"

namespace engine {
namespace {

// The first name of a dialect is the one that is printed.
constexpr std::pair<std::string_view, Dialect> kDialects[] = {
    {"auto", Dialect::kAuto},
    {"tsql", Dialect::kTsql},
    {"postgresql", Dialect::kPostgresql},
    {"mysql", Dialect::kMysql},
    {"oracle", Dialect::kOracle},
    {"sqlite", Dialect::kSqlite},
    {"snowflake", Dialect::kSnowflake},
    {"bigquery", Dialect::kBigquery},
    {"db2", Dialect::kDb2},
    {"firebird", Dialect::kFirebird},
    {"generic", Dialect::kGeneric},
    {"mssql", Dialect::kTsql},
    {"babelfish", Dialect::kTsql},
    {"postgres", Dialect::kPostgresql},
    {"redshift", Dialect::kPostgresql},
    {"greenplum", Dialect::kPostgresql},
    {"cockroachdb", Dialect::kPostgresql},
    {"yugabytedb", Dialect::kPostgresql},
    {"mariadb", Dialect::kMysql},
    {"plsql", Dialect::kOracle},
};

constexpr std::pair<std::string_view, Priority> kPriorities[] = {
    {"critical", Priority::kCritical},
    {"normal", Priority::kNormal},
    {"batch", Priority::kBatch},
};

constexpr std::pair<std::string_view, Action> kActions[] = {
    {"create", Action::kCreate},   {"alter", Action::kAlter}, {"drop", Action::kDrop},
    {"comment", Action::kComment}, {"grant", Action::kGrant}, {"data", Action::kData},
};

constexpr std::pair<std::string_view, ReferenceKind> kReferenceKinds[] = {
    {"reads", ReferenceKind::kReads},       {"writes", ReferenceKind::kWrites},
    {"calls", ReferenceKind::kCalls},       {"references", ReferenceKind::kReferences},
    {"uses", ReferenceKind::kUses},         {"inherits", ReferenceKind::kInherits},
    {"attaches", ReferenceKind::kAttaches}, {"becomes", ReferenceKind::kBecomes},
};

template <class Table>
auto from_name(const Table& table, std::string_view name) {
  using Value = std::remove_cvref_t<decltype(table[0].second)>;
  const std::string wanted = sql::lower(name);
  for (const auto& [known, value] : table) {
    if (known == wanted) return std::optional<Value>(value);
  }
  return std::optional<Value>();
}

template <class Table, class Value>
std::string_view to_name(const Table& table, Value value) {
  for (const auto& [known, candidate] : table) {
    if (candidate == value) return known;
  }
  return "";
}

}  // namespace

std::string_view dialect_name(Dialect dialect) { return to_name(kDialects, dialect); }
std::optional<Dialect> dialect_from_name(std::string_view name) {
  return from_name(kDialects, name);
}

std::string_view default_schema(Dialect dialect) {
  switch (dialect) {
    case Dialect::kTsql:
      return "dbo";
    case Dialect::kPostgresql:
      return "public";
    case Dialect::kSqlite:
      return "main";
    default:
      return {};
  }
}

bool is_default_schema(std::string_view schema) {
  return std::any_of(std::begin(kDialects), std::end(kDialects), [schema](const auto& named) {
    return !schema.empty() && default_schema(named.second) == schema;
  });
}

std::string_view priority_name(Priority priority) { return to_name(kPriorities, priority); }
std::optional<Priority> priority_from_name(std::string_view name) {
  return from_name(kPriorities, name);
}

std::string_view action_name(Action action) { return to_name(kActions, action); }
std::optional<Action> action_from_name(std::string_view name) { return from_name(kActions, name); }

std::string_view layout_name(Layout layout) {
  constexpr std::array<std::string_view, 3> names = {"nested", "compact", "flat"};
  return names[static_cast<std::size_t>(layout)];
}

std::string_view data_placement_name(DataPlacement data) {
  constexpr std::array<std::string_view, 3> names = {"separate", "inline", "drop"};
  return names[static_cast<std::size_t>(data)];
}

std::string_view reference_kind_name(ReferenceKind kind) { return to_name(kReferenceKinds, kind); }
std::optional<ReferenceKind> reference_kind_from_name(std::string_view name) {
  return from_name(kReferenceKinds, name);
}

std::string_view part_kind_name(PartKind kind) {
  constexpr std::array<std::string_view, 3> names = {"unit", "directive", "gap"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace engine
