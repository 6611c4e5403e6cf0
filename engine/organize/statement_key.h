// own_key(), owner_key(): what a statement is filed under: its object, and what that hangs on.
//
// Thread contract: pure.
#pragma once

#include <optional>

#include "engine/dependency/object_key.h"
#include "engine/dialect.h"
#include "engine/object_ref.h"
#include "engine/sql/statement.h"

namespace engine::organize {

/// The object that an output of this statement is filed under: a comment on a column goes with its
/// table. The statement has objects.
ObjectRef filed_object(const sql::Statement& statement);

dependency::ObjectKey own_key(const sql::Statement& statement, const ObjectRef& object,
                              Dialect dialect);

/// Nothing where `object` stands by itself.
std::optional<dependency::ObjectKey> owner_key(const sql::Statement& statement,
                                               const ObjectRef& object, Dialect dialect);

/// The table that a statement's rows go to.
dependency::ObjectKey rows_owner_key(const sql::Statement& statement, Dialect dialect);

/// A sequence has its table's column from OWNED BY, its name from its schema.
bool is_owned_sequence(const ObjectRef& object);

}  // namespace engine::organize
