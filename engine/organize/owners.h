// Owners: the objects that a source defines, to find what a child or its rows hang on.
//
// Thread contract: confined to one thread; borrows the drafts.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/organize/draft.h"
#include "engine/organize/object_key.h"

namespace engine::organize {

class Owners {
 public:
  Owners(const std::vector<Draft>& drafts, Dialect dialect);

  /// The owner as the source defines it, or of a sequence OWNED BY a column the table; as it is
  /// named, and a table where nothing is said, where the source does not define it.
  ObjectKey resolve(ObjectKey owner) const;
  /// A statement that creates it is in the source, maybe inside another object's.
  bool defines(const ObjectKey& object) const;

  /// As short as the source allows: the database, or a schema that only USE names, is told where
  /// there is more than one.
  std::string full_name(const ObjectKey& object) const;

  std::string key(const ObjectKey& object) const { return keys_.key(object); }

 private:
  const Draft* find(const ObjectKey& object) const;
  ObjectKey top_of(const Draft& found) const;
  void note_created(const ObjectRef& object);
  void note_database(const ObjectKey& object);

  KeyMaker keys_;
  std::unordered_map<std::string, const Draft*> defined_;
  std::unordered_map<std::string, std::string> created_;  // their types, by key: objects that
                                                          // another one's statement creates
  std::unordered_set<std::string> databases_;
};

}  // namespace engine::organize
