#include "engine/sql/procedure_call.h"

#include "engine/sql/ascii.h"

namespace engine::sql {
namespace {

// -1, dbo.t: behind a symbol a value goes on.
void skip_value(TokenCursor* cursor) {
  const auto ends = [cursor] { return cursor->is_symbol(',') || cursor->is_symbol(';'); };
  const auto is_symbol = [cursor] { return cursor->peek().kind == TokenKind::kSymbol; };
  if (!is_symbol()) cursor->advance();
  while (is_symbol() && !ends()) {
    cursor->advance();
    if (!is_symbol()) cursor->advance();
  }
  if (!cursor->accept("output")) cursor->accept("out");
}

}  // namespace

void skip_return_status(TokenCursor* cursor) {
  if (!cursor->is_symbol('=', 1)) return;
  cursor->advance();
  cursor->advance();
}

std::optional<QualifiedName> read_called_procedure(TokenCursor* cursor) {
  if (!cursor->accept("exec") && !cursor->accept("execute")) return std::nullopt;
  skip_return_status(cursor);
  return read_name(cursor);
}

CallArguments::CallArguments(TokenCursor* cursor) : text_(cursor->text()) {
  while (!cursor->at_end() && !cursor->is_symbol(';')) {
    Argument argument;
    if (cursor->is_symbol('=', 1)) {
      argument.parameter = cursor->raw();
      cursor->advance();
      cursor->advance();
    }
    argument.value = cursor->peek();
    arguments_.push_back(argument);
    skip_value(cursor);
    if (!cursor->accept_symbol(',')) return;
  }
}

Token CallArguments::value(std::string_view parameter, std::size_t place) const {
  for (const Argument& argument : arguments_) {
    if (equal_words(argument.parameter, parameter)) return argument.value;
  }
  const bool placed = place < arguments_.size() && arguments_[place].parameter.empty();
  return placed ? arguments_[place].value : Token{};
}

std::string CallArguments::text(std::string_view parameter, std::size_t place) const {
  const Token token = value(parameter, place);
  const std::string_view raw = token.in(text_);
  const bool null = token.kind == TokenKind::kWord && equal_words(raw, "null");
  return null || raw.empty() ? std::string() : catalogue_name(raw, token.kind, Dialect::kTsql);
}

bool SystemRename::is_of_part() const {
  return equal_words(kind, "column") || equal_words(kind, "index");
}

SystemRename read_sp_rename(TokenCursor* cursor) {
  const CallArguments arguments(cursor);
  return {arguments.text("@objname", 0), arguments.text("@newname", 1),
          arguments.value("@newname", 1).begin, arguments.text("@objtype", 2)};
}

}  // namespace engine::sql
