#include "engine/sql/view_query.h"

#include <algorithm>

#include "engine/sql/reference_words.h"

namespace engine::sql {
namespace {

constexpr int kDeepestQuery = 64;

bool begins_query(TokenCursor& cursor) {
  return cursor.is_any({"select", "with", "values"}) ||
         (cursor.is("table") && !cursor.is_symbol('.', 1));
}

}  // namespace

// At the first word of a query; to the ")" that closes it, or the end.
void ViewQuery::read_query(std::size_t outer, std::size_t surrounding, bool outermost) {
  Place place;
  place.scope = scopes_.size();
  place.outermost = outermost;
  ViewScope made;
  made.outer = outer;
  made.surrounding = surrounding;
  made.unclear = ++depth_ > kDeepestQuery;
  ++entries_;
  scopes_.push_back(std::move(made));
  if (depth_ <= kDeepestQuery) {
    if (cursor_.accept("with")) read_ctes(place.scope);
    begin_part(&place);
    while (!cursor_.at_end() && !cursor_.is_symbol(';') && !is_too_long()) {
      if (cursor_.is_symbol(')') && place.parens.empty()) break;
      read_token(&place);
    }
  } else {
    skip_tail();
  }
  --depth_;
}

// name [(columns)] AS [[NOT] MATERIALIZED] (query), ...
void ViewQuery::read_ctes(std::size_t scope) {
  const bool recursive = cursor_.accept("recursive") || dialect_ == Dialect::kTsql ||
                         dialect_ == Dialect::kOracle || dialect_ == Dialect::kSqlite;
  do {
    const auto own = read_name(&cursor_);
    if (!own) return;
    cursor_.skip_parentheses();
    cursor_.accept("as");
    cursor_.accept("not");
    cursor_.accept("materialized");
    if (recursive) scopes_[scope].ctes.push_back(own->name);
    if (!cursor_.accept_symbol('(')) return;
    read_query(scopes_[scope].outer, scope, false);
    cursor_.accept_symbol(')');
    scopes_[scope].ctes.push_back(own->name);
  } while (cursor_.accept_symbol(',') && !is_too_long());
}

// At SELECT, VALUES, or a part in parentheses.
void ViewQuery::begin_part(Place* place) {
  place->operand = place->in_from = false;
  if (cursor_.accept_symbol('(')) {
    read_query(scope(*place).outer, place->scope, place->outermost && !place->is_union);
    cursor_.accept_symbol(')');
    place->clause = Clause::kCondition;
  } else if (cursor_.accept("select")) {
    begin_list(place);
  } else if (cursor_.accept("values")) {
    place->clause = Clause::kCondition;
  } else if (cursor_.accept("table")) {  // SELECT * FROM
    ViewMention all;
    all.scope = place->scope;
    all.column = "*";
    add(all);
    read_relation(place);
    place->clause = Clause::kCondition;
  } else {
    scope(*place).unclear = true;
  }
}

// Behind UNION, INTERSECT, EXCEPT.
void ViewQuery::next_part(Place* place) {
  if (!cursor_.accept("all")) cursor_.accept("distinct");
  if (!place->parens.empty()) {
    scope(*place).unclear = true;
    return;
  }
  ViewScope part;
  part.outer = scope(*place).outer;
  part.surrounding = place->scope;
  place->scope = scopes_.size();
  place->is_union = true;
  scopes_.push_back(std::move(part));
  begin_part(place);
}

void ViewQuery::read_token(Place* place) {
  const Token token = cursor_.peek();
  if (place->wants_relation && token.kind != TokenKind::kSymbol && !cursor_.is("lateral")) {
    return read_relation(place);
  }
  switch (token.kind) {
    case TokenKind::kWord:
      return read_word(place);
    case TokenKind::kName:
      return read_chain(place);
    case TokenKind::kSymbol:
      break;
    default:
      place->operand = true;
      return cursor_.advance();
  }
  if (cursor_.is_symbol('(')) return read_open(place);
  if (cursor_.is_symbol(')')) return read_close(place);
  if (cursor_.is_symbol(',')) return read_comma(place);
  read_symbol(place);
}

void ViewQuery::read_open(Place* place) {
  cursor_.advance();
  if (!begins_query(cursor_)) {
    place->parens.push_back(place->wants_relation ? Paren::kJoin : Paren::kExpression);
    place->operand = false;
    return;
  }
  if (!place->wants_relation) {
    read_query(place->scope, place->scope, false);
    cursor_.accept_symbol(')');
    place->operand = true;
    return;
  }
  read_query(place->lateral ? place->scope : scope(*place).outer, place->scope, false);
  cursor_.accept_symbol(')');
  read_alias(place, {});
}

void ViewQuery::read_close(Place* place) {
  cursor_.advance();
  const Paren closed = place->parens.back();
  place->parens.pop_back();
  place->operand = true;
  if (closed == Paren::kFunction) return read_alias(place, {});
  if (closed != Paren::kJoin) return;
  place->operand = false;
  // (a JOIN b) AS c hides a and b.
  if (cursor_.is("as") || cursor_.peek().kind == TokenKind::kName) scope(*place).unclear = true;
}

void ViewQuery::read_comma(Place* place) {
  cursor_.advance();
  place->operand = false;
  const bool top = place->parens.empty();
  if (top && place->clause == Clause::kSelect) {
    if (place->item != ViewScope::kNone) ++place->item;
    read_item(place);
  } else if (place->in_from && (top || place->parens.back() == Paren::kJoin)) {
    place->wants_relation = true;
    place->clause = Clause::kFrom;
  }
}

void ViewQuery::read_symbol(Place* place) {
  const bool twice = cursor_.is_symbol(':') && cursor_.is_symbol(':', 1);
  const bool path = cursor_.is_symbol(':') && !twice && dialect_ == Dialect::kSnowflake;
  // (composite).field: the word behind it is no column of a relation
  const bool stays = cursor_.is_symbol('.') || cursor_.is_symbol(']');
  cursor_.advance();
  place->operand = place->operand && stays;
  if (twice) {
    cursor_.advance();
    skip_type();
    place->operand = true;
  } else if (path && read_name(&cursor_)) {
    place->operand = true;
  } else if (stays) {
    place->operand = true;
  }
}

// Where the name of a relation stands, behind FROM, JOIN or a comma.
void ViewQuery::read_relation(Place* place) {
  place->wants_relation = place->operand = false;
  cursor_.accept("only");
  ViewRelation relation;
  if (auto name = read_name(&cursor_)) {
    relation.name = std::move(*name);
  } else {
    scope(*place).unclear = true;
    return cursor_.advance();
  }
  if (cursor_.is_symbol('(')) {
    if (dialect_ != Dialect::kTsql || !is_table_hint(cursor_.word(1))) {
      cursor_.advance();
      return place->parens.push_back(Paren::kFunction);
    }
    cursor_.skip_parentheses();
  }
  cursor_.accept_symbol('*');
  if (cursor_.accept_symbol('@')) {  // Oracle: over a link
    const std::size_t begin = cursor_.peek().begin;
    const auto link = read_name(&cursor_);
    if (link) relation.name.server = cursor_.text().substr(begin, link->end - begin);
    if (link && !link->schema) relation.name.server = link->name;
  }
  relation.is_table = !is_cte(place->scope, relation.name);
  relation.alias = relation.name.name;
  read_alias(place, std::move(relation));
}

// [AS] alias [(columns)], and what a dialect writes behind it.
void ViewQuery::read_alias(Place* place, ViewRelation relation) {
  place->wants_relation = place->lateral = place->operand = false;
  cursor_.accept_all({"with", "ordinality"});
  const bool as = cursor_.is("as");
  const bool alias =
      cursor_.peek(as).kind == TokenKind::kName ||
      (cursor_.peek(as).kind == TokenKind::kWord && (as || !is_no_alias(cursor_.word())) &&
       !cursor_.is("partition") && !(dialect_ == Dialect::kSqlite && cursor_.is("indexed")));
  if (as) cursor_.advance();
  if (alias) {
    relation.alias = name_at(0);
    relation.has_alias = true;
    cursor_.advance();
    relation.renamed = cursor_.is_symbol('(');
  }
  if (alias || as) cursor_.skip_parentheses();
  if (cursor_.is_any({"with", "partition"}) && cursor_.is_symbol('(', 1)) {
    cursor_.advance();
    cursor_.skip_parentheses();
  }
  if (dialect_ == Dialect::kSqlite) {
    if (cursor_.accept_all({"indexed", "by"})) read_name(&cursor_);
    cursor_.accept_all({"not", "indexed"});
  }
  if (cursor_.accept("tablesample")) {
    read_name(&cursor_);
    cursor_.skip_parentheses();
  }
  // AS OF, USE INDEX, PIVOT: relations and columns that the rules above do not know.
  if (cursor_.is_any({"as", "use", "force", "ignore", "pivot", "unpivot", "match_recognize"}) ||
      (cursor_.is("for") && cursor_.is("system_time", 1))) {
    scope(*place).unclear = true;
  }
  ++entries_;
  scope(*place).relations.push_back(std::move(relation));
}

// LIMIT, FOR UPDATE, WITH CHECK OPTION: to the end of the query or the next part of it.
void ViewQuery::skip_tail() {
  while (!cursor_.at_end() && !cursor_.is_symbol(')') && !cursor_.is_symbol(';') &&
         !cursor_.is_any({"union", "intersect", "except"})) {
    if (cursor_.is_symbol('(')) {
      cursor_.skip_parentheses();
    } else {
      cursor_.advance();
    }
  }
}

bool ViewQuery::is_cte(std::size_t scope, const QualifiedName& name) const {
  if (name.schema) return false;
  for (; scope != ViewScope::kNone; scope = scopes_[scope].surrounding) {
    const std::vector<std::string>& ctes = scopes_[scope].ctes;
    if (std::any_of(ctes.begin(), ctes.end(),
                    [&](const std::string& own) { return same_letters(own, name.name); })) {
      return true;
    }
  }
  return false;
}

}  // namespace engine::sql
