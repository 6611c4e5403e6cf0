// ViewQuery: the list behind SELECT, and the names of columns wherever they stand.
#include <algorithm>

#include "engine/sql/ascii.h"
#include "engine/sql/reference_words.h"
#include "engine/sql/view_query.h"
#include "engine/sql/word_set.h"

namespace engine::sql {
namespace {

constexpr std::string_view kXmlMethodsText = "exist modify nodes query value";
constexpr WordSet<count_words(kXmlMethodsText)> kXmlMethods(kXmlMethodsText);

}  // namespace

std::string_view ViewQuery::name_at(std::size_t ahead) {
  std::string made;
  const std::string_view name =
      catalogue_name(cursor_.raw(ahead), cursor_.peek(ahead).kind, dialect_, &made);
  return made.empty() ? name : made_names_.emplace_back(std::move(made));
}

// Behind SELECT.
void ViewQuery::begin_list(Place* place) {
  place->clause = Clause::kSelect;
  place->item = 0;
  if (!place->is_union) place->outputs.clear();
  while (cursor_.is_any({"all", "sql_calc_found_rows", "sql_no_cache", "high_priority"})) {
    cursor_.advance();
  }
  if (cursor_.accept("distinct") && cursor_.is("on") && cursor_.is_symbol('(', 1)) {
    cursor_.advance();
    cursor_.advance();
    place->parens.push_back(Paren::kExpression);
    while (!cursor_.at_end() && !place->parens.empty()) read_token(place);
    place->operand = false;
  }
  if (dialect_ == Dialect::kTsql && cursor_.accept("top")) {
    if (cursor_.is_symbol('(')) {
      cursor_.skip_parentheses();
    } else {
      cursor_.advance();
    }
    cursor_.accept("percent");
    cursor_.accept_all({"with", "ties"});
  }
  read_item(place);
}

void ViewQuery::read_item(Place* place) {
  if (cursor_.is_symbol('*')) {
    ViewMention all;
    all.scope = place->scope;
    all.column = "*";
    add(all);
    cursor_.advance();
    place->item = ViewScope::kNone;
    place->operand = true;
    return;
  }
  if (!place->is_union) place->outputs.emplace_back();
  const bool named = dialect_ == Dialect::kTsql && is_name(0) && cursor_.is_symbol('=', 1);
  if (named) name_output(place);
  if (read_plain_item(place, named ? 2 : 0) || !named) return;
  cursor_.advance();
  cursor_.advance();
}

// [alias =] column [[AS] alias], and nothing else; `skipped` tokens of the alias before it.
bool ViewQuery::read_plain_item(Place* place, std::size_t skipped) {
  const std::size_t tokens = chain_length(skipped);
  std::size_t end = skipped + tokens;
  if (tokens == 0 || end > 5) return false;
  const bool word = cursor_.peek(skipped).kind == TokenKind::kWord;
  if (word && tokens == 1 && is_no_column(cursor_.word(skipped), dialect_)) return false;
  if (cursor_.is_any({"isnull", "notnull"}, end)) return false;
  std::size_t name = skipped == 0 ? end - 1 : 0;
  if (cursor_.is("as", end)) {
    name = end + 1;
    end += 2;
  } else if (is_name(end) && !is_end_of_item(end)) {
    name = end++;
  }
  if (!is_name(name) || !is_end_of_item(end)) return false;
  const std::string_view written = name_at(name);
  if (!place->is_union) place->outputs.back() = written;
  mention(*place, skipped, tokens, output_name(*place, written));
  for (; end > 0; --end) cursor_.advance();
  place->operand = true;
  return true;
}

bool ViewQuery::is_end_of_item(std::size_t ahead) {
  const TokenKind kind = cursor_.peek(ahead).kind;
  if (kind == TokenKind::kEnd) return true;
  if (kind == TokenKind::kSymbol) {
    return cursor_.is_symbol(',', ahead) || cursor_.is_symbol(')', ahead) ||
           cursor_.is_symbol(';', ahead);
  }
  return cursor_.is_any({"from", "union", "intersect", "except", "minus", "where", "order", "limit",
                         "group", "with", "for"},
                        ahead);
}

// The last item of the list is called as the word at the cursor.
void ViewQuery::name_output(Place* place) {
  if (place->clause != Clause::kSelect || !place->parens.empty() || place->is_union) return;
  if (!place->outputs.empty()) place->outputs.back() = name_at(0);
}

// The view's column; empty where the query is not the view's own, or nobody knows.
std::string_view ViewQuery::output_name(const Place& place, std::string_view written) const {
  if (!place.outermost) return {};
  if (columns_.empty() && !place.is_union) return written;
  const std::size_t known = columns_.empty() ? place.outputs.size() : columns_.size();
  if (place.item >= known) return {};
  if (columns_.empty()) return place.outputs[place.item];
  return columns_[place.item];
}

// How many tokens from there on are name.name.name.
std::size_t ViewQuery::chain_length(std::size_t from) {
  if (!is_name(from)) return 0;
  std::size_t tokens = 1;
  while (from + tokens + 1 < 6 && cursor_.is_symbol('.', from + tokens) &&
         is_name(from + tokens + 1)) {
    tokens += 2;
  }
  return tokens;
}

// At a word or quoted name that is no keyword.
void ViewQuery::read_chain(Place* place) {
  std::size_t tokens = chain_length();
  if (place->operand) {
    name_output(place);
    return cursor_.advance();
  }
  const bool star = cursor_.is_symbol('.', tokens) && cursor_.is_symbol('*', tokens + 1);
  const bool unicode = tokens == 1 && dialect_ == Dialect::kPostgresql && cursor_.is("u") &&
                       cursor_.is_symbol('&', 1) && cursor_.peek(2).kind == TokenKind::kString;
  const bool outer_join = cursor_.is_symbol('(', tokens) && cursor_.is_symbol('+', tokens + 1);
  const bool call = cursor_.is_symbol('(', tokens) && !outer_join;
  const bool variable = std::string_view("@#$").find(cursor_.raw()[0]) != std::string_view::npos;
  place->operand = !call;
  if (star) {
    mention(*place, 0, tokens + 2, {});
    tokens += 2;
    if (place->parens.empty()) place->item = ViewScope::kNone;
  } else if (call) {
    const bool method =
        dialect_ == Dialect::kTsql && tokens > 1 && kXmlMethods.contains(cursor_.word(tokens - 1));
    if (method) mention(*place, 0, tokens - 2, {});
  } else if (unicode) {
    tokens = 3;  // U&'text'
  } else if (tokens == 1 && cursor_.peek(1).kind == TokenKind::kString) {
    tokens = 2;  // date '2000-01-01'
  } else if (!variable) {
    mention(*place, 0, tokens, {});
  }
  for (; tokens > 0; --tokens) cursor_.advance();
  if (outer_join) cursor_.skip_parentheses();
}

void ViewQuery::add(const ViewMention& mention) {
  ++entries_;
  mentions_.push_back(mention);
}

// `tokens` tokens from there on are a column, or "qualifier.*".
void ViewQuery::mention(const Place& place, std::size_t from, std::size_t tokens,
                        std::string_view shown_as) {
  ViewMention found;
  found.scope = place.scope;
  found.shown_as = shown_as;
  const std::size_t last = from + tokens - 1;
  found.column = cursor_.is_symbol('*', last) ? "*" : name_at(last);
  if (tokens >= 3) found.qualifier = name_at(last - 2);
  if (tokens >= 5) found.schema = name_at(last - 4);
  const bool goes_on = tokens > 5 || (tokens == 5 && cursor_.is_symbol('.', last + 1));
  if (goes_on) scopes_[place.scope].unclear = true;
  const bool sorts = place.clause == Clause::kOrder || place.clause == Clause::kGroup;
  if (tokens == 1 && sorts && place.parens.empty()) {
    if (place.is_union) return;
    const bool output =
        std::find(place.outputs.begin(), place.outputs.end(), found.column) != place.outputs.end();
    const bool named_before = std::any_of(mentions_.begin(), mentions_.end(), [&](const auto& one) {
      return one.scope == place.scope && one.column == found.column;
    });
    if (output && !named_before && place.clause == Clause::kGroup) {
      scopes_[place.scope].unclear = true;  // the table's column, if it has one; else the output
    }
    if (output) return;
  }
  add(found);
}

}  // namespace engine::sql
