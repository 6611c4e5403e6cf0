// Owners: the objects that a source defines, to find what a child or its rows hang on.
//
// Thread contract: confined to one thread; borrows the drafts.
#pragma once

#include <memory_resource>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/base/name_map.h"
#include "engine/dependency/object_key.h"
#include "engine/organize/draft.h"

namespace engine::tree {

class Owners {
 public:
  Owners(const organize::Drafts& drafts, Dialect dialect, std::pmr::memory_resource* memory);

  /// The owner as the source defines it, or of a sequence OWNED BY a column the table; as it is
  /// named, and a table where nothing is said, where the source does not define it.
  dependency::ObjectKey resolve(dependency::ObjectKey owner) const;
  /// A statement that creates it is in the source, maybe inside another object's.
  bool defines(const dependency::ObjectKey& object) const;

  /// As short as the source allows: the database, or a schema that only USE names, is told where
  /// there is more than one.
  std::string full_name(const dependency::ObjectKey& object) const;

  std::string key(const dependency::ObjectKey& object) const { return keys_.key(object); }

 private:
  std::optional<dependency::ObjectKey> defined_as(const dependency::ObjectKey& owner,
                                                  bool loosely) const;
  const organize::Draft* find(const dependency::ObjectKey& object) const;
  dependency::ObjectKey top_of(const organize::Draft& found) const;
  void note_created(const ObjectRef& object);
  void note_database(const dependency::ObjectKey& object);

  dependency::KeyMaker keys_;
  NameMap<const organize::Draft*> defined_;
  NameMap<std::pmr::string> created_;  // their types, by key: objects that another one's statement
                                       // creates
  std::unordered_set<std::string> databases_;
};

}  // namespace engine::tree
