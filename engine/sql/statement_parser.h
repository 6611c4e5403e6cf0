// parse_statement(): what one statement does to which objects, from its first words. It is no
// grammar of SQL: it reads as far as names, parents and kinds of constraints stand, and what it
// does not know it leaves as Role::kOther.
//
// Thread contract: pure.
#pragma once

#include "engine/sql/qualified_name.h"
#include "engine/sql/statement.h"
#include "engine/sql/token_cursor.h"

namespace engine::sql {

/// Sets role, objects and owner of `statement`; the cursor stands at the statement's first token.
void parse_statement(TokenCursor* cursor, Statement* statement);

// The parts of it, by first word; the cursor stands behind that word.
void parse_create(TokenCursor* cursor, Statement* statement);
void parse_alter(TokenCursor* cursor, Statement* statement);
void parse_drop(TokenCursor* cursor, Statement* statement);
void parse_comment(TokenCursor* cursor, Statement* statement);
void parse_grant(TokenCursor* cursor, Statement* statement);
void parse_insert(TokenCursor* cursor, Statement* statement);
void parse_copy(TokenCursor* cursor, Statement* statement);
void parse_load(TokenCursor* cursor, Statement* statement);
void parse_set(TokenCursor* cursor, Statement* statement);
void parse_execute(TokenCursor* cursor, Statement* statement);

/// Rows for `name`; or what goes with its rows without being any.
void set_data(const QualifiedName& name, Statement* statement);
void set_data_frame(const QualifiedName& name, Statement* statement);

/// Behind a routine's name in a dialect that has overloads: the signature of `object`.
void read_overload(TokenCursor* cursor, ObjectRef* object);

/// The statement inside a string literal (EXEC('CREATE ...')), its objects added to `statement`.
void parse_literal(std::string_view literal, Dialect dialect, Statement* statement);

}  // namespace engine::sql
