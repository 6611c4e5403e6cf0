// Definitions inside strings and blocks: EXEC(N'CREATE ...'), EXECUTE IMMEDIATE '...', DO $$ ...
// $$, BEGIN ... END. The statement around them belongs to what they define.
#include <string>
#include <utility>

#include "engine/sql/statement_parser.h"

namespace engine::sql {
namespace {

bool begins_definition(TokenCursor* cursor) {
  return cursor->is_any({"create", "alter", "drop", "recreate", "comment", "grant", "revoke"});
}

// The definitions among the statements of a block, one after the other.
class Block {
 public:
  Block(TokenCursor* cursor, Statement* statement) : cursor_(*cursor), statement_(*statement) {}

  void read() {
    bool fresh = true;  // a statement may begin here
    while (!cursor_.at_end()) {
      if (fresh && begins_definition(&cursor_)) {
        read_definition();
        continue;
      }
      if (fresh && cursor_.accept("execute")) {
        cursor_.accept("immediate");
        if (cursor_.peek().kind == TokenKind::kString) parse_literal(&cursor_, &statement_);
        fresh = false;
        continue;
      }
      if (fresh && cursor_.is("if")) ++conditions_;
      if (cursor_.is("end") && cursor_.is("if", 1) && conditions_ > 0) {
        --conditions_;
        cursor_.advance();
      }
      fresh = cursor_.is_symbol(';') || cursor_.is_any({"begin", "then", "else", "loop"});
      cursor_.advance();
    }
  }

 private:
  // To the ';' that ends it.
  void read_definition() {
    const std::size_t begin = cursor_.peek().begin;
    while (!cursor_.at_end() && !cursor_.is_symbol(';')) cursor_.advance();
    TokenCursor inner(cursor_.text(), begin, cursor_.peek().begin, cursor_.dialect());
    Statement found;
    parse_statement(&inner, &found);
    for (ObjectRef& object : found.objects) object.conditional = conditions_ > 0;
    add_dynamic(std::move(found), &statement_);
  }

  TokenCursor& cursor_;
  Statement& statement_;
  int conditions_ = 0;  // IFs that are open
};

}  // namespace

void add_definition(ObjectRef object, Statement* statement) {
  statement->role = Role::kDefinition;
  statement->objects.push_back(std::move(object));
}

void add_dynamic(Statement inner, Statement* statement) {
  if (inner.role != Role::kDefinition) return;
  if (statement->objects.empty()) {
    statement->owner_type = inner.owner_type;
    statement->owner_schema = std::move(inner.owner_schema);
    statement->owner_name = std::move(inner.owner_name);
    statement->owner_signature = std::move(inner.owner_signature);
  }
  for (ObjectRef& object : inner.objects) {
    object.dynamic = true;
    add_definition(std::move(object), statement);
  }
}

void parse_literal(TokenCursor* cursor, Statement* statement) {
  const std::string text = literal_text(cursor->raw());
  cursor->advance();
  // 'CREATE TABLE ' || name: what is cut off in the middle of a name is not known.
  const bool goes_on = cursor->is_symbol('+') || cursor->is_symbol('|');
  TokenCursor inner(text, 0, text.size(), cursor->dialect());
  Statement found;
  if (begins_definition(&inner)) {
    parse_statement(&inner, &found);
    if (goes_on && inner.at_end()) return;
  } else if (inner.is_any({"begin", "declare"})) {
    Block(&inner, &found).read();
  }
  add_dynamic(std::move(found), statement);
}

void parse_block(TokenCursor* cursor, Statement* statement) { Block(cursor, statement).read(); }

}  // namespace engine::sql
