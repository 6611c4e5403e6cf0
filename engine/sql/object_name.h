// read_object_name(): what names an object behind its type: a qualified name for most; symbols for
// an operator, two types for a cast, user@host for an account; and what tells apart several of one
// name: parameters, an access method, the table of a trigger.
//
// Thread contract: pure.
#pragma once

#include "engine/object_ref.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/token_cursor.h"

namespace engine::sql {

ObjectRef object_of(Action action, std::string_view type, const QualifiedName& name = {});

/// Reads the name, and behind a routine's name its signature; false where none stands.
bool read_object_name(TokenCursor* cursor, ObjectRef* object);

/// read_object_name() for an object that exists already, with the "ON t" of a trigger, the
/// "USING m" of an operator class, the operands of an operator.
bool read_object_reference(TokenCursor* cursor, ObjectRef* object);

/// Hangs `object` on a table or the like.
void hang_on(const QualifiedName& owner, ObjectRef* object);

/// Of what Oracle makes PUBLIC, synonyms and database links: that is then their owner.
void set_public(ObjectRef* object);

/// Behind ON of a trigger: DATABASE or ALL SERVER, so that it hangs on no table.
bool read_trigger_scope(TokenCursor* cursor, ObjectRef* object);

/// Behind OWNED of a sequence: BY table.column.
void read_owned_by(TokenCursor* cursor, ObjectRef* object);

/// Forward to `word` outside parentheses, and behind it; false where it does not come.
bool find_word(TokenCursor* cursor, const Word& word);

}  // namespace engine::sql
