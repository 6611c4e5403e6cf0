// TouchReader: rows, and the steps of a script that may change them.
#include <algorithm>

#include "engine/dependency/conflict_words.h"
#include "engine/dependency/statement_words.h"
#include "engine/dependency/touch_reader.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/token_cursor.h"

namespace engine::dependency {

using sql::Statement;

void TouchReader::read_rows(const Statement& statement) {
  const bool on_keys = rest_on_keys(statement.in(text_));
  const bool quiet = loads_quietly(statement.in(text_), dialect_);
  // Rows that take the place of others are changed or deleted besides.
  const Use by_use = on_keys ? Use::kMakes : quiet ? Use::kLoads : Use::kFills;
  const bool commands = commands_index(statement, text_, dialect_);
  bool acts = false;
  if (statement.rows == 0) read_key_use(statement.in(text_));
  const auto fill = [&](const std::optional<std::string>& schema, std::string_view name) {
    std::size_t of = relation(schema, name);
    if (of == kNone) of = book_.entry(NameKind::kRelation, schema, name);
    touch(of, Use::kEvaluates);
    // LOCK TABLES t, and no rows: whose t it is no object tells.
    if (statement.objects.empty() && contexts_.size() > 1) book_[of].told = true;
    touch_rows(of, by_use);
    touch_rows_of_parents(of, by_use);
    const bool complete = statement.rows != 0;  // COPY names its columns
    if (!complete && book_[of].defaults != kNone) touch(book_[of].defaults, Use::kEvaluates);
    for (const std::size_t numbers : counters_of(statement, of)) touch(numbers, Use::kMakes);
    acts = acts || acts_on_others(of, on_keys);
    touch_fired(of);
    for (const std::size_t one : book_[of].refers) {
      if (dialect_ == Dialect::kSqlite) touch(one, Use::kNeeds);  // it may come later
      touch_rows(one, Use::kNeeds);
    }
    if (on_keys) touch_told_keys(of);
    if (on_keys) touch_following(of);
    if (holds_counters(name, dialect_)) touch(all_sequences_, Use::kMakes);
  };
  if (statement.objects.empty()) fill(statement.owner_schema, statement.owner_name);
  for (const ObjectRef& object : statement.objects) {
    if (object.name) fill(object.schema, *object.name);
  }
  // A command reads a table that is named in a string, and code anything.
  if (commands || acts) touch(all_objects_, Use::kMakes);
  const bool of_others = commands || at_.takes_last_key || acts;
  touch(all_rows_, of_others ? Use::kMakes : Use::kEvaluates);
  touch(all_sequences_, Use::kEvaluates);
  touch(settings_, Use::kEvaluates);
  read_context(statement);
}

bool TouchReader::fills(std::size_t relation) {
  const std::size_t rows = book_.of_relation(NameKind::kRows, relation);
  return std::any_of(touches_.begin(), touches_.end(),
                     [rows](const Touch& one) { return one.name == rows && one.makes(); });
}

void TouchReader::touch_rows(std::size_t relation, Use use) {
  if (relation != kNone) touch(book_.of_relation(NameKind::kRows, relation), use);
}

// A parent shows the rows of its children, and its rows may lie in them.
void TouchReader::touch_rows_of_parents(std::size_t relation, Use use) {
  if (relation == kNone) return;
  book_.each_of_lineage(book_[relation].inherits,
                        [&](std::size_t parent) { touch_rows(parent, use); });
}

void TouchReader::touch_keys(std::size_t relation, Use use) {
  if (relation == kNone) return;
  const std::size_t keys = book_.of_relation(NameKind::kKeys, relation);
  book_[keys].lenient = true;
  touch(keys, use);
}

// No name tells that they are needed.
void TouchReader::touch_told_keys(std::size_t relation) {
  touch_keys(relation, Use::kNeeds);
  if (relation != kNone) book_[book_.of_relation(NameKind::kKeys, relation)].told = true;
}

// What stands for the foreign keys that change rows with those of `relation`.
std::size_t TouchReader::actions_on(std::size_t relation) {
  const std::size_t at =
      book_.entry(NameKind::kOther, std::nullopt, std::to_string(relation), "actions");
  book_[at].told = book_[at].made = true;
  return at;
}

void TouchReader::note_following(const ObjectRef& object, std::size_t to) {
  constexpr std::size_t kVeryMany = 64;
  knows_actions_ = true;
  touch(actions_on(to), Use::kNeeds);
  const auto& name = object.parent ? object.parent : object.name;
  const std::size_t from = name ? relation(object.schema, *name) : kNone;
  std::pmr::vector<std::size_t>& follow = book_[to].follow;
  const bool known = std::find(follow.begin(), follow.end(), from) != follow.end();
  if (from != kNone && !known && follow.size() < kVeryMany) follow.push_back(from);
}

// Rows of other tables are changed with those that are changed or deleted.
void TouchReader::touch_following(std::size_t relation) {
  constexpr std::size_t kVeryMany = 64;
  if (!knows_actions_) return;
  std::vector<std::size_t> all = {relation};
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) touch_rows(all[i], Use::kMakes);
    if (book_[all[i]].follow.empty()) continue;
    touch(actions_on(all[i]), Use::kMakes);
    for (const std::size_t one : book_[all[i]].follow) {
      const bool known = std::find(all.begin(), all.end(), one) != all.end();
      if (!known && all.size() < kVeryMany) all.push_back(one);
    }
  }
}

