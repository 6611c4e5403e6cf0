// ObjectList: what the units of one output do to which objects, in the order of the source. What is
// said again is listed once, unless a DROP stands between: whoever reads the list from its begin to
// its end knows what is there then. Objects without a name are never the same.
//
// Thread contract: confined to one thread.
// Memory: an index beside the list from the first few objects or the first DROP on, so that an
// output of very many takes them one by one in the same time. Most have one object and no index.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/object_ref.h"

namespace engine::organize {

class ObjectList {
 public:
  explicit ObjectList(std::pmr::memory_resource* memory = std::pmr::get_default_resource())
      : objects_(memory) {}

  /// The place where the object stands now.
  std::size_t note(ObjectRef object);

  void set_search_path(std::size_t place, std::vector<std::string> path) {
    objects_[place].search_path = std::move(path);
  }

  bool empty() const { return objects_.empty(); }
  std::size_t size() const { return objects_.size(); }
  const ObjectRef& operator[](std::size_t place) const { return objects_[place]; }
  auto begin() const { return objects_.begin(); }
  auto end() const { return objects_.end(); }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};

  struct Index {
    std::unordered_map<std::size_t, std::size_t> places;  // the last one of a hash; of few: empty
    std::unordered_map<std::string, std::size_t> drops;   // the last one of a name
  };

  Index& made_index() {
    if (!index_) index_.emplace();
    return *index_;
  }
  std::size_t find(const ObjectRef& object) const;
  std::size_t last_drop(const ObjectRef& object) const;
  void index(std::size_t place);

  std::pmr::vector<ObjectRef> objects_;
  std::optional<Index> index_;
};

}  // namespace engine::organize
