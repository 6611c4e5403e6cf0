#include "engine/organize/definition_index.h"

#include <string_view>
#include <utility>

#include "engine/meant_types.h"
#include "engine/organize/statement_key.h"
#include "engine/sql/object_type.h"

namespace engine::organize {
namespace {

bool is_child_type(std::string_view type) { return sql::object_type(type).is_child; }

// Something later said of an object may leave out its table or its parameters.
bool may_be_loose(const ObjectRef& object) {
  if (object.action == Action::kCreate || object.type == "grant") return false;
  if (is_child_type(object.type) && object.parent) return false;
  return object.type != "extended_property";
}

}  // namespace

std::size_t DefinitionIndex::find_or_add(const ObjectRef& object, const dependency::ObjectKey& own,
                                         const std::optional<dependency::ObjectKey>& owner,
                                         std::size_t next) {
  const std::string_view parent =
      owner && !is_owned_sequence(object) ? std::string_view(owner->name) : std::string_view();
  const std::string key = keys_.key(own, parent);
  const bool creates = object.action == Action::kCreate;
  if (const auto found = exact_.find(key); found != exact_.end()) {
    if (creates && !dropped_.empty()) taken_.insert(found->second);
    return found->second;
  }
  const Spellings spellings = spellings_of(own);
  if (may_be_loose(object)) {
    if (const auto found = find_as_other(own, parent)) return *found;
    if (const auto found = find_loosely(own, spellings)) return *found;
    for (const std::string_view other : other_types_meant(own.type, keys_.dialect())) {
      dependency::ObjectKey as_other = own;
      as_other.type = other;
      if (const auto found = find_loosely(as_other, spellings_of(as_other))) return *found;
    }
  }
  if (creates) {
    if (const auto dropped = take_dropped(spellings)) {
      exact_.emplace(key, *dropped);
      return *dropped;
    }
  } else if (object.action == Action::kDrop && may_be_loose(object) && !own.signature) {
    try_name(&dropped_, spellings.full).first->second = next;
    if (!spellings.bare.empty() && !own.schema)
      try_name(&dropped_, spellings.bare).first->second = next;
  }
  exact_.emplace(key, next);
  add(spellings.full, next);
  if (!spellings.bare.empty()) add(spellings.bare, next);
  return next;
}

// By all that is said of it, as one of the other types that its word may mean.
std::optional<std::size_t> DefinitionIndex::find_as_other(dependency::ObjectKey own,
                                                          std::string_view parent) const {
  for (const std::string_view other : other_types_meant(own.type, keys_.dialect())) {
    own.type = other;
    if (const auto found = exact_.find(keys_.key(own, parent)); found != exact_.end()) {
      return found->second;
    }
  }
  return std::nullopt;
}

// DROP INDEX IF EXISTS i; CREATE INDEX i ON t: what is dropped first is what comes then.
std::optional<std::size_t> DefinitionIndex::take_dropped(const Spellings& spellings) {
  if (dropped_.empty()) return std::nullopt;
  for (const std::string* spelling : {&spellings.full, &spellings.bare}) {
    const auto found = dropped_.find(*spelling);
    if (found != dropped_.end() && taken_.insert(found->second).second) return found->second;
  }
  return std::nullopt;
}

// Without the parameters; a child's schema, which is its parent's, may be left out.
DefinitionIndex::Spellings DefinitionIndex::spellings_of(dependency::ObjectKey own) const {
  own.signature.reset();
  Spellings spellings;
  spellings.full = keys_.key(own);
  if (!is_child_type(own.type)) return spellings;
  own.schema.reset();
  own.database.reset();
  spellings.bare = '\0' + keys_.key(own);
  return spellings;
}

void DefinitionIndex::add(const std::string& spelling, std::size_t draft) {
  const auto [at, added] = try_name(&loose_, spelling, draft);
  if (!added) at->second = kSeveral;
}

std::optional<std::size_t> DefinitionIndex::find_loosely(const dependency::ObjectKey& own,
                                                         const Spellings& spellings) const {
  const auto one = [this](const std::string& spelling) {
    const auto found = loose_.find(spelling);
    const bool is_one = found != loose_.end() && found->second != kSeveral;
    return is_one ? std::optional(found->second) : std::nullopt;
  };
  if (loose_.contains(spellings.full)) return one(spellings.full);
  if (!is_child_type(own.type)) return std::nullopt;
  if (!own.schema) return one(spellings.bare);
  // Its definition, which says no schema, may be the one that is meant.
  dependency::ObjectKey unsaid = own;
  unsaid.schema.reset();
  unsaid.database.reset();
  unsaid.signature.reset();
  return one(keys_.key(unsaid));
}

}  // namespace engine::organize
