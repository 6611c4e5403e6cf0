// NameMap, NameSet: by names that are looked up as views, all of it in one memory.
//
// Thread contract: confined to one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <memory_resource>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace engine {

struct NameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const {
    return std::hash<std::string_view>()(name);
  }
};

struct NameEqual {
  using is_transparent = void;
  bool operator()(std::string_view one, std::string_view other) const { return one == other; }
};

template <class Value>
using NameMap = std::pmr::unordered_map<std::pmr::string, Value, NameHash, NameEqual>;
using NameSet = std::pmr::unordered_set<std::pmr::string, NameHash, NameEqual>;

/// try_emplace() of a name as it is spelled elsewhere.
template <class Value, class... Arguments>
auto try_name(NameMap<Value>* map, std::string_view name, Arguments&&... arguments) {
  return map->try_emplace(std::pmr::string(name, map->get_allocator().resource()),
                          std::forward<Arguments>(arguments)...);
}

/// False where it is there.
inline bool add_name(NameSet* set, std::string_view name) {
  return set->insert(std::pmr::string(name, set->get_allocator().resource())).second;
}

}  // namespace engine
