#include "engine/sql/reference_finder.h"

#include <algorithm>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/word_set.h"

namespace engine::sql {
namespace {

constexpr std::size_t kNone = ReferenceList::kNone;
constexpr std::size_t kDeepest = 4096;  // parentheses; deeper ones are nobody's SQL

// Methods of T-SQL's xml type and of collections: their names are no routine's.
constexpr std::string_view kMethodsText =
    "count delete exist exists extend first getclobval getstringval last limit modify next nodes "
    "prior query trim value";
constexpr WordSet<count_words(kMethodsText)> kMethods(kMethodsText);

// What a server makes up itself.
constexpr std::string_view kPseudoTablesText = "deleted dual excluded inserted new old sysdummy1";
constexpr WordSet<count_words(kPseudoTablesText)> kPseudoTables(kPseudoTablesText);

}  // namespace

ReferenceFinder::ReferenceFinder(std::string_view text, std::size_t begin, std::size_t end,
                                 Dialect dialect, bool procedural, ReferenceList* list)
    : text_(text),
      dialect_(dialect),
      procedural_(procedural),
      list_(list),
      cursor_(text, begin, end, dialect),
      levels_(1) {}

void ReferenceFinder::read() {
  while (!cursor_.at_end()) {
    const Token token = cursor_.peek();
    const Level& now = level();
    if (now.expect != Expect::kNothing && token.kind != TokenKind::kSymbol) {
      read_relation();
    } else if (reads_types_at_start()) {
      read_element();
    } else if (token.kind == TokenKind::kWord) {
      word();
    } else if (token.kind == TokenKind::kName) {
      name();
    } else if (token.kind == TokenKind::kString) {
      literal();
    } else if (cursor_.is_symbol('(')) {
      Level inner;
      if (now.expect != Expect::kNothing) {
        // "FROM (a JOIN b ...)" or "FROM (SELECT ...) alias"
        inner.expect = Expect::kRelation;
        inner.in_from = true;
        level().expect = Expect::kNothing;
        inner.relation = true;
      }
      open(std::move(inner));
    } else if (cursor_.is_symbol(')')) {
      close();
    } else if (cursor_.is_symbol(',')) {
      comma();
    } else if (cursor_.is_symbol(';')) {
      end_statement();
    } else {
      const bool cast = cursor_.is_symbol(':') && cursor_.is_symbol(':', 1);
      cursor_.advance();
      previous_ = {};
      if (cast) {
        cursor_.advance();
        read_type();
      }
    }
  }
  const bool sql = language_.empty() ? dialect_ == Dialect::kSnowflake || head_ == Head::kNone
                                     : language_ == "sql" || language_ == "plpgsql";
  if (sql) bodies_ = literals_;
}

// At "(".
void ReferenceFinder::open(Level next) {
  cursor_.advance();
  previous_ = {};
  next.ctes = made_up_.size();
  next.aliases = aliases_.size();
  next.element_start = next.elements != Elements::kNone;
  if (levels_.size() < kDeepest) levels_.push_back(std::move(next));
}

// At ")".
void ReferenceFinder::close() {
  cursor_.advance();
  previous_ = {};
  if (levels_.size() == 1) return;
  const Level closed = std::move(level());
  levels_.pop_back();
  made_up_.resize(std::min(made_up_.size(), closed.ctes));
  aliases_.resize(std::min(aliases_.size(), closed.aliases));
  Level& now = level();
  if (!now.cte.empty()) {
    made_up_.push_back(std::exchange(now.cte, {}));
    now.ctes_follow = cursor_.is_symbol(',');
  } else if (closed.relation) {
    read_alias(nullptr, kNone);
  }
  if (closed.elements == Elements::kParameters && cursor_.is("return")) {
    cursor_.advance();
    read_type();
  }
}

void ReferenceFinder::comma() {
  cursor_.advance();
  previous_ = ",";
  Level& now = level();
  if (now.ctes_follow) {
    read_with();
  } else if (now.in_from) {
    now.expect = Expect::kRelation;
  }
  now.element_start = now.elements != Elements::kNone;
}

// At ";": of a statement in a body, or the last one.
void ReferenceFinder::end_statement() {
  cursor_.advance();
  previous_ = {};
  levels_.resize(1);
  level() = Level{};
  aliases_.clear();
  statement_start_ = true;
}

void ReferenceFinder::start(Verb verb) {
  Level& now = level();
  now.verb = verb;
  now.expect = Expect::kNothing;
  now.in_from = now.joined = now.ctes_follow = now.several = false;
  now.cases = 0;
  now.target = kNone;
  now.elements = Elements::kNone;
}

void ReferenceFinder::word() {
  const bool qualified = cursor_.is_symbol('.', 1);
  const ReferenceWord meaning =
      qualified ? ReferenceWord::kNone : reference_word(cursor_.raw(), dialect_);
  const bool calls_copy = meaning == ReferenceWord::kCopy && cursor_.is_symbol('(', 1) &&
                          !cursor_.is_any({"select", "values", "with"}, 2);
  if (meaning == ReferenceWord::kNone || calls_copy) return name();
  statement_start_ = false;
  const std::string_view before = std::exchange(previous_, cursor_.raw());
  cursor_.advance();
  clause(meaning, before);
}

// A chain of names outside every place that names a relation: a column, a variable, a routine.
void ReferenceFinder::name() {
  const bool starts = std::exchange(statement_start_, false);
  const std::string_view first = cursor_.raw();
  std::size_t tokens = 1;
  while (tokens + 2 < 8 && cursor_.is_symbol('.', tokens)) {
    const TokenKind kind = cursor_.peek(tokens + 1).kind;
    if (kind != TokenKind::kWord && kind != TokenKind::kName) break;
    tokens += 2;
  }
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
    if (equal_words(first, "constraint")) {
      if (const auto own = read_name(&cursor_)) constraint_ = own->name;
    } else if (equal_words(first, "foreign") && cursor_.accept("key")) {
      if (!cursor_.is_symbol('(')) read_name(&cursor_);  // MySQL: of its index
      key_columns_ = read_columns();
    } else if (equal_words(first, "inherit")) {
      read_names(ReferenceKind::kInherits);
    }
  }
  previous_ = first;
}