// What the triggers of that table run is run as it is, and what they write to has triggers as well.
void TouchReader::touch_fired(std::size_t relation) {
  constexpr std::size_t kVeryMany = 16;
  std::vector<std::size_t> fired = {relation};
  for (std::size_t i = 0; i < fired.size(); ++i) {
    if (i > 0) touch_rows(fired[i], Use::kFills);
    for (const std::size_t child : std::vector(book_[fired[i]].children)) {
      if (!book_[child].made) continue;
      for (const std::size_t one : book_[child].refers) {
        book_[one].told = true;
        touch(one, Use::kEvaluates);
        const bool known = std::find(fired.begin(), fired.end(), one) != fired.end();
        const bool writes = book_[one].kind == NameKind::kRelation && !known;
        if (writes && fired.size() < kVeryMany) fired.push_back(one);
      }
    }
  }
}

void TouchReader::note_fired(const ObjectRef& object, std::size_t runs) {
  constexpr std::size_t kVeryMany = 16;
  if (object.type != "trigger" || !object.name || book_[runs].kind != NameKind::kRoutine) return;
  std::pmr::vector<std::size_t>& all = book_[child_entry(object)].refers;
  if (all.size() < kVeryMany) all.push_back(runs);
}

// The relation as it is, and the rows that it has or shows.
void TouchReader::evaluate(std::size_t relation) {
  if (relation == kNone) return;
  touch(relation, Use::kEvaluates);
  touch(all_rows_, Use::kEvaluates);
  touch(settings_, Use::kEvaluates);
  touch_rows(relation, Use::kEvaluates);
  touch_rows_of_parents(relation, Use::kEvaluates);
  for (const std::size_t rows : std::vector(book_[relation].rows)) touch(rows, Use::kEvaluates);
}

// CLUSTER and REINDEX name an index, REFRESH MATERIALIZED VIEW CONCURRENTLY goes by unique ones.
void TouchReader::read_indexes(std::string_view text) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect_);
  if (dialect_ == Dialect::kPostgresql && cursor.is_any({"cluster", "reindex"})) {
    const bool marks = cursor.accept("cluster");
    cursor.accept("verbose");
    const std::optional<sql::QualifiedName> name = sql::read_name(&cursor);
    if (marks && name) touch_cluster(relation(name->schema, name->name));
    return read_words(text);
  }
  if (!cursor.accept_all({"refresh", "materialized", "view", "concurrently"})) return;
  const std::optional<sql::QualifiedName> name = sql::read_name(&cursor);
  if (name) touch_told_keys(relation(name->schema, name->name));
}

// CLUSTER t USING i, ALTER TABLE t CLUSTER ON i: the last one holds.
void TouchReader::touch_cluster(std::size_t relation) {
  if (relation == kNone) return;
  const std::string of = std::to_string(relation);
  const std::size_t mark = book_.entry(NameKind::kOther, std::nullopt, of, "cluster");
  book_[mark].told = true;
  touch(mark, Use::kMakes);
}

// What a step does to rows is not known, but that a setting of the session does nothing itself.
void TouchReader::read_step(const Statement& statement) {
  const std::string_view text = statement.in(text_);
  if (statement.transaction) {
    touch(settings_, Use::kMakes);
    if (statement.transaction.ends()) touch(all_rows_, Use::kMakes);
    return;
  }
  if (runs_program(text, dialect_)) touch(all_objects_, Use::kMakes);
  read_deferred(text);
  read_indexes(text);
  read_owned(text);
  if (sets_encoding(text, dialect_)) touch(all_encodings_, Use::kMakes);
  if (changes_defaults(text, dialect_)) return touch(all_grants_, Use::kMakes);
  const bool setting = changes_setting(text, dialect_);
  if (changes_context(text, dialect_)) change_context(text);
  touch(settings_, setting ? Use::kMakes : Use::kEvaluates);
  if (!may_touch_rows(text, dialect_)) return;
  read_key_use(text);
  touch(all_rows_, keeps_rows_of_tables(text, dialect_) ? Use::kFills : Use::kMakes);
  touch(all_sequences_, Use::kMakes);
}

// SET CONSTRAINTS a, b DEFERRED.
void TouchReader::read_deferred(std::string_view text) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect_);
  if (!cursor.accept("set") || !cursor.accept("constraints")) return;
  do {
    const std::optional<sql::QualifiedName> name = sql::read_name(&cursor);
    if (!name) return;
    for (const std::size_t one : book_.find_all(std::nullopt, name->name)) {
      if (book_[one].kind == NameKind::kOther && book_[one].made) touch(one, Use::kNeeds);
    }
  } while (cursor.accept_symbol(','));
}

// DROP OWNED BY a, REASSIGN OWNED BY a TO b.
void TouchReader::read_owned(std::string_view text) {
  sql::TokenCursor cursor(text, 0, text.size(), dialect_);
  if (!cursor.is_any({"drop", "reassign"}) || !cursor.is("owned", 1)) return;
  touch(single_grants_, Use::kMakes);
  for (; !cursor.at_end(); cursor.advance()) {
    if (cursor.peek().kind != sql::TokenKind::kWord && cursor.peek().kind != sql::TokenKind::kName)
      continue;
    const std::string name = sql::catalogue_name(cursor.raw(), cursor.peek().kind, dialect_);
    for (const std::size_t one : book_.find_all(std::nullopt, name)) touch(one, Use::kNeeds);
  }
}

}  // namespace engine::dependency
