// ReferenceFinder: what a word of a query or a change brings. The cursor stands behind it,
// `previous` is the word before.
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/procedure_call.h"
#include "engine/sql/reference_finder.h"
#include "engine/sql/search_path.h"

namespace engine::sql {
void ReferenceFinder::clause(ReferenceWord word, const Word& previous) {
  switch (word) {
    case ReferenceWord::kSelect:
      start(Verb::kSelect);
      return;
    case ReferenceWord::kFrom:
      return read_from(previous);
    case ReferenceWord::kJoin:
    case ReferenceWord::kApply:
      if (is_no_join(previous)) return;
      level().query.joined = true;
      level().query.expect = Expect::kRelation;
      return;
    case ReferenceWord::kWith:
      return read_with();
    case ReferenceWord::kUsing:
      return read_using();
    case ReferenceWord::kInto:
      return read_into();
    case ReferenceWord::kInsert:
    case ReferenceWord::kReplace:
      return read_insert(previous);
    case ReferenceWord::kUpdate:
      return read_update(previous);
    case ReferenceWord::kDelete:
      return read_delete(previous);
    case ReferenceWord::kMerge:
      if (is_one_of(previous, {"inner", "left", "right", "full"})) return;  // T-SQL's join hint
      if (dialect_ == Dialect::kMysql) return;                              // ENGINE=MERGE
      start(Verb::kMerge);
      skip_top();
      cursor_.accept("into");
      level().query.expect = Expect::kTarget;
      return;
    case ReferenceWord::kTruncate:
      return read_truncate(previous);
    case ReferenceWord::kCopy:
      return read_copy();
    case ReferenceWord::kCall:
      if (!cursor_.is_symbol('(')) read_names(ReferenceKind::kCalls);
      return;
    case ReferenceWord::kExecute:
      return read_execute(previous);
    case ReferenceWord::kNext:
      if (cursor_.accept_all({"value", "for"})) read_names(ReferenceKind::kUses);
      return;
    case ReferenceWord::kFetch:
      level().query.in_from = false;
      if (cursor_.is("from") || cursor_.is("from", 1)) level().query.verb = Verb::kNone;
      return;
    case ReferenceWord::kCase:
      ++level().query.cases;
      return;
    case ReferenceWord::kEnd:
      if (level().query.cases > 0) --level().query.cases;
      return;
    case ReferenceWord::kLoop:
      if (levels_.size() == 1 && (procedural_ || head_ != Head::kNone)) ctes_.clear();
      return read_end_of_from();
    case ReferenceWord::kEndsFrom:
      return read_end_of_from();
    case ReferenceWord::kTable:
      return read_table_command(previous);
    default:
      return definition_clause(word);
  }
}

// WHERE, SET, GROUP, UNION, ...
void ReferenceFinder::read_end_of_from() {
  if (level().query.cases > 0) return;  // WHEN of a CASE
  if (head_ == Head::kRoutine && cursor_.is("search_path") && levels_.size() == 1) {
    cursor_.advance();
    search_path_ = read_search_path(&cursor_);
    return;
  }
  if (dialect_ == Dialect::kMysql && previous_ == "set") read_assigned();
  level().query.in_from = false;
  level().query.expect = Expect::kNothing;
}

// USE INDEX FOR JOIN (i) and SELECT STRAIGHT_JOIN a of MySQL.
bool ReferenceFinder::is_no_join(const Word& previous) {
  return previous == "for" || (previous_ == "straight_join" && !level().query.in_from);
}

// TABLE t is SELECT * FROM t.
void ReferenceFinder::read_table_command(const Word& previous) {
  const bool argument = dialect_ == Dialect::kBigquery && levels_.size() > 1;  // f(TABLE t)
  const bool has_one = dialect_ == Dialect::kPostgresql || dialect_ == Dialect::kMysql || argument;
  if (!has_one || cursor_.is("of") || cursor_.peek().kind == TokenKind::kSymbol) return;
  const Verb verb = level().query.verb;
  const bool begins = previous.size() == 0 && (verb == Verb::kNone || verb == Verb::kInsert);
  const bool fills = verb == Verb::kInsert && is_one_of(previous, {"insert", "into", "value"});
  if (!begins && !fills && !(argument && previous == ",") &&
      !is_one_of(previous, {"all", "as", "begin", "except", "intersect", "return", "union"})) {
    return;
  }
  start(Verb::kSelect);
  cursor_.accept("only");
  level().query.expect = Expect::kRelation;
}

// WITH name [(columns)] AS [[NOT] MATERIALIZED] ( ... ), next; also behind the comma.
void ReferenceFinder::read_with() {
  const bool recursive = cursor_.accept("recursive") || dialect_ == Dialect::kTsql ||
                         dialect_ == Dialect::kOracle || dialect_ == Dialect::kSqlite;
  Level& now = level();
  const bool first = !std::exchange(now.query.ctes_follow, false);
  const TokenKind kind = cursor_.peek().kind;
  if (kind != TokenKind::kWord && kind != TokenKind::kName) return;
  const bool columns = cursor_.is_symbol('(', 1);
  const bool plain = cursor_.is("as", 1) &&
                     (cursor_.is_symbol('(', 2) || cursor_.is_any({"materialized", "not"}, 2));
  if (!columns && !plain) return;  // WITH SCHEMABINDING, WITH TIES
  const std::string_view own = cursor_.raw();
  TokenCursor ahead = cursor_;
  ahead.advance();
  if (columns) ahead.skip_parentheses();
  if (!ahead.accept("as")) return;  // WITH CHECK (f(x))
  cursor_ = ahead;
  cursor_.accept("not");
  cursor_.accept("materialized");
  if (!cursor_.is_symbol('(')) return;
  // T-SQL: of the statement before, which may have no semicolon.
  if (first && levels_.size() == 1 && dialect_ == Dialect::kTsql) ctes_.clear();
  if (recursive) ctes_.push_back({catalogue_name(own, kind, dialect_)});
  now.cte.name = own;
  now.cte.kind = kind;
  open({});
}

void ReferenceFinder::read_from(const Word& previous) {
  Query& now = level().query;
  const bool first = dialect_ == Dialect::kBigquery && now.verb == Verb::kNone &&
                     (previous == "as" || previous.size() == 0);
  if (first) start(Verb::kSelect);  // FROM t |> WHERE ...
  if (now.verb != Verb::kSelect && now.verb != Verb::kUpdate && now.verb != Verb::kDelete) return;
  const bool of_target = std::exchange(level().opened.is_target, false);
  now.expect = of_target ? Expect::kTarget : Expect::kRelation;
  now.in_from = true;
}

void ReferenceFinder::read_using() {
  Query& now = level().query;
  const bool source = now.verb == Verb::kMerge ||
                      (now.verb == Verb::kDelete && !(now.joined && cursor_.is_symbol('(')));
  if (!source) return;
  now.expect = Expect::kRelation;
  now.in_from = now.verb == Verb::kDelete;
}

// SELECT ... INTO: a new table in T-SQL and in PostgreSQL's SQL; variables in procedural languages.
void ReferenceFinder::read_into() {
  Query& now = level().query;
  now.in_from = false;
  if (now.verb == Verb::kInsert && now.several) now.expect = Expect::kTarget;
  const bool output = dialect_ == Dialect::kTsql && now.verb != Verb::kNone;  // OUTPUT ... INTO t
  if (now.verb != Verb::kSelect && !output) return;
  const bool table =
      dialect_ == Dialect::kTsql || (dialect_ == Dialect::kPostgresql && !procedural_);
  if (!table) return;
  while (cursor_.is_any({"table", "unlogged"})) cursor_.advance();
  if (cursor_.is_any({"temp", "temporary"})) {
    cursor_.advance();
    cursor_.accept("table");
    if (const auto own = read_name(&cursor_)) made_up_.push_back({own->name});
    return;
  }
  const std::size_t position = cursor_.peek().begin;
  if (const auto made = read_name(&cursor_)) {
    if (!made->temporary()) list_->add(ReferenceKind::kWrites, *made, position);
  }
}

// TOP (n) [PERCENT], of T-SQL's changes.
void ReferenceFinder::skip_top() {
  if (!cursor_.is("top") || !cursor_.is_symbol('(', 1)) return;
  cursor_.advance();
  cursor_.skip_parentheses();
  cursor_.accept("percent");
}

// "AFTER INSERT OR UPDATE", "THEN INSERT (a)", "insert(x, 1)" fill nothing.
void ReferenceFinder::read_insert(const Word& previous) {
  if (cursor_.is_symbol('(') || cursor_.is_symbol(',')) return;
  if (is_one_of(previous, {"after", "before", "of", "for", "on"}) || head_ == Head::kTrigger) {
    if (!cursor_.is("into")) return;
  }
  if (cursor_.is("not")) return;  // FOR INSERT NOT FOR REPLICATION
  while (cursor_.is_any({"low_priority", "delayed", "high_priority", "ignore", "overwrite"})) {
    cursor_.advance();
  }
  const bool several = dialect_ == Dialect::kOracle || dialect_ == Dialect::kSnowflake;
  if (several && cursor_.is_any({"all", "first"})) {
    start(Verb::kInsert);
    level().query.several = true;
    return;
  }
  if (cursor_.accept("or")) cursor_.advance();  // SQLite: INSERT OR REPLACE
  skip_top();
  const bool into = cursor_.accept("into");
  const bool needs_into =
      dialect_ != Dialect::kTsql && dialect_ != Dialect::kMysql && dialect_ != Dialect::kBigquery;
  if (!into && needs_into) return;
  if (cursor_.is_any({"values", "default"})) return;
  if (dialect_ == Dialect::kBigquery && cursor_.is("row")) return;  // THEN INSERT ROW
  start(Verb::kInsert);
  cursor_.accept("table");
  const bool query = cursor_.is_symbol('(') && cursor_.is("select", 1) && into;
  if (query || cursor_.peek().kind != TokenKind::kSymbol) level().query.expect = Expect::kTarget;
}

void ReferenceFinder::read_update(const Word& previous) {
  // SQLite: UPDATE OR IGNORE t; elsewhere UPDATE OR DELETE ON t.
  const bool conflict =
      cursor_.is("or") && cursor_.is_any({"abort", "fail", "ignore", "replace", "rollback"}, 1);
  // UPDATE TO is of ALTER EXTENSION, INSERT AND UPDATE of Oracle's identity columns.
  if (is_one_of(previous, {"for", "on", "after", "and", "before", "or", "key", "of"}) ||
      cursor_.is_any({"set", "of", "on", "statistics", "then", "to", "not"}) ||
      (cursor_.is("or") && !conflict) || cursor_.is_symbol(',') ||
      (cursor_.is_symbol('(') && !cursor_.is("select", 1)) || cursor_.is_symbol(';') ||
      cursor_.is_symbol(')')) {
    return;
  }
  if (head_ == Head::kTrigger && cursor_.is("as")) return;
  start(Verb::kUpdate);
  skip_top();
  if (cursor_.accept("or")) cursor_.advance();
  level().query.in_from = true;
  level().query.expect = Expect::kTarget;
}

void ReferenceFinder::read_delete(const Word& previous) {
  // Oracle needs no FROM: DELETE (SELECT ...)
  const bool query = dialect_ == Dialect::kOracle && cursor_.is_symbol('(') &&
                     cursor_.is_any({"select", "with"}, 1);
  if (is_one_of(previous, {"on", "after", "before", "or", "for", "of"}) ||
      cursor_.is_any({"or", "on", "as", "cascade", "where", "not"}) || cursor_.is_symbol(',') ||
      (level().query.verb == Verb::kMerge && previous == "then") ||
      (cursor_.is_symbol('(') && !query) ||
      (previous == "commit" && cursor_.is("rows")) ||  // ON COMMIT DELETE ROWS
      cursor_.is_symbol(';')) {
    return;
  }
  start(Verb::kDelete);
  skip_top();
  while (cursor_.is_any({"low_priority", "quick", "ignore"})) cursor_.advance();
  if (dialect_ == Dialect::kMysql && read_deleted()) return;
  cursor_.accept("from");
  level().query.expect = Expect::kTarget;
}

void ReferenceFinder::read_truncate(const Word& previous) {
  if (is_one_of(previous, {"on", "after", "before", "or"}) || cursor_.is_symbol('(')) return;
  if (cursor_.is_any({"partition", "subpartition"})) return;  // of the table that is altered
  cursor_.accept("table");
  cursor_.accept_all({"if", "exists"});
  cursor_.accept("only");
  read_names(ReferenceKind::kWrites);
}

// COPY t [(columns)] FROM or TO; COPY INTO t; COPY (query) TO. Elsewhere it is a name.
void ReferenceFinder::read_copy() {
  TokenCursor ahead = cursor_;
  const bool into = dialect_ != Dialect::kPostgresql && ahead.accept("into");
  if (into && ahead.is_symbol('@')) return read_unload(ahead);
  const std::size_t position = ahead.peek().begin;
  if (ahead.is_any({"from", "to"})) return;
  const auto table = read_name(&ahead);
  if (!table) return;
  ahead.skip_parentheses();
  if (!into && !ahead.is_any({"from", "to"})) return;
  const bool fills = into || ahead.is("from");
  cursor_ = ahead;
  if (levels_.size() == 1) start(Verb::kNone);
  if (table->temporary() || is_made_up(*table)) return;
  list_->add(fills ? ReferenceKind::kWrites : ReferenceKind::kReads, *table, position);
}

// Snowflake: COPY INTO @stage/path FROM t, or FROM (query)
void ReferenceFinder::read_unload(const TokenCursor& stage) {
  cursor_ = stage;
  while (!cursor_.at_end() && !cursor_.is("from") && !cursor_.is_symbol(';')) cursor_.advance();
  if (!cursor_.accept("from")) return;
  start(Verb::kSelect);
  level().query.expect = Expect::kRelation;
}

// EXEC [@status =] procedure; EXECUTE FUNCTION of a trigger; not EXECUTE of a text.
void ReferenceFinder::read_execute(const Word& previous) {
  if (cursor_.is_any({"as", "immediate", "on", "using", "format"}) || cursor_.is_symbol('(') ||
      previous == "grant") {
    return;
  }
  if (dialect_ == Dialect::kFirebird && cursor_.is("statement")) return;
  if (levels_.size() == 1 && dialect_ == Dialect::kTsql) start(Verb::kNone);
  const bool named = cursor_.accept("function") || cursor_.accept("procedure");
  if (!named && (dialect_ == Dialect::kPostgresql || dialect_ == Dialect::kMysql)) return;
  skip_return_status(&cursor_);
  if (!cursor_.raw().empty() && cursor_.raw()[0] == '@') return;
  if (dialect_ == Dialect::kTsql && read_system_procedure()) return;
  read_names(ReferenceKind::kCalls);
}

// SQLite: x IN t, which is x IN (SELECT * FROM t).
void ReferenceFinder::read_in() {
  if (cursor_.peek().kind == TokenKind::kSymbol) return;
  const std::size_t position = cursor_.peek().begin;
  const auto relation = read_name(&cursor_);
  if (!relation || relation->temporary() || is_made_up(*relation)) return;
  const bool called = cursor_.is_symbol('(');
  list_->add(called ? ReferenceKind::kCalls : ReferenceKind::kReads, *relation, position, called);
}

// One name, or several with commas between.
void ReferenceFinder::read_names(ReferenceKind kind) {
  do {
    if (dialect_ == Dialect::kPostgresql) cursor_.accept("only");  // TRUNCATE a, ONLY b
    const std::size_t position = cursor_.peek().begin;
    auto found = read_name(&cursor_);
    if (!found) return;
    if (dialect_ == Dialect::kOracle && cursor_.is_symbol('@')) read_link(&*found);
    if (!found->temporary() && !is_made_up(*found)) list_->add(kind, *found, position);
  } while (kind != ReferenceKind::kCalls && kind != ReferenceKind::kUses &&
           cursor_.accept_symbol(','));
}

}  // namespace engine::sql