// Oracle's "BEGIN p; pkg.q; END;": the next `tokens` tokens are a name.
bool ReferenceFinder::is_bare_call(std::size_t tokens, bool starts) {
  if (dialect_ != Dialect::kOracle || declaring_ || levels_.size() > 1) return false;
  if (!cursor_.is_symbol(';', tokens)) return false;
  return starts || equal_words(previous_, "begin") || equal_words(previous_, "then") ||
         equal_words(previous_, "else") || equal_words(previous_, "loop");
}

// The next `tokens` tokens are a name that is called.
void ReferenceFinder::call(std::size_t tokens) {
  const std::string_view last = cursor_.raw(tokens - 1);
  const std::size_t position = cursor_.peek().begin;
  const bool plain = cursor_.peek().kind == TokenKind::kWord && tokens == 1;
  const bool method = tokens > 1 && (kMethods.contains(last) || is_alias(cursor_.raw()));
  const bool sequence =
      equal_words(last, "nextval") || equal_words(last, "currval") || equal_words(last, "setval");
  const bool variable = cursor_.raw()[0] == '@' || cursor_.raw()[0] == '#';
  if ((plain && (is_no_routine(last) || is_builtin_type(last))) || method || variable) {
    for (; tokens > 0; --tokens) cursor_.advance();
    return;
  }
  if (const auto routine = read_name(&cursor_)) {
    if (sequence) return read_sequence_literal();
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

void ReferenceFinder::literal() {
  const Token token = cursor_.peek();
  const bool body = equal_words(previous_, "as") || equal_words(previous_, "do") ||
                    (head_ == Head::kRoutine && text_[token.begin] == '$');
  if (body && levels_.size() == 1) literals_.push_back({token.begin, token.end});
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
  const bool target = now.expect == Expect::kTarget;
  now.expect = Expect::kNothing;
  if (cursor_.is_any({"select", "with", "values", "table", "set"}) && !cursor_.is_symbol('.', 1)) {
    if (cursor_.is("table") && cursor_.is_symbol('(', 1)) cursor_.advance();
    return;  // a query in parentheses, or none at all
  }
  const std::size_t position = cursor_.peek().begin;
  const auto relation = read_name(&cursor_);
  if (!relation) {
    cursor_.advance();
    return;
  }
  if (cursor_.accept_symbol('@')) read_name(&cursor_);  // Oracle: over a database link
  const bool hint =
      dialect_ == Dialect::kTsql && cursor_.is_symbol('(') && is_table_hint(cursor_.raw(1));
  if (cursor_.is_symbol('(') && !hint && !target) {
    const bool method = kMethods.contains(relation->name) && relation->schema;
    if (!method && !is_builtin_type(relation->name)) {
      list_->add(ReferenceKind::kCalls, *relation, position, true);
    }
    Level arguments;
    arguments.relation = true;
    return open(std::move(arguments));
  }
  std::size_t reference = kNone;
  const bool pseudo = !relation->schema && kPseudoTables.contains(relation->name);
  if (!relation->temporary() && !pseudo && !is_made_up(*relation)) {
    reference =
        list_->add(target ? ReferenceKind::kWrites : ReferenceKind::kReads, *relation, position);
  }
  if (target && !relation->schema) now.target = reference;
  if (hint) cursor_.skip_parentheses();
  if (!target || now.verb != Verb::kInsert || cursor_.is("as")) {
    read_alias(&*relation, target ? kNone : reference);
  }
}

// Behind a relation (null: a query in parentheses): [AS] alias [(columns)].
void ReferenceFinder::read_alias(const QualifiedName* relation, std::size_t reference) {
  previous_ = {};
  const bool as = cursor_.is("as") && !cursor_.is("of", 1);
  const TokenKind kind = cursor_.peek(as).kind;
  const bool alias = kind == TokenKind::kName ||
                     (kind == TokenKind::kWord && (as || !is_no_alias(cursor_.raw(as))));
  if (!alias || cursor_.is("select", as)) return;
  if (as) cursor_.advance();
  Alias made{catalogue_name(cursor_.raw(), cursor_.peek().kind, dialect_), reference, {}};
  cursor_.advance();
  if (relation != nullptr) {
    made.relation = *relation;
    resolve_target(made);
  }
  aliases_.push_back(std::move(made));
  cursor_.skip_parentheses();
}

// "UPDATE a SET ... FROM t AS a" changes t.
void ReferenceFinder::resolve_target(const Alias& alias) {
  const std::size_t target = level().target;
  if (target == kNone || !same_letters(list_->at(target).name, alias.name)) return;
  Reference& write = list_->at(target);
  write.database = alias.relation.database;
  write.schema = alias.relation.schema;
  write.name = alias.relation.name;
  if (alias.reference != kNone && alias.reference > target) list_->remove(alias.reference);
  level().target = kNone;
}

bool ReferenceFinder::is_made_up(const QualifiedName& name) const {
  if (name.schema) return false;
  return std::any_of(made_up_.begin(), made_up_.end(),
                     [&](const std::string& own) { return same_letters(own, name.name); });
}

bool ReferenceFinder::is_alias(std::string_view name) const {
  return std::any_of(aliases_.begin(), aliases_.end(),
                     [&](const Alias& alias) { return same_letters(alias.name, name); });
}

}  // namespace engine::sql
