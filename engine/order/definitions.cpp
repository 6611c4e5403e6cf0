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
    by_name_[sql::lower(*object.name)].push_back(
        {item, sql::lower(object.schema.value_or("")), object.type, object.parent.has_value()});
  }
}

bool Definitions::drops_again(std::size_t item) const {
  const ObjectRef& object = items_[item].objects[0];
  if (object.action != Action::kDrop || !object.name) return false;
  const auto found = by_name_.find(sql::lower(*object.name));
  return found != by_name_.end() &&
         std::any_of(found->second.begin(), found->second.end(), [&](const Definition& made) {
           return made.type == object.type && items_[made.item].begin < items_[item].begin;
         });
}

const Definitions::List* Definitions::list_of(std::string_view name) const {
  auto found = by_name_.find(sql::lower(name));
  // PostgreSQL's name for an array of a type.
  if (found == by_name_.end() && dialect_ == Dialect::kPostgresql && name.starts_with('_')) {
    found = by_name_.find(sql::lower(name.substr(1)));
  }
  return found == by_name_.end() ? nullptr : &found->second;
}

std::vector<const Definition*> Definitions::find(std::string_view name, std::string_view qualifier,
                                                 std::string_view own_schema) const {
  std::vector<const Definition*> meant;
  const List* const list = list_of(name);
  if (list == nullptr || list->size() > kVeryMany) return meant;
  const std::string wanted = sql::lower(qualifier), own = sql::lower(own_schema);
  // Where several schemas have the name, an unqualified one means the own schema's.
  const bool own_has_it = wanted.empty() && std::any_of(list->begin(), list->end(),
                                                        [&](auto& d) { return d.schema == own; });
  for (const Definition& definition : *list) {
    const bool other_schema =
        !wanted.empty() && !definition.schema.empty() && definition.schema != wanted;
    if (other_schema || (own_has_it && definition.schema != own)) continue;
    meant.push_back(&definition);
  }
  return meant;
}

}  // namespace engine::order
