// DefinitionIndex: which draft an object of the source has, found again under all the spellings by
// which later statements may name the object.
//
// Thread contract: one thread.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "engine/base/name_map.h"
#include "engine/dependency/object_key.h"
#include "engine/dialect.h"
#include "engine/object_ref.h"

namespace engine::organize {

class DefinitionIndex {
 public:
  DefinitionIndex(Dialect dialect, std::pmr::memory_resource* memory)
      : keys_(dialect), exact_(memory), loose_(memory), dropped_(memory), taken_(memory) {}

  /// The draft of `object`, which has a name; where it has none yet, `next` from now on.
  std::size_t find_or_add(const ObjectRef& object, const dependency::ObjectKey& own,
                          const std::optional<dependency::ObjectKey>& owner, std::size_t next);

 private:
  // Without parent and parameters: as it is spelled, and as a child may be, without its schema.
  struct Spellings {
    std::string full;
    std::string bare;  // empty for what is no child
  };
  static constexpr std::size_t kSeveral = ~std::size_t{0};  // so none of them is meant

  Spellings spellings_of(dependency::ObjectKey own) const;
  std::optional<std::size_t> find_as_other(dependency::ObjectKey own,
                                           std::string_view parent) const;
  std::optional<std::size_t> take_dropped(const Spellings& spellings);
  void add(const std::string& spelling, std::size_t draft);
  std::optional<std::size_t> find_loosely(const dependency::ObjectKey& own,
                                          const Spellings& spellings) const;

  dependency::KeyMaker keys_;
  NameMap<std::size_t> exact_;
  NameMap<std::size_t> loose_;
  NameMap<std::size_t> dropped_;                // and not defined before
  std::pmr::unordered_set<std::size_t> taken_;  // those that are defined now
};

}  // namespace engine::organize
