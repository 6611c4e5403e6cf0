// GRANT, REVOKE, DENY: a grant hangs on what it is granted on; without ON (a role, a system
// privilege) on whom it is granted to.
#include <optional>
#include <string>
#include <utility>

#include "engine/sql/object_name.h"
#include "engine/sql/object_types.h"
#include "engine/sql/statement_parser.h"

namespace engine::sql {
namespace {

void add_grant(ObjectRef target, std::string_view owner_type, Statement* statement) {
  if (statement->objects.empty()) {
    statement->owner_type = owner_type;
    statement->owner_schema = target.schema;
    statement->owner_name = target.name.value_or("");
    statement->owner_signature = target.signature;
  }
  target.type = "grant";
  target.parent.reset();
  add_definition(std::move(target), statement);
}

// ON ALL TABLES IN SCHEMA s, ON FUTURE VIEWS IN DATABASE d; ALTER DEFAULT PRIVILEGES IN SCHEMA s.
void read_holder(TokenCursor* cursor, Statement* statement) {
  const std::string_view type = cursor->accept("database") ? "database" : "schema";
  cursor->accept("schema");
  do {
    ObjectRef holder = object_of(Action::kGrant, type);
    if (!read_object_name(cursor, &holder)) return;
    add_grant(std::move(holder), type, statement);
  } while (cursor->accept_symbol(','));
}

// database.* of MySQL; *.* is all, and named so.
bool read_all_of_database(TokenCursor* cursor, Statement* statement) {
  if (cursor->dialect() != Dialect::kMysql) return false;
  ObjectRef target = object_of(Action::kGrant, "schema");
  if (cursor->is_symbol('*')) {
    const bool everywhere = cursor->is_symbol('.', 1);
    if (!everywhere) return false;
    target.name = "*.*";
  } else if (cursor->is_symbol('.', 1) && cursor->is_symbol('*', 2)) {
    target.name = catalogue_name(cursor->raw(), cursor->peek().kind, cursor->dialect());
  } else {
    return false;
  }
  add_grant(std::move(target), "schema", statement);
  return true;
}

// Behind ON: [TYPE | TYPE::] name, ...
void read_targets(TokenCursor* cursor, Statement* statement) {
  if (cursor->is_any({"all", "future"}) && !cursor->is_symbol('.', 1)) {
    if (find_word(cursor, "in")) read_holder(cursor, statement);
    return;
  }
  if (read_all_of_database(cursor, statement)) return;
  const bool word_is_name = cursor->is_symbol('.', 1) || cursor->is("to", 1);
  const std::string_view type = word_is_name ? std::string_view() : read_object_type(cursor);
  // OBJECT::, and types that are no words for CREATE.
  while (type.empty() && !cursor->at_end() && cursor->is_symbol(':', 1)) cursor->advance();
  while (cursor->accept_symbol(':')) {
  }
  do {
    ObjectRef target = object_of(Action::kGrant, type.empty() ? "table" : type);
    if (!read_object_name(cursor, &target)) return;
    // A routine's parameters tell also where the type is not written.
    add_grant(std::move(target), type, statement);
  } while (cursor->accept_symbol(','));
}

// Behind TO or FROM: the first who gets it.
void read_grantee(TokenCursor* cursor, Statement* statement) {
  const std::string_view type = cursor->dialect() == Dialect::kMysql ? "user" : "role";
  cursor->accept("role");
  cursor->accept("user");
  cursor->accept("group");
  ObjectRef grantee = object_of(Action::kGrant, type);
  if (read_object_name(cursor, &grantee)) add_grant(std::move(grantee), type, statement);
}

}  // namespace

void parse_grant(TokenCursor* cursor, Statement* statement) {
  while (!cursor->at_end()) {
    if (cursor->accept("on")) return read_targets(cursor, statement);
    // ALTER DEFAULT PRIVILEGES FOR ROLE r IN SCHEMA s GRANT ...
    if (cursor->accept("in")) return read_holder(cursor, statement);
    if (cursor->accept("to") || cursor->accept("from")) return read_grantee(cursor, statement);
    if (cursor->is_symbol('(')) {
      cursor->skip_parentheses();
    } else {
      cursor->advance();
    }
  }
}

}  // namespace engine::sql
