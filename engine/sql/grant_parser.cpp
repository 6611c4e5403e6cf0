// GRANT, REVOKE, DENY: a grant hangs on what it is granted on; without ON (a role, a system
// privilege) on whom it is granted to.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/sql/object_name.h"
#include "engine/sql/statement_parser.h"
#include "engine/sql/type_phrases.h"

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
  if (cursor->dialect() == Dialect::kDb2 && !cursor->is_symbol('.', 1)) cursor->accept("specific");
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

// ON ACCOUNT of Snowflake, ON DATABASE of Db2: where all of it is meant, and nothing is named.
bool read_everything(TokenCursor* cursor) {
  const bool account = cursor->dialect() == Dialect::kSnowflake && cursor->is("account");
  const bool database = cursor->dialect() == Dialect::kDb2 && cursor->is("database");
  if (!(account || database) || !cursor->is_any({"to", "from"}, 1)) return false;
  cursor->advance();
  return true;
}

// GRANT PROXY ON a TO b of MySQL, which is on an account.
void read_proxied(TokenCursor* cursor, Statement* statement) {
  ObjectRef account = object_of(Action::kGrant, "user");
  if (read_object_name(cursor, &account)) add_grant(std::move(account), "user", statement);
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
  const bool proxy = cursor->dialect() == Dialect::kMysql && cursor->is("proxy");
  while (!cursor->at_end()) {
    if (cursor->accept("on")) {
      if (proxy) return read_proxied(cursor, statement);
      if (!read_everything(cursor)) return read_targets(cursor, statement);
    }
    if (cursor->accept("to") || cursor->accept("from")) return read_grantee(cursor, statement);
    if (cursor->is_symbol('(')) {
      cursor->skip_parentheses();
    } else {
      cursor->advance();
    }
  }
}

// ALTER DEFAULT PRIVILEGES [FOR ROLE r] [IN SCHEMA s] GRANT ...: hangs on the schema, or on whose
// objects they are; where it says neither, on nothing that has a name here.
void parse_default_privileges(TokenCursor* cursor, Statement* statement) {
  std::vector<ObjectRef> creators;
  cursor->accept("privileges");
  while (!cursor->at_end() && !cursor->is_any({"grant", "revoke"})) {
    if (cursor->accept("in")) return read_holder(cursor, statement);
    if (cursor->accept("role") || cursor->accept("user")) {
      do {
        ObjectRef creator = object_of(Action::kGrant, "role");
        const bool named = !cursor->is_any({"current_role", "current_user", "session_user"});
        if (read_object_name(cursor, &creator) && named) creators.push_back(std::move(creator));
      } while (cursor->accept_symbol(','));
    } else {
      cursor->advance();
    }
  }
  for (ObjectRef& creator : creators) add_grant(std::move(creator), "role", statement);
}

}  // namespace engine::sql
