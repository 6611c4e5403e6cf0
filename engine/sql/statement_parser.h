// parse_statement(): what one statement does to which objects, from its first words. It is no
// grammar of SQL: it reads as far as names, parents and constraints stand, and what it does not
// know it leaves as Role::kOther.
//
// Thread contract: pure.
#pragma once

#include <string_view>

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
void parse_default_privileges(TokenCursor* cursor, Statement* statement);
void parse_insert(TokenCursor* cursor, Statement* statement);
void parse_bulk_insert(TokenCursor* cursor, Statement* statement);
void parse_copy(TokenCursor* cursor, Statement* statement);
void parse_load(TokenCursor* cursor, Statement* statement);
void parse_import(TokenCursor* cursor, Statement* statement);
void parse_set(TokenCursor* cursor, Statement* statement);
void parse_execute(TokenCursor* cursor, Statement* statement);

/// `object` defined, altered or dropped: the statement belongs to it.
void add_definition(ObjectRef object, Statement* statement);
/// The own text of what `statement` defines, where no element of it has one.
void mark_definition(std::size_t begin, std::size_t end, Statement* statement);
/// Elements that are to be read end where the next one begins, or at `end`.
void close_elements(std::uint64_t end, Statement* statement);
/// Those of `inner`, whose objects come behind the ones that `statement` has.
void move_elements(Statement* inner, Statement* statement);
/// What `inner` does, done by a statement in a string or a block.
void add_dynamic(Statement inner, Statement* statement);

/// At DBMS_SCHEDULER.CREATE_JOB(...) of Oracle and its kin: what the call makes, as a definition.
void parse_package_call(TokenCursor* cursor, Statement* statement);

/// Rows for `name`; or what goes with its rows without being any.
void set_data(const QualifiedName& name, Statement* statement);
void set_data_frame(const QualifiedName& name, Statement* statement);

/// At a string literal: the statement inside it, its objects added to `statement`.
void parse_literal(TokenCursor* cursor, Statement* statement);

/// The definitions among the statements of a block: DO $$ ... $$, BEGIN ... END.
void parse_block(TokenCursor* cursor, Statement* statement);

}  // namespace engine::sql
