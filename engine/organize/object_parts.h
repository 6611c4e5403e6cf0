// ObjectParts: which draft the statements of an object go to: most objects have one; one that is
// changed after other things have been said has several.
//
// Thread contract: confined to one thread.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <unordered_map>

#include "engine/dependency/journal.h"
#include "engine/dialect.h"
#include "engine/object_ref.h"
#include "engine/organize/definition_index.h"
#include "engine/organize/draft_list.h"
#include "engine/sql/statement.h"

namespace engine::organize {

class ObjectParts {
 public:
  /// Both outlive it; the journal has read the statement that is asked about.
  ObjectParts(Dialect dialect, DraftList* drafts, const dependency::Journal* journal,
              std::pmr::memory_resource* memory)
      : dialect_(dialect), definitions_(dialect, memory), drafts_(*drafts), journal_(*journal) {}

  /// The draft of a statement that defines something, a new one where it has none.
  std::size_t place(const sql::Statement& statement);

 private:
  std::size_t standing_apart(std::size_t index, const ObjectRef& object);
  bool is_parted(std::size_t draft) const;
  std::size_t next_part(std::size_t index, const ObjectRef& object);
  std::size_t main_of(std::size_t index) const;
  void become_main(std::size_t draft, std::size_t index);

  Dialect dialect_;
  DefinitionIndex definitions_;
  DraftList& drafts_;
  const dependency::Journal& journal_;
  std::unordered_map<std::size_t, std::size_t> mains_;    // the one of a first one's object,
  std::unordered_map<std::size_t, std::size_t> firsts_;   // and the first one of a main one
  std::unordered_map<std::size_t, std::size_t> changes_;  // the last one of a draft's object
};

}  // namespace engine::organize
