#include "engine/sql/reference_finder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/word_set.h"

namespace engine::sql {
namespace {

constexpr std::size_t kDeepest = 4096;  // parentheses; deeper ones are nobody's SQL

// Methods of T-SQL's xml type and of collections: their names are no routine's.
constexpr std::string_view kMethodsText =
    "count delete exist exists extend first getclobval getstringval last limit modify next nodes "
    "prior query trim value";
constexpr WordSet<count_words(kMethodsText)> kMethods(kMethodsText);

// Methods of T-SQL's types of its own (hierarchyid, geometry): "column.STArea()" is no routine.
constexpr std::string_view kTypeMethodsText =
    "asgml astextzm getancestor getdescendant getlevel getreparentedvalue instanceof "
    "isdescendantof makevalid tostring";
constexpr WordSet<count_words(kTypeMethodsText)> kTypeMethods(kTypeMethodsText);

bool is_method_of_a_type(const Word& name) {
  const std::string_view text = name.text();
  const auto is_large = [&](std::size_t i) { return text[i] >= 'A' && text[i] <= 'Z'; };
  const bool spatial = text.size() > 2 && text.starts_with("ST") && is_large(2) &&
                       (text.size() == 3 || !is_large(3) || text.starts_with("STIs"));
  return spatial || kTypeMethods.contains(name);
}

// What a server makes up itself.
constexpr std::string_view kPseudoTablesText =
    "current_catalog current_date current_role current_schema current_time current_timestamp "
    "current_user dual excluded localtime localtimestamp session_user sysdummy1";
constexpr WordSet<count_words(kPseudoTablesText)> kPseudoTables(kPseudoTablesText);

// What it makes up for the code that it runs with rows; elsewhere people call tables so.
constexpr std::string_view kTransitionTablesText = "deleted inserted new old";
constexpr WordSet<count_words(kTransitionTablesText)> kTransitionTables(kTransitionTablesText);

// What makes more of a name than a column or a variable: f(x), t%TYPE, and "p;", a call in Oracle.
bool goes_on(char symbol) { return symbol == '(' || symbol == '%' || symbol == ';'; }

// DECLARE a x; b y; BEGIN: several declarations up to BEGIN. Elsewhere each has a DECLARE.
bool has_declare_sections(Dialect dialect) {
  return dialect == Dialect::kPostgresql || dialect == Dialect::kOracle;
}

// T-SQL's CONTAINSTABLE(t, *, 'x') and its kin: rows about a table that is named in it.
bool is_table_of(const QualifiedName& function) {
  return !function.schema &&
         is_one_of(Word::of(function.name), {"changetable", "containstable", "freetexttable"});
}

bool is_of_sequence(const Word& function) {
  return is_one_of(function, {"currval", "nextval", "setval"});
}

// Nothing that could go on with a name stands at `end`; behind a comment it might.
bool ends_name(std::string_view text, std::size_t end) {
  constexpr ByteSet ends(" \t\r\n\f\v,;()");
  if (end < text.size() && !ends.contains(text[end])) return false;
  const std::size_t next = kNonSpaces.find(text, end);
  return next >= text.size() || std::string_view("./-@").find(text[next]) == std::string_view::npos;
}

}  // namespace

ReferenceFinder::ReferenceFinder(std::string_view text, std::size_t begin, std::size_t end,
                                 Dialect dialect, bool procedural, ReferenceList* list)
    : text_(text),
      dialect_(dialect),
      procedural_(procedural),
      list_(list),
      cursor_(text, begin, end, dialect),
      end_(end) {
  constexpr std::size_t kUsualDepth = 4;
  levels_.reserve(kUsualDepth);
  levels_.emplace_back();
}

void ReferenceFinder::read() {
  renames_ = cursor_.is("rename") && (dialect_ == Dialect::kOracle || dialect_ == Dialect::kDb2 ||
                                      (dialect_ == Dialect::kMysql && cursor_.is("table", 1)));
  alters_ = cursor_.is("alter");
  alters_table_ = alters_ && cursor_.is_any({"foreign", "table"}, 1);
  while (true) {
    const TokenKind kind = cursor_.peek().kind;
    if (kind == TokenKind::kEnd) break;
    if (level().query.expect != Expect::kNothing && kind != TokenKind::kSymbol) {
      read_relation();
      continue;
    }
    if (reads_types_at_start()) {
      read_element();
      continue;
    }
    switch (kind) {
      case TokenKind::kWord:
        word();
        break;
      case TokenKind::kName:
        name();
        break;
      case TokenKind::kString:
        literal();
        break;
      case TokenKind::kSymbol:
        symbol();
        break;
      default:
        cursor_.advance();
        previous_ = {};
        break;
    }
  }
  const bool sql = language_.empty() ? dialect_ == Dialect::kSnowflake || head_ == Head::kNone
                                     : language_ == "sql" || language_ == "plpgsql";
  if (sql) bodies_ = literals_;
  for (const std::string& own : own_routines_) list_->forget_calls(own);
}

void ReferenceFinder::symbol() {
  switch (cursor_.peek().symbol) {
    case '(': {
      Level inner;
      if (level().query.expect != Expect::kNothing) {
        // "FROM (a JOIN b ...)" or "FROM (SELECT ...) alias"
        inner.query.expect = Expect::kRelation;
        inner.query.in_from = true;
        inner.opened.is_target = level().query.expect == Expect::kTarget;
        level().query.expect = Expect::kNothing;
        inner.opened.is_relation = true;
      }
      return open(inner);
    }
    case ')':
      return close();
    case ',':
      return comma();
    case ';':
      return end_statement();
    case '@':
      if (dialect_ == Dialect::kSnowflake && level().query.expect == Expect::kRelation) {
        return read_stage();
      }
      break;
    default:
      break;
  }
  const bool cast = cursor_.is_symbol(':') && cursor_.is_symbol(':', 1);
  cursor_.advance();
  previous_ = {};
  if (cast) {
    cursor_.advance();
    read_type();
  }
}

// At "(".
void ReferenceFinder::open(const Level& next) {
  cursor_.advance();
  previous_ = {};
  if (levels_.size() >= kDeepest) return;
  levels_.push_back(next);
  level().opened.ctes = ctes_.size();
  level().opened.aliases = aliases_.size();
  level().elements.starts = next.elements.kind != Elements::kNone;
}

// At ")".
void ReferenceFinder::close() {
  cursor_.advance();
  previous_ = {};
  if (levels_.size() == 1) return;
  const Level closed = level();
  levels_.pop_back();
  ctes_.resize(std::min(ctes_.size(), closed.opened.ctes));
  aliases_.resize(std::min(aliases_.size(), closed.opened.aliases));
  Level& now = level();
  if (!now.cte.name.empty()) {
    ctes_.push_back(
        {catalogue_name(std::exchange(now.cte.name, {}), now.cte.kind, dialect_), closed.source});
    skip_order_of_rows();
    now.query.ctes_follow = cursor_.is_symbol(',');
  } else if (closed.opened.is_relation) {
    read_alias(nullptr, ReferenceList::kNone, closed.source);
  }
  if (closed.elements.kind == Elements::kParameters && cursor_.is("return")) {
    cursor_.advance();
    read_type();
  }
}

// SEARCH DEPTH FIRST BY a, b SET c, CYCLE a SET b [TO x DEFAULT y] [USING c], behind a CTE: of
// columns.
void ReferenceFinder::skip_order_of_rows() {
  while (cursor_.is_any({"search", "cycle"})) {
    while (!cursor_.at_end() && !cursor_.is("set")) cursor_.advance();
    cursor_.advance();
    cursor_.advance();
    if (cursor_.accept("to")) {
      while (!cursor_.at_end() && !cursor_.is("default")) cursor_.advance();
      cursor_.advance();
      cursor_.advance();
    }
    if (cursor_.accept("using")) cursor_.advance();
  }
}

void ReferenceFinder::comma() {
  cursor_.advance();
  previous_ = ",";
  Level& now = level();
  if (now.query.ctes_follow) {
    read_with();
  } else if (now.query.in_from) {
    now.query.expect = Expect::kRelation;
    now.query.several = now.query.several || now.query.verb == Verb::kUpdate;
  }
  now.elements.starts = now.elements.kind != Elements::kNone;
}

// At ";": of a statement in a body, or the last one.
void ReferenceFinder::end_statement() {
  cursor_.advance();
  previous_ = {};
  levels_.resize(1);
  level() = Level{};
  ctes_.clear();
  aliases_.clear();
  deleted_.clear();
  statement_start_ = true;
  declaring_ = declaring_ && has_declare_sections(dialect_);
}

void ReferenceFinder::start(Verb verb) {
  Level& now = level();
  now.query = Query{};
  now.query.verb = verb;
  now.elements = ElementList{};
}

void ReferenceFinder::word() {
  const ReferenceWord meaning = reference_word(cursor_.word(), dialect_);
  if (may_be_name(meaning) || cursor_.is_symbol('.', 1)) return name(meaning);
  const bool calls_copy = meaning == ReferenceWord::kCopy && cursor_.is_symbol('(', 1) &&
                          !cursor_.is_any({"select", "values", "with"}, 2);
  if (calls_copy) return name();
  statement_start_ = false;
  const Word before = std::exchange(previous_, cursor_.word());
  cursor_.advance();
  clause(meaning, before);
}

// A chain of names outside every place that names a relation: a column, a variable, a routine.
void ReferenceFinder::name(ReferenceWord meaning) {
  const bool starts = std::exchange(statement_start_, false);
  const Word first = cursor_.word();
  std::size_t tokens = 1;
  while (tokens + 2 < 8 && cursor_.is_symbol('.', tokens)) {
    const TokenKind kind = cursor_.peek(tokens + 1).kind;
    if (kind != TokenKind::kWord && kind != TokenKind::kName) break;
    tokens += 2;
  }
  const bool adds = alters_table_ && meaning == ReferenceWord::kAdd;
  const bool plain = tokens == 1 && (adds || !goes_on(cursor_.peek(tokens).symbol));
  if (!plain) {
    chain(starts, tokens);
  } else {
    cursor_.advance();
    if (meaning != ReferenceWord::kNone) introduce(meaning);
  }
  previous_ = first;
}

// Words behind which a name of another kind stands, and that do nothing else.
void ReferenceFinder::introduce(ReferenceWord word) {
  const bool changes_table = alters_table_ && levels_.size() == 1;
  switch (word) {
    case ReferenceWord::kRoutine:
      if (is_one_of(previous_, {"add", "alter", "drop", "on"})) return skip_routines();
      if (dialect_ == Dialect::kOracle && declaring_) own_routine();
      return;
    case ReferenceWord::kIn:
      if (dialect_ == Dialect::kSqlite) read_in();
      return;
    case ReferenceWord::kHistoryTable:
      if (cursor_.accept_symbol('=')) read_names(ReferenceKind::kUses);
      return;
    case ReferenceWord::kConstraint:
      // Of MySQL, which may leave its name out.
      if (cursor_.is_any({"check", "foreign", "primary", "unique"})) return;
      if (const auto own = read_name(&cursor_)) constraint_ = own->name;
      return;
    case ReferenceWord::kForeign:
      if (!cursor_.accept("key")) return;
      cursor_.accept_all({"if", "not", "exists"});  // of MariaDB
      if (!cursor_.is_symbol('(') && !cursor_.is("references")) {
        read_name(&cursor_);  // MySQL: of its index
      }
      key_columns_ = read_columns();
      return;
    case ReferenceWord::kInherit:
      if (previous_ == "no") return;  // of a check, or no longer
      return read_names(ReferenceKind::kInherits);
    case ReferenceWord::kRefresh:
      if (!procedural_ || !cursor_.accept_all({"materialized", "view"})) return;
      cursor_.accept("concurrently");
      return read_names(ReferenceKind::kWrites);
    case ReferenceWord::kRename:
      if ((alters_ || renames_) && levels_.size() == 1) rename();
      return;
    case ReferenceWord::kAdd:
      if (changes_table) read_added();
      return;
    case ReferenceWord::kType:
      if (changes_table && dialect_ == Dialect::kPostgresql) read_type();
      return;
    case ReferenceWord::kAttach:
      if (changes_table && cursor_.accept("partition")) read_names(ReferenceKind::kAttaches);
      return;
    default:
      return;
  }
}

// Behind RENAME of an ALTER, or of a statement by itself: RENAME [TABLE] a TO b.
void ReferenceFinder::rename() {
  if (renames_) {
    cursor_.accept("table");
    cursor_.accept_all({"if", "exists"});
    if (!read_name(&cursor_) || !cursor_.accept("to")) return;
  } else if (dialect_ == Dialect::kMysql) {  // RENAME [TO | AS] b
    if (cursor_.is_any({"column", "index", "key"})) return;
    if (!cursor_.accept("to")) cursor_.accept("as");
  } else if (dialect_ == Dialect::kTsql || !cursor_.accept("to")) {
    return;
  }
  const std::size_t position = cursor_.peek().begin;
  if (const auto name = read_name(&cursor_)) {
    list_->add(ReferenceKind::kBecomes, *name, position);
  }
}

// ALTER FUNCTION f(i int), DROP FUNCTION IF EXISTS f(int), g(text), COMMENT ON PROCEDURE p(int):
// what a statement is about is not called, and its types are those of its own definition.
void ReferenceFinder::skip_routines() {
  cursor_.accept_all({"if", "exists"});
  do {
    if (!read_name(&cursor_)) return;
    cursor_.skip_parentheses();
  } while (cursor_.accept_symbol(','));
}

// ADD [COLUMN] [IF NOT EXISTS] name type, or something else.
void ReferenceFinder::read_added() {
  const bool says = cursor_.accept("column");
  cursor_.accept_all({"if", "not", "exists"});
  if (cursor_.is_symbol('(')) {
    Level columns;
    columns.elements.kind = Elements::kColumns;
    return open(columns);
  }
  const bool other = cursor_.is_any({"partition", "period", "subpartition", "supplemental"});
  if (!says && other) return;
  const bool index = cursor_.is_any({"fulltext", "index", "key", "spatial"});
  if (!says && index) {
    while (cursor_.is_any({"fulltext", "index", "key", "spatial"})) cursor_.advance();
    read_name(&cursor_);
    return cursor_.skip_parentheses();
  }
  level().elements.kind = Elements::kColumns;
  level().elements.starts = true;
  read_element();
  if (dialect_ != Dialect::kTsql) level().elements.kind = Elements::kNone;
}

// PROCEDURE p (...) IS, of a package's body or among declarations: whoever calls p there means it.
void ReferenceFinder::own_routine() {
  TokenCursor ahead = cursor_;
  const auto own = read_name(&ahead);
  if (own && !own->schema) own_routines_.push_back(own->name);
}

// The next `tokens` tokens are a name: of a routine, a sequence, or of no interest.
void ReferenceFinder::chain(bool starts, std::size_t tokens) {
  if (cursor_.is_symbol('(', tokens) || is_bare_call(tokens, starts)) {
    call(tokens);
  } else if (tokens > 1 && cursor_.is_any({"nextval", "currval"}, tokens - 1)) {
    QualifiedName sequence;
    const std::size_t position = cursor_.peek().begin;
    if (const auto chain = read_name(&cursor_)) {
      if (chain->schema) {
        sequence.name = *chain->schema;
        sequence.schema = chain->database;
        list_->add(ReferenceKind::kUses, sequence, position);
      }
    }
  } else if (cursor_.is_symbol('%', tokens) && cursor_.is_any({"rowtype", "type"}, tokens + 1)) {
    read_type();
  } else {
    for (; tokens > 0; --tokens) cursor_.advance();
  }
}

// Oracle's "BEGIN p; pkg.q; END;": the next `tokens` tokens are a name.
bool ReferenceFinder::is_bare_call(std::size_t tokens, bool starts) {
  if (dialect_ != Dialect::kOracle || declaring_ || levels_.size() > 1) return false;
  if (!cursor_.is_symbol(';', tokens)) return false;
  return starts || previous_ == "begin" || previous_ == "then" || previous_ == "else" ||
         previous_ == "loop";
}

// The next `tokens` tokens are a name that is called.
void ReferenceFinder::call(std::size_t tokens) {
  const Word last = Word::of(unquoted(cursor_.raw(tokens - 1)));
  const std::size_t position = cursor_.peek().begin;
  const bool plain = cursor_.peek().kind == TokenKind::kWord && tokens == 1;
  const bool method =
      tokens > 1 && (kMethods.contains(last) || is_alias(cursor_.raw()) ||
                     (dialect_ == Dialect::kTsql && tokens > 2 && is_method_of_a_type(last) &&
                      !same_letters(unquoted(cursor_.raw(tokens - 3)), "dbo")));
  const bool sequence = is_of_sequence(last);
  const bool variable = cursor_.raw()[0] == '@' || cursor_.raw()[0] == '#';
  if ((plain && (is_no_routine(last) || is_builtin_type(last))) || method || variable) {
    for (; tokens > 0; --tokens) cursor_.advance();
    return;
  }
  if (const auto routine = read_name(&cursor_)) {
    const bool outer = dialect_ == Dialect::kOracle && cursor_.is_symbol('(') &&
                       cursor_.is_symbol('+', 1) && cursor_.is_symbol(')', 2);
    if (outer) return;  // Oracle's t.i (+)
    if (dialect_ == Dialect::kFirebird && last == "gen_id") return read_generator();
    if (sequence) return read_sequence_literal();
    if (is_scheduler_call(*routine)) return read_scheduler_call(*routine);
    list_->add(ReferenceKind::kCalls, *routine, position, true);
  }
}

// nextval('schema.name'): at "(".
void ReferenceFinder::read_sequence_literal() {
  if (cursor_.peek(1).kind != TokenKind::kString) return;
  const std::string text = literal_text(cursor_.raw(1));
  TokenCursor inner(text, 0, text.size(), dialect_);
  if (const auto sequence = read_name(&inner)) {
    list_->add(ReferenceKind::kUses, *sequence, cursor_.peek(1).begin);
  }
}

// GEN_ID(generator, 1): at "(".
void ReferenceFinder::read_generator() {
  cursor_.advance();
  levels_.emplace_back();
  read_names(ReferenceKind::kUses);
}

// 'schema.name'::regclass and its kin: at the literal.
void ReferenceFinder::read_object_literal() {
  const Word type = Word::of(unquoted(cursor_.raw(3)));
  if (!is_one_of(type, {"regclass", "regproc", "regprocedure", "regtype"})) return;
  const std::string text = literal_text(cursor_.raw());
  TokenCursor inner(text, 0, text.size(), dialect_);
  if (const auto meant = read_name(&inner)) {
    list_->add(ReferenceKind::kUses, *meant, cursor_.peek().begin);
  }
}

void ReferenceFinder::literal() {
  const Token token = cursor_.peek();
  const bool body = previous_ == "as" || previous_ == "do" ||
                    (head_ == Head::kRoutine && text_[token.begin] == '$');
  if (body && levels_.size() == 1) literals_.push_back({token.begin, token.end});
  if (dialect_ == Dialect::kPostgresql && cursor_.is_symbol(':', 1)) read_object_literal();
  cursor_.advance();
  previous_ = {};
}

// Where a relation stands: "FROM", ",", "JOIN", "UPDATE" are behind us.
void ReferenceFinder::read_relation() {
  while (cursor_.is_any({"only", "lateral", "low_priority", "ignore", "quick"}) &&
         !cursor_.is_symbol('.', 1)) {
    cursor_.advance();
  }
  Level& now = level();
  if (cursor_.peek().kind == TokenKind::kSymbol) return;  // LATERAL (SELECT ...)
  const bool target = now.query.expect == Expect::kTarget;
  now.query.expect = Expect::kNothing;
  if (cursor_.is_any({"select", "with", "values", "table", "set"}) && !cursor_.is_symbol('.', 1)) {
    if (cursor_.is("table") && cursor_.is_symbol('(', 1)) cursor_.advance();
    return;  // a query in parentheses, or none at all
  }
  const bool db2 = dialect_ == Dialect::kDb2;
  const bool changes = (dialect_ == Dialect::kTsql || db2) && levels_.size() > 1 &&
                       cursor_.is_any({"delete", "insert", "merge", "update"});
  if (changes) return;  // FROM (DELETE t OUTPUT deleted.*) d
  if (db2 && cursor_.is_any({"final", "new", "old"}) && cursor_.is("table", 1) &&
      cursor_.is_symbol('(', 2)) {
    cursor_.advance();
    cursor_.advance();
    now.query.expect = Expect::kRelation;
    return;  // FROM FINAL TABLE (INSERT INTO t ...)
  }
  if (cursor_.accept_all({"rows", "from"})) return;  // ROWS FROM (f(1), g(2))
  const std::size_t position = cursor_.peek().begin;
  const QualifiedName* relation = read_relation_name();
  if (relation == nullptr) return cursor_.advance();
  std::optional<QualifiedName> linked;
  if (cursor_.is_symbol('@')) {
    linked = *relation;
    read_link(&*linked);
    relation = &*linked;
  }
  const bool hint =
      dialect_ == Dialect::kTsql && cursor_.is_symbol('(') && is_table_hint(cursor_.word(1));
  if (dialect_ == Dialect::kTsql && cursor_.is_symbol('(') && is_table_of(*relation)) {
    Level arguments;
    arguments.opened.is_relation = true;
    open(arguments);
    if (cursor_.is_any({"changes", "version"})) cursor_.advance();
    level().query.expect = Expect::kRelation;
    return;
  }
  if (cursor_.is_symbol('(') && !hint && !target) return read_rows_of(*relation, position);
  const std::size_t aliases = aliases_.size();
  std::size_t reference = ReferenceList::kNone;
  const bool pseudo = is_pseudo_table(*relation);
  const MadeUp* const own = made_up(*relation);
  if (!target && now.source == ReferenceList::kNone) now.source = position;
  if (target && own != nullptr) write_to_query(own->source);
  if (!relation->temporary() && !pseudo && own == nullptr) {
    reference =
        list_->add(target ? ReferenceKind::kWrites : ReferenceKind::kReads, *relation, position);
  }
  // UPDATE a ... FROM t AS a: in these FROM brings other relations only.
  const bool may_be_alias = dialect_ != Dialect::kPostgresql && dialect_ != Dialect::kSqlite &&
                            dialect_ != Dialect::kOracle;
  if (target && !relation->schema && may_be_alias) now.query.target = reference;
  if (target && now.query.verb == Verb::kUpdate) now.query.changed = reference;
  if (hint) cursor_.skip_parentheses();
  if (!target || now.query.verb != Verb::kInsert || cursor_.is("as")) {
    read_alias(relation, target ? ReferenceList::kNone : reference);
  }
  if (!deleted_.empty() && !target) delete_from(*relation, aliases, reference);
}

// FROM f(1): at "(".
void ReferenceFinder::read_rows_of(const QualifiedName& function, std::size_t position) {
  const Word name = Word::of(function.name);
  const bool method = kMethods.contains(name) && function.schema;
  if (is_of_sequence(name)) {
    read_sequence_literal();
  } else if (!method && !is_builtin_type(name)) {
    list_->add(ReferenceKind::kCalls, function, position, true);
  }
  Level arguments;
  arguments.opened.is_relation = true;
  open(arguments);
}

bool ReferenceFinder::is_pseudo_table(const QualifiedName& relation) const {
  if (relation.schema) return false;
  const Word name = Word::of(relation.name);
  const bool in_code = procedural_ || head_ != Head::kNone;
  return kPseudoTables.contains(name) || (in_code && kTransitionTables.contains(name));
}

// A routine says the same name again and again, and mostly in the same letters: it is made once.
// Null, and the cursor unmoved, where none stands.
const QualifiedName* ReferenceFinder::read_relation_name() {
  const std::size_t begin = cursor_.peek().begin;
  const std::size_t end = begin + last_relation_.size();
  if (!last_relation_.empty() && text_.substr(begin, last_relation_.size()) == last_relation_ &&
      ends_name(text_, end)) {
    while (cursor_.peek().begin < end) cursor_.advance();
    return &last_relation_name_;
  }
  auto name = read_name(&cursor_);
  if (!name) return nullptr;
  last_relation_name_ = std::move(*name);
  // IDENTIFIER('t') says it behind the word.
  if (dialect_ != Dialect::kSnowflake) {
    last_relation_ = text_.substr(begin, last_relation_name_.end - begin);
  }
  return &last_relation_name_;
}

// Snowflake: FROM @schema.stage/path, @~ and @% of the session.
void ReferenceFinder::read_stage() {
  const std::size_t begin = cursor_.peek().begin + 1;
  const std::size_t end = std::min(text_.find_first_of(" \t\r\n(),;/", begin), end_);
  TokenCursor inner(text_, begin, end, dialect_);
  const std::size_t position = cursor_.peek().begin;
  if (const auto stage = read_name(&inner)) list_->add(ReferenceKind::kUses, *stage, position);
  const std::size_t behind = std::min(text_.find_first_of(" \t\r\n(),;", begin), end_);
  while (!cursor_.at_end() && cursor_.peek().begin < behind) cursor_.advance();
  level().query.expect = Expect::kNothing;
  cursor_.skip_parentheses();  // (FILE_FORMAT => 'f')
  read_alias(nullptr, ReferenceList::kNone);
}

// Oracle: @link, which the name is over; behind a relation.
void ReferenceFinder::read_link(QualifiedName* name) {
  cursor_.advance();
  const std::size_t begin = cursor_.peek().begin;
  if (const auto link = read_name(&cursor_)) {
    name->server = link->database || link->schema ? text_.substr(begin, link->end - begin)
                                                  : std::string_view(link->name);
  }
}

// A change of a CTE or of a query in parentheses is one of the relation that it reads first.
void ReferenceFinder::write_to_query(std::size_t source) {
  for (int depth = 0; depth < 8 && source != ReferenceList::kNone; ++depth) {
    TokenCursor at(text_, source, end_, dialect_);
    const auto relation = read_name(&at);
    if (!relation || relation->temporary()) return;
    const MadeUp* const own = made_up(*relation);
    if (own == nullptr || own->source == source) {
      list_->add(ReferenceKind::kWrites, *relation, cursor_.peek().begin);
      return;
    }
    source = own->source;
  }
}

// Behind a relation (null: a query in parentheses, with where its first relation stands): [AS]
// alias [(columns)].
void ReferenceFinder::read_alias(const QualifiedName* relation, std::size_t reference,
                                 std::size_t source) {
  previous_ = {};
  const bool as = cursor_.is("as") && !cursor_.is("of", 1);
  const TokenKind kind = cursor_.peek(as).kind;
  const bool alias = kind == TokenKind::kName ||
                     (kind == TokenKind::kWord && (as || !is_no_alias(cursor_.word(as))));
  if (!alias || cursor_.is("select", as)) {
    // UPDATE t SET ... FROM t
    if (relation != nullptr && reference != ReferenceList::kNone) {
      resolve_target({relation->name, reference, *relation});
    }
    return;
  }
  if (as) cursor_.advance();
  Alias made{catalogue_name(cursor_.raw(), cursor_.peek().kind, dialect_), reference, {}};
  cursor_.advance();
  if (relation != nullptr) {
    made.relation = *relation;
    resolve_target(made);
  } else if (const std::size_t target = level().query.target;
             target != ReferenceList::kNone && same_letters(list_->at(target).name, made.name)) {
    list_->remove(target);
    level().query.target = level().query.changed = ReferenceList::kNone;
    write_to_query(source);
  }
  aliases_.push_back(std::move(made));
  cursor_.skip_parentheses();
}

// "UPDATE a SET ... FROM t AS a" changes t.
void ReferenceFinder::resolve_target(const Alias& alias) {
  const std::size_t target = level().query.target;
  if (target == ReferenceList::kNone || !same_letters(list_->at(target).name, alias.name)) return;
  const MadeUp* const own = made_up(alias.relation);
  if (own != nullptr || alias.relation.temporary()) {
    list_->remove(target);
    level().query.target = level().query.changed = ReferenceList::kNone;
    if (own != nullptr) write_to_query(own->source);
    return;
  }
  if (alias.reference != ReferenceList::kNone && alias.reference > target) {
    list_->remove(alias.reference);
  }
  if (!list_->rename(target, alias.relation)) level().query.changed = ReferenceList::kNone;
  level().query.target = ReferenceList::kNone;
}

// The innermost of that name.
const ReferenceFinder::MadeUp* ReferenceFinder::made_up(const QualifiedName& name) const {
  if (name.schema) return nullptr;
  for (const std::vector<MadeUp>* names : {&ctes_, &made_up_}) {
    const auto found = std::find_if(names->rbegin(), names->rend(), [&](const MadeUp& own) {
      return same_letters(own.name, name.name);
    });
    if (found != names->rend()) return &*found;
  }
  return nullptr;
}

bool ReferenceFinder::is_alias(std::string_view name) const {
  return std::any_of(aliases_.begin(), aliases_.end(),
                     [&](const Alias& alias) { return same_letters(alias.name, name); });
}

}  // namespace engine::sql
