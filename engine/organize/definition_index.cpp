#include "engine/organize/definition_index.h"

#include <string_view>
#include <utility>

#include "engine/organize/statement_key.h"

namespace engine::organize {
namespace {

bool is_child_type(std::string_view type) {
  for (const std::string_view child :
       {"index", "fulltext_index", "constraint", "trigger", "policy", "rule", "extended_property",
        "statistics", "materialized_view_log"}) {
    if (type == child) return true;
  }
  return false;
}

// Something later said of an object may leave out its table or its parameters.
bool may_be_loose(const ObjectRef& object) {
  if (object.action == Action::kCreate || object.type == "grant") return false;
  if (is_child_type(object.type) && object.parent) return false;
  return object.type != "extended_property";
}

}  // namespace

std::size_t DefinitionIndex::find_or_add(const ObjectRef& object, const ObjectKey& own,
                                         const std::optional<ObjectKey>& owner, std::size_t next) {
  std::string key = keys_.key(own, owner && !is_owned_sequence(object) ? owner->name : "");
  if (const auto found = exact_.find(key); found != exact_.end()) return found->second;
  std::string loose = loose_key(own);
  if (may_be_loose(object)) {
    if (const auto found = loose_.find(loose); found != loose_.end()) return found->second;
  }
  exact_.emplace(std::move(key), next);
  loose_.emplace(std::move(loose), next);
  return next;
}

// A child's schema is its parent's.
std::string DefinitionIndex::loose_key(ObjectKey key) const {
  key.signature.reset();
  if (is_child_type(key.type)) {
    key.schema.reset();
    key.database.reset();
  }
  return keys_.key(key);
}

}  // namespace engine::organize
