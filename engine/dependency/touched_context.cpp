// TouchReader: the database, schema and role in use: what a name without them means, and whose an
// object is.
#include <string>

#include "engine/dependency/statement_words.h"
#include "engine/dependency/touch_reader.h"
#include "engine/sql/ascii.h"
#include "engine/sql/token_cursor.h"
#include "engine/sql/type_phrases.h"

namespace engine::dependency {

using sql::Role;
using sql::Statement;

// Where a script comes back to what was in use before, it is the same again.
void TouchReader::change_context(std::string_view text) {
  touch(context_, Use::kMakes);
  sql::TokenCursor cursor(text, 0, text.size(), dialect_);
  const bool resets = cursor.is("reset");
  const bool sets = cursor.accept("set") || cursor.accept("reset");
  if (sets && cursor.is_any({"session", "local"})) cursor.advance();
  const std::string part = sets ? sql::lower(cursor.raw()) : "";
  std::string value;
  for (; !cursor.at_end() && !cursor.is_symbol(';'); cursor.advance()) {
    (value += sql::lower(cursor.raw())) += ' ';
  }
  if (part.empty()) parts_of_context_.clear();
  if (resets) {
    parts_of_context_.erase(part);
  } else {
    parts_of_context_[part] = value;
  }
  std::string whole;
  for (const auto& [name, in_use] : parts_of_context_) (whole += in_use) += '\0';
  if (contexts_.empty()) contexts_.emplace("", 0);
  in_use_ = contexts_.emplace(whole, contexts_.size()).first->second;
}

// What makes an object stays where that is in use, and so does what is said of one under another
// context: a name in it may mean something else.
void TouchReader::read_context(const Statement& statement) {
  if (statement.role != Role::kDefinition) {
    const std::size_t of = relation(statement.owner_schema, statement.owner_name);
    if (of != kNone && book_[of].made && book_[of].context != in_use_) {
      touch(context_, Use::kEvaluates);
    }
    return;
  }
  const ObjectRef& object = statement.objects.front();
  if (object.action == Action::kGrant || object.action == Action::kComment) return;
  if (sql::scope_of(object.type, dialect_) == sql::Scope::kServer) return;
  const bool snowflake =
      dialect_ == Dialect::kSnowflake && (object.type == "schema" || object.type == "database");
  if (snowflake && object.action == Action::kCreate) {
    return change_context(statement.in(text_).substr(0, 64));
  }
  const auto& name = object.parent ? object.parent : object.name;
  const auto& schema = object.parent_schema ? object.parent_schema : object.schema;
  if (!name) return;
  std::size_t of = relation(schema, *name);
  if (of == kNone && !object.parent && !is_relation(object.type)) of = other_entry(object);
  if (of == kNone) return;
  const bool makes = object.action == Action::kCreate && !object.parent;
  if (makes) book_[of].context = in_use_;
  if (makes || book_[of].context != in_use_) touch(context_, Use::kEvaluates);
}

}  // namespace engine::dependency
