// ViewQuery: what a word of a query brings, where it is none of a name's.
#include "engine/sql/ascii.h"
#include "engine/sql/view_query.h"
#include "engine/sql/word_set.h"

namespace engine::sql {
namespace {

// Reserved in so many dialects that nobody calls a column so without quotes.
constexpr std::string_view kReservedText =
    "all and any array as asc asymmetric between both case cast check collate constraint create "
    "cross default desc distinct else except exists fetch for foreign from full grant group "
    "having ilike in inner intersect into is isnull join lateral leading left like limit natural "
    "not notnull offset on only or order outer overlaps placing primary references returning "
    "right select similar some symmetric table then to trailing union unique using when where "
    "window with";
constexpr WordSet<count_words(kReservedText)> kReserved(kReservedText);

constexpr std::string_view kValuesText =
    "current_catalog current_date current_role current_time current_timestamp current_user end "
    "false localtime localtimestamp null session_user true";
constexpr WordSet<count_words(kValuesText)> kValues(kValuesText);

constexpr std::string_view kOracleValuesText = "level rowid rownum sysdate systimestamp uid user";
constexpr WordSet<count_words(kOracleValuesText)> kOracleValues(kOracleValuesText);

constexpr std::string_view kMysqlOperatorsText =
    "binary div interval mod regexp rlike separator sounds xor";
constexpr WordSet<count_words(kMysqlOperatorsText)> kMysqlOperators(kMysqlOperatorsText);

// T-SQL: the first argument is a word for a part of a date.
constexpr std::string_view kDatePartsText =
    "date_bucket dateadd datediff datediff_big datename datepart datetrunc timestampadd "
    "timestampdiff";
constexpr WordSet<count_words(kDatePartsText)> kDateParts(kDatePartsText);

// At which read_clause() or read_construct() may have something to do.
constexpr std::string_view kTurnsText =
    "apply as at collate connect except fetch for from group grouping groups having intersect is "
    "in join lateral limit minus model natural nfc nfd nfkc nfkd nulls offset on option order over "
    "partition prior qualify "
    "range rows start straight_join union using where window with within";
constexpr WordSet<count_words(kTurnsText)> kTurns(kTurnsText);

bool is_value(const Word& word, Dialect dialect) {
  if (kValues.contains(word)) return true;
  if (dialect == Dialect::kOracle) return kOracleValues.contains(word);
  return word == "user" && dialect == Dialect::kPostgresql;
}

}  // namespace

bool is_no_column(const Word& word, Dialect dialect) {
  if (kReserved.contains(word) || is_value(word, dialect)) return true;
  return dialect == Dialect::kMysql && kMysqlOperators.contains(word);
}

void ViewQuery::read_word(Place* place) {
  if (cursor_.is_symbol('.', 1)) return read_chain(place);
  if (kTurns.contains(cursor_.word()) && (read_clause(place) || read_construct(place))) return;
  if (read_call(place)) return;
  const Word word = cursor_.word();
  if (!is_no_column(word, dialect_)) return read_chain(place);
  place->operand = is_value(word, dialect_);
  cursor_.advance();
}

bool ViewQuery::read_clause(Place* place) {
  if (cursor_.is("as")) {
    read_as(place);
    return true;
  }
  if (cursor_.accept("lateral")) {
    place->lateral = true;
    return true;
  }
  if (cursor_.accept_all({"within", "group"})) return true;
  const bool top = place->parens.empty() || place->parens.back() == Paren::kJoin;
  return top && read_top_clause(place);
}

// Outside the parentheses of an expression.
bool ViewQuery::read_top_clause(Place* place) {
  const auto begin = [&](Clause clause, bool in_from) {
    cursor_.advance();
    place->clause = clause;
    place->in_from = in_from;
    place->operand = false;
  };
  const bool of_tsql = dialect_ == Dialect::kTsql;
  const bool of_oracle = !of_tsql && dialect_ != Dialect::kPostgresql &&
                         dialect_ != Dialect::kMysql && dialect_ != Dialect::kSqlite;
  if (cursor_.is("from") && place->clause == Clause::kSelect) {
    begin(Clause::kFrom, true);
    place->wants_relation = true;
  } else if (cursor_.is_any({"join", "straight_join"}) ||
             (cursor_.is("apply") && (of_oracle || of_tsql))) {
    place->lateral = cursor_.is("apply");
    begin(Clause::kFrom, true);
    place->wants_relation = true;
  } else if (cursor_.is("on") && place->in_from) {
    begin(Clause::kCondition, true);
  } else if (cursor_.is("using") && place->in_from) {
    read_using(place);
  } else if (cursor_.is("natural")) {
    cursor_.advance();
    scope(*place).unclear = true;
  } else if (cursor_.is_any({"where", "having"}) ||
             (of_oracle && cursor_.is_any({"qualify", "connect", "start"}))) {
    begin(Clause::kCondition, false);
    if (!cursor_.accept("by")) cursor_.accept("with");
  } else if (cursor_.is_any({"group", "order"})) {
    begin(cursor_.is("group") ? Clause::kGroup : Clause::kOrder, false);
    cursor_.accept("by");
  } else if (cursor_.is_any({"union", "intersect", "except"}) ||
             (of_oracle && cursor_.is("minus"))) {
    cursor_.advance();
    next_part(place);
  } else if (dialect_ == Dialect::kOracle && cursor_.is("model")) {
    scope(*place).unclear = true;  // columns, aliases and cells of its own
    skip_tail();
  } else if (cursor_.is("window")) {
    begin(Clause::kCondition, false);
    if (is_name(0)) cursor_.advance();
  } else if (place->parens.empty() &&
             (cursor_.is_any({"limit", "offset", "fetch", "for", "with"}) ||
              (of_tsql && cursor_.is("option")))) {
    skip_tail();
  } else {
    return false;
  }
  return true;
}

// SQLite: x IN t, of which t has one column.
void ViewQuery::read_in_table(Place* place) {
  ViewRelation relation;
  relation.name = *read_name(&cursor_);
  if (cursor_.is_symbol('(')) return cursor_.skip_parentheses();
  relation.is_table = !is_cte(place->scope, relation.name);
  ViewScope made;
  made.unclear = true;
  made.relations.push_back(std::move(relation));
  ++entries_;
  scopes_.push_back(std::move(made));
}

// Several words that are one operator, and words that bring a name which is no column.
bool ViewQuery::read_construct(Place* place) {
  bool value = false;
  if (cursor_.accept_all({"at", "time", "zone"}) || cursor_.accept_all({"partition", "by"}) ||
      cursor_.accept_all({"order", "by"}) || cursor_.accept_all({"group", "by"}) ||
      cursor_.accept_all({"grouping", "sets"}) || cursor_.accept_all({"prior"})) {
    value = false;
  } else if (cursor_.accept("is")) {
    cursor_.accept("not");
    if (cursor_.accept_all({"distinct", "from"})) return place->operand = false, true;
    value = cursor_.is_any({"null", "true", "false", "unknown", "document", "json"});
    if (value) cursor_.advance();
  } else if (dialect_ == Dialect::kSqlite && cursor_.is("in") && is_name(1)) {
    cursor_.advance();
    read_in_table(place);
    value = true;
  } else if (dialect_ == Dialect::kPostgresql && cursor_.is_any({"nfc", "nfd", "nfkc", "nfkd"}) &&
             cursor_.is_symbol(')', 1)) {
    cursor_.advance();  // normalize(x, NFC)
    value = true;
  } else if (cursor_.accept("over")) {
    value = true;
    if (is_name(0)) cursor_.advance();
  } else if (cursor_.accept("collate")) {
    read_name(&cursor_);
    value = true;
  } else if (cursor_.is("nulls") && cursor_.is_any({"first", "last"}, 1)) {
    cursor_.advance();
    cursor_.advance();
  } else if (cursor_.is_any({"rows", "range", "groups"}) && place->parens.size() > 0 &&
             (cursor_.is_any({"between", "unbounded", "current"}, 1) ||
              cursor_.peek(1).kind == TokenKind::kNumber)) {
    while (!cursor_.at_end() && !cursor_.is_symbol(')')) cursor_.advance();
  } else {
    return false;
  }
  place->operand = value;
  return true;
}

// Functions whose arguments are no plain list of expressions. At a word that "(" follows.
bool ViewQuery::read_call(Place* place) {
  if (!cursor_.is_symbol('(', 1)) return false;
  const Word name = cursor_.word();
  const bool cast = is_one_of(name, {"cast", "try_cast", "safe_cast"});
  const bool type_first =
      (name == "convert" || name == "try_convert") && dialect_ == Dialect::kTsql;
  const bool word_first = name == "extract" || kDateParts.contains(name);
  const bool xml = same_letters(name.text().substr(0, 3), "xml");
  if (xml || is_one_of(name, {"json_table", "against", "operator"})) {
    if (xml || name == "json_table") scope(*place).unclear = true;
    cursor_.advance();
    cursor_.skip_parentheses();
    place->operand = !(name == "operator");
    return true;
  }
  if (!cast && !type_first && !word_first) return false;
  cursor_.advance();
  cursor_.advance();
  place->parens.push_back(cast ? Paren::kCast : Paren::kExpression);
  place->operand = false;
  if (type_first) {
    skip_type();
  } else if (word_first && is_name(0)) {
    cursor_.advance();
  }
  return true;
}

// JOIN t USING (a, b): of both sides.
void ViewQuery::read_using(Place* place) {
  cursor_.advance();
  if (!cursor_.accept_symbol('(')) return;
  while (!cursor_.at_end() && !cursor_.accept_symbol(')')) {
    if (is_name(0)) {
      ViewMention merged;
      merged.scope = place->scope;
      merged.relations = scope(*place).relations.size();
      merged.column = name_at(0);
      scope(*place).merged.push_back(merged.column);
      add(merged);
    }
    cursor_.advance();
  }
  if (cursor_.is("as")) scope(*place).unclear = true;
}

// AS of a cast brings a type, elsewhere a name.
void ViewQuery::read_as(Place* place) {
  cursor_.advance();
  if (!place->parens.empty() && place->parens.back() == Paren::kCast) {
    while (!cursor_.at_end() && !cursor_.is_symbol(')')) {
      if (cursor_.is_symbol('(')) {
        cursor_.skip_parentheses();
      } else {
        cursor_.advance();
      }
    }
  } else if (is_name(0) || cursor_.peek().kind == TokenKind::kString) {
    name_output(place);
    cursor_.advance();
  }
  place->operand = true;
}

// double precision, character varying(10), timestamp(3) with time zone, "My Schema".t[]
void ViewQuery::skip_type() {
  read_name(&cursor_);
  for (int i = 0; i < 2; ++i) {
    while (cursor_.is_any({"varying", "precision", "local", "unsigned"}) ||
           cursor_.accept_all({"with", "time"}) || cursor_.accept_all({"without", "time"})) {
      if (!cursor_.accept("zone")) cursor_.advance();
    }
    cursor_.skip_parentheses();
  }
  cursor_.accept("zone");
  while (cursor_.accept_symbol('[')) {
    while (!cursor_.at_end() && !cursor_.accept_symbol(']')) cursor_.advance();
  }
}

}  // namespace engine::sql
