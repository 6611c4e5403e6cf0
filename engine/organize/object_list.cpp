#include "engine/organize/object_list.h"

#include <string_view>
#include <utility>

#include "engine/dependency/object_key.h"

namespace engine::organize {
namespace {

constexpr std::size_t kFew = 16;  // that are looked through faster than indexed

std::size_t hash_of(const ObjectRef& object) {
  std::size_t hash = static_cast<std::size_t>(object.action);
  const auto add = [&hash](std::string_view part) {
    hash = hash * 1'000'003 + std::hash<std::string_view>()(part);
  };
  add(object.type);
  for (const auto* part : {&object.database, &object.schema, &object.name, &object.parent,
                           &object.parent_schema, &object.signature, &object.minor}) {
    add(part->has_value() ? std::string_view(**part) : std::string_view());
  }
  add(object.constraint_kind);
  return hash * 4 + 2 * static_cast<std::size_t>(object.dynamic) +
         static_cast<std::size_t>(object.conditional);
}

// A DROP may leave out the schema, the table and the parameters.
std::string drop_key(const ObjectRef& object) {
  std::string key(dependency::name_space(object.type));
  key += '\0';
  return key += *object.name;
}

}  // namespace

std::size_t ObjectList::note(ObjectRef object) {
  const bool drops = object.action == Action::kDrop;
  if (object.name && !drops) {
    const std::size_t place = find(object);
    const std::size_t dropped = place == kNone ? kNone : last_drop(object);
    if (place != kNone && (dropped == kNone || dropped < place)) return place;
  }
  const std::size_t place = objects_.size();
  if (drops && object.name) made_index().drops[drop_key(object)] = place;
  objects_.push_back(std::move(object));
  if (place + 1 == kFew) {
    for (std::size_t i = 0; i < kFew; ++i) index(i);
  } else if (place >= kFew) {
    index(place);
  }
  return place;
}

// The last one that is the same. Where two have one hash, by chance or because they differ in their
// search path alone, the first of them is not found again: it is then listed twice.
std::size_t ObjectList::find(const ObjectRef& object) const {
  if (objects_.size() < kFew) {
    for (std::size_t i = objects_.size(); i > 0; --i) {
      if (objects_[i - 1] == object) return i - 1;
    }
    return kNone;
  }
  if (!index_) return kNone;
  const auto found = index_->places.find(hash_of(object));
  return found != index_->places.end() && objects_[found->second] == object ? found->second : kNone;
}

std::size_t ObjectList::last_drop(const ObjectRef& object) const {
  if (!index_) return kNone;
  const auto found = index_->drops.find(drop_key(object));
  return found == index_->drops.end() ? kNone : found->second;
}

void ObjectList::index(std::size_t place) {
  // Drops and what has no name are never looked for.
  const ObjectRef& object = objects_[place];
  if (object.name && object.action != Action::kDrop) made_index().places[hash_of(object)] = place;
}

}  // namespace engine::organize
