#include "engine/order/definitions.h"

#include <algorithm>

#include "engine/sql/ascii.h"

namespace engine::order {
namespace {

// A name of more objects than this (a property of each column, an index of each table) says nothing
// of what is needed.
constexpr std::size_t kVeryMany = 64;

std::string key_of(const ObjectRef& object) {
  std::string key(object.type);
  for (const auto* part : {&object.database, &object.schema, &object.name, &object.parent,
                           &object.signature, &object.minor}) {
    key += '\0';
    if (*part) key += **part;
  }
  return key;
}

std::string full_name(const std::string& schema, const std::string& name) {
  return schema + '\0' + name;
}

}  // namespace

Definitions::Definitions(std::span<const LoadItem> items, Dialect dialect)
    : items_(items), dialect_(dialect), redefines_(items.size()) {}

void Definitions::note(std::size_t item) {
  if (items_[item].kind != LoadItem::Kind::kDefinition) return;
  for (const ObjectRef& object : items_[item].objects) {
    if (object.action != Action::kCreate || !object.name || object.name->empty()) continue;
    const auto [first, added] = created_.emplace(key_of(object), item);
    if (!added) {
      redefines_[item] = redefines_[item] || first->second != item;
      continue;
    }
    // Whatever the server does: what comes first without need does no harm.
    const std::string name = sql::lower(*object.name);
    const Definition made{item, sql::lower(object.schema.value_or("")), object.type,
                          object.parent.has_value()};
    by_name_[name].push_back(made);
    by_full_name_[full_name(made.schema, name)].push_back(made);
  }
}

bool Definitions::drops_again(std::size_t item) const {
  const ObjectRef& object = items_[item].objects[0];
  if (object.action != Action::kDrop || !object.name) return false;
  const std::string schema = sql::lower(object.schema.value_or(""));
  const auto found = by_name_.find(sql::lower(*object.name));
  return found != by_name_.end() &&
         std::any_of(found->second.begin(), found->second.end(), [&](const Definition& made) {
           const bool other_schema =
               !schema.empty() && !made.schema.empty() && made.schema != schema;
           return made.type == object.type && !other_schema &&
                  items_[made.item].begin < items_[item].begin;
         });
}

bool Definitions::opens_cluster(std::size_t item) const {
  const ObjectRef& object = items_[item].objects[0];
  if (dialect_ != Dialect::kOracle || object.type != "index" || !object.parent) return false;
  const std::string schema = object.parent_schema.value_or(object.schema.value_or(""));
  const auto meant = find(*object.parent, schema, schema);
  return std::any_of(meant.begin(), meant.end(),
                     [](const Definition* one) { return one->type == "cluster"; });
}

bool Definitions::only_remarks(std::size_t item) const {
  const ObjectRef& object = items_[item].objects[0];
  const bool remark = object.action == Action::kComment ||
                      (object.action == Action::kAlter && object.type == "sequence");
  return remark && object.name && !by_name_.contains(sql::lower(*object.name));
}

std::vector<const Definition*> Definitions::find(std::string_view name, std::string_view qualifier,
                                                 std::string_view own_schema) const {
  std::string wanted = sql::lower(name);
  if (!by_name_.contains(wanted)) {
    // PostgreSQL's name for an array of a type.
    if (dialect_ != Dialect::kPostgresql || !wanted.starts_with('_')) return {};
    wanted.erase(0, 1);
    if (!by_name_.contains(wanted)) return {};
  }
  return meant_by(wanted, sql::lower(qualifier), sql::lower(own_schema));
}

// Where several schemas have the name, an unqualified one means the own schema's; a qualified one,
// where none has it so, may mean an object whose schema the script does not tell.
std::vector<const Definition*> Definitions::meant_by(const std::string& name,
                                                     const std::string& qualifier,
                                                     const std::string& own_schema) const {
  std::vector<const Definition*> meant;
  const auto add = [&](const Lists& lists, const std::string& key) {
    const auto found = lists.find(key);
    if (found == lists.end()) return false;
    if (found->second.size() > kVeryMany) return true;
    for (const Definition& definition : found->second) meant.push_back(&definition);
    return true;
  };
  if (!qualifier.empty()) {
    if (!add(by_full_name_, full_name(qualifier, name))) {
      add(by_full_name_, full_name("", name));
    }
  } else if (!add(by_full_name_, full_name(own_schema, name))) {
    add(by_name_, name);
  }
  return meant;
}

}  // namespace engine::order
