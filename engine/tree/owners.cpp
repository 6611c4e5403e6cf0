#include "engine/tree/owners.h"

#include <span>
#include <string_view>
#include <utility>

#include "engine/meant_types.h"

namespace engine::tree {
namespace {

dependency::ObjectKey without_signature(dependency::ObjectKey key) {
  key.signature.reset();
  return key;
}

}  // namespace

// What objects there are comes first: a child may stand before its parent.
Owners::Owners(const organize::Drafts& drafts, Dialect dialect, std::pmr::memory_resource* memory)
    : keys_(dialect), defined_(memory), created_(memory) {
  for (const organize::Draft& draft : drafts) {
    const bool has_children = !draft.owner || draft.own.type == "sequence";
    if (draft.kind == organize::OutputKind::kDefinition && has_children && !draft.change) {
      try_name(&defined_, keys_.key(draft.own), &draft);
      if (draft.own.signature) {
        try_name(&defined_, keys_.key(without_signature(draft.own)), &draft);
      }
    }
    for (std::size_t i = 1; i < draft.objects.size(); ++i) note_created(draft.objects[i]);
    note_database(draft.own);
    if (draft.owner) note_database(*draft.owner);
  }
}

void Owners::note_created(const ObjectRef& object) {
  const bool child = object.parent && object.type != "sequence";  // an identity column's
  if (object.action != Action::kCreate || child || !object.name) return;
  dependency::ObjectKey key;
  key.type = object.type;
  key.database = object.database;
  key.schema = object.schema;
  key.name = *object.name;
  try_name(&created_, keys_.key(key), key.type);
}

bool Owners::defines(const dependency::ObjectKey& object) const {
  const organize::Draft* found = find(object);
  return (found != nullptr && found->created) ||
         created_.contains(keys_.key(without_signature(object)));
}

void Owners::note_database(const dependency::ObjectKey& object) {
  if (object.database) databases_.insert(keys_.folded(*object.database));
  if (object.schema_implied) databases_.insert(keys_.folded(*object.schema));
}

std::string Owners::full_name(const dependency::ObjectKey& object) const {
  std::string name;
  if (object.database && databases_.size() > 1) name.append(*object.database) += '.';
  if (object.schema && (!object.schema_implied || databases_.size() > 1)) {
    name.append(*object.schema) += '.';
  }
  return name += object.name;
}

dependency::ObjectKey Owners::resolve(dependency::ObjectKey owner) const {
  constexpr std::string_view kUnsaid[] = {"table",   "function", "procedure", "aggregate",
                                          "package", "type",     "synonym"};
  constexpr std::string_view kGrantees[] = {"role", "user"};  // a grant says no more than a name
  const std::string said = owner.type;
  const std::string_view just_that[] = {said};
  std::span<const std::string_view> types = just_that;
  if (said.empty()) types = kUnsaid;
  if (said == "role") types = kGrantees;
  const auto others = other_types_meant(said, keys_.dialect());
  for (const bool loosely : {false, true}) {
    if (loosely && !owner.signature) break;
    for (const auto& some : {types, others}) {
      for (const std::string_view type : some) {
        owner.type = type;
        if (auto found = defined_as(owner, loosely)) return *std::move(found);
      }
    }
  }
  owner.type = said.empty() ? "table" : said;
  return owner;
}

// As its type says; `loosely`, whatever its parameters are.
std::optional<dependency::ObjectKey> Owners::defined_as(const dependency::ObjectKey& owner,
                                                        bool loosely) const {
  const std::string key = keys_.key(loosely ? without_signature(owner) : owner);
  if (const auto found = defined_.find(key); found != defined_.end()) return top_of(*found->second);
  const auto created = created_.find(key);
  if (created == created_.end()) return std::nullopt;
  dependency::ObjectKey as_created = owner;
  as_created.type = created->second;
  return as_created;
}

dependency::ObjectKey Owners::top_of(const organize::Draft& found) const {
  if (!found.owner) return found.own;
  const organize::Draft* above = find(*found.owner);
  return above != nullptr ? above->own : *found.owner;
}

const organize::Draft* Owners::find(const dependency::ObjectKey& object) const {
  auto found = defined_.find(keys_.key(object));
  if (found == defined_.end() && object.signature) {
    found = defined_.find(keys_.key(without_signature(object)));
  }
  return found == defined_.end() ? nullptr : found->second;
}

}  // namespace engine::tree
