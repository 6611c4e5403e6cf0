// Definitions inside strings and blocks: EXEC(N'CREATE ...'), EXECUTE IMMEDIATE '...', DO $$ ...
// $$, BEGIN ... END. The statement around them belongs to what they define.
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/sql/lines.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/statement_parser.h"
#include "engine/sql/tsql_batch.h"

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
        if (!cursor_.accept("immediate")) cursor_.accept("statement");
        cursor_.accept_symbol('(');
        if (cursor_.peek().kind == TokenKind::kString) parse_literal(&cursor_, &statement_);
        fresh = false;
        continue;
      }
      if (fresh && cursor_.is_any({"dbms_scheduler", "sys"})) {
        read_call();
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
    found.depth = statement_.depth;
    parse_statement(&inner, &found);
    add(std::move(found), begin);
  }

  void read_call() {
    const std::size_t begin = cursor_.peek().begin;
    Statement found;
    parse_package_call(&cursor_, &found);
    while (!cursor_.at_end() && !cursor_.is_symbol(';')) cursor_.advance();
    add(std::move(found), begin);
  }

  // From `begin` to the cursor.
  void add(Statement found, std::size_t begin) {
    mark_definition(begin, cursor_.peek().begin, &found);
    for (ObjectRef& object : found.objects) object.conditional = conditions_ > 0;
    add_dynamic(std::move(found), &statement_);
  }

  TokenCursor& cursor_;
  Statement& statement_;
  int conditions_ = 0;  // IFs that are open
};

// A statement that a string of another one says: its elements have texts, and are where that is.
void lift(std::string_view text, const Token& literal, Statement* statement) {
  const char mark = line_mark(text);
  close_elements(text.size(), statement);
  for (StatementElement& element : statement->elements) {
    const auto begin = static_cast<std::size_t>(element.offset);
    const auto end = static_cast<std::size_t>(element.end);
    element.lines += count_lines(text.substr(0, begin), mark);
    if (element.text.empty()) element.text = text.substr(begin, end - begin);
    element.offset = literal.begin;
    element.end = literal.end;
  }
}

// EXEC('USE d; CREATE TABLE a ...; CREATE INDEX ...'): a batch of its own.
void parse_batch_text(std::string_view text, const Token& literal, bool goes_on,
                      Statement* statement) {
  std::optional<std::string> database;
  for (Batch batch(text, 0, text.size()); !batch.at_end(); batch.next()) {
    TokenCursor inner(text, batch.begin(), batch.end(), Dialect::kTsql);
    if (inner.accept("use")) {
      if (auto name = read_name(&inner)) database = std::move(name->name);
      continue;
    }
    Statement found;
    found.depth = statement->depth + 1;
    parse_statement(&inner, &found);
    if (goes_on && batch.is_last() && inner.at_end()) return;
    for (ObjectRef& object : found.objects) {
      if (!object.database) object.database = database;
      object.conditional = object.conditional || batch.nested();
    }
    mark_definition(batch.begin(), batch.end(), &found);
    lift(text, literal, &found);
    add_dynamic(std::move(found), statement);
  }
}

}  // namespace

void add_definition(ObjectRef object, Statement* statement) {
  statement->role = Role::kDefinition;
  if (object.type == "user_mapping" && object.parent) {
    statement->owner_type = "server";
    statement->owner_name = *object.parent;
  }
  statement->objects.push_back(std::move(object));
}

void mark_definition(std::size_t begin, std::size_t end, Statement* statement) {
  if (statement->role != Role::kDefinition) return;
  std::vector<StatementElement>& elements = statement->elements;
  if (!elements.empty() && elements.front().object == 0) return;
  // The elements of CREATE SCHEMA stand behind its own words.
  StatementElement own;
  own.offset = begin;
  own.end = elements.empty() ? end : elements.front().offset;
  elements.insert(elements.begin(), std::move(own));
}

void close_elements(std::uint64_t end, Statement* statement) {
  std::vector<StatementElement>& elements = statement->elements;
  for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
    if (element->end == 0) element->end = end;
    end = element->offset;
  }
}

void move_elements(Statement* inner, Statement* statement) {
  for (StatementElement& element : inner->elements) {
    element.object += statement->objects.size();
    statement->elements.push_back(std::move(element));
  }
}

void add_dynamic(Statement inner, Statement* statement) {
  if (inner.role != Role::kDefinition) return;
  move_elements(&inner, statement);
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
  constexpr int kDeepest = 8;  // strings in strings: none that anybody writes
  const std::string text = literal_text(cursor->raw());
  const Token literal = cursor->peek();
  cursor->advance();
  if (statement->depth == kDeepest) return;
  // 'CREATE TABLE ' || name: what is cut off in the middle of a name is not known.
  const bool goes_on = cursor->is_symbol('+') || cursor->is_symbol('|');
  TokenCursor inner(text, 0, text.size(), cursor->dialect());
  if (cursor->dialect() == Dialect::kTsql) {
    const bool defines = begins_definition(&inner) || inner.is_any({"use", "set", "if"});
    if (defines) parse_batch_text(text, literal, goes_on, statement);
    return;
  }
  Statement found;
  found.depth = statement->depth + 1;
  if (begins_definition(&inner)) {
    parse_statement(&inner, &found);
    if (goes_on && inner.at_end()) return;
    mark_definition(0, text.size(), &found);
  } else if (inner.is_any({"begin", "declare"})) {
    Block(&inner, &found).read();
  }
  lift(text, literal, &found);
  add_dynamic(std::move(found), statement);
}

void parse_block(TokenCursor* cursor, Statement* statement) { Block(cursor, statement).read(); }

}  // namespace engine::sql
