#include "engine/organize/draft.h"

#include <utility>

namespace engine::organize {

void Draft::tell_also(Draft* from) {
  std::vector<std::size_t> places;
  for (const ObjectRef& object : from->objects) places.push_back(objects.note(object));
  for (DraftReference& one : from->references) {
    references.push_back({places[one.object], std::move(one.reference)});
  }
}

}  // namespace engine::organize
