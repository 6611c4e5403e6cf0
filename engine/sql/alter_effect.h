// AlterEffect: what an ALTER TABLE does to what stands before and behind it. What is known to do
// nothing (an owner, a place on the disk, how much the planner knows) is on a list; every other
// action changes the table, and one that nobody knows may change anything.
//
// Thread contract: pure.
// Cost: reads the tokens of the statement.
#pragma once

#include "engine/sql/token_cursor.h"

namespace engine::sql {

struct AlterEffect {
  bool shape = false;     ///< its names, columns, keys; a statement may mean something else by it
  bool attaches = false;  ///< of these: ATTACH PARTITION and the like
  bool defaults = false;  ///< what rows get that do not say
  bool admits = false;    ///< which rows are let in, and what is done with them
  bool rechecks = false;  ///< CHECK CONSTRAINT of T-SQL, which most scripts say of a new one
  bool unknown = false;

  bool is_harmless() const { return !shape && !defaults && !admits && !rechecks && !unknown; }
};

/// Of the ALTER at the cursor, up to the end of the statement, where the cursor stands then.
AlterEffect read_alter_effect(TokenCursor* cursor);

}  // namespace engine::sql
