// TouchReader: tables and views: made, changed, renamed, dropped, and what their foreign keys refer
// to.
#include <algorithm>
#include <utility>

#include "engine/dependency/statement_words.h"
#include "engine/dependency/touch_reader.h"
#include "engine/sql/ascii.h"
#include "engine/sql/procedure_call.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/token_cursor.h"

namespace engine::dependency {

using sql::Statement;
using sql::TokenCursor;

void TouchReader::read_relation(const ObjectRef& object, std::string_view text, Use use) {
  const bool creates = object.action == Action::kCreate;
  const bool drops = object.action == Action::kDrop;
  std::size_t name = creates ? kNone : relation(object.schema, *object.name);
  if (creates || (drops && name == kNone)) {
    name = book_.entry(NameKind::kRelation, object.schema, *object.name);
  }
  if (name == kNone) return;
  if (drops) note_first_drop(name);
  // Grants and comments on a view are gone with it.
  if (drops && dialect_ == Dialect::kPostgresql) book_[name].lenient = false;
  if (creates) note_made(name);
  if (creates && book_[name].made && (object.conditional || creates_if_absent(text, dialect_))) {
    return touch(name, Use::kNeeds);
  }
  if (creates) {
    book_[name].refers.clear();
    book_[name].lenient = is_view(object.type);
    book_[name].rows.clear();
    if (is_view(object.type)) at_.shows = name;
    if (object.type == "foreign_table") read_words(text);
  }
  touch(name, use);
  if (use != Use::kNeeds && (creates || object.type != "view"))
    touch(all_objects_, creates ? Use::kPrecedes : Use::kNeeds);
  if (drops) read_drop(name);
  if (drops) read_cascade(name, text);
  if (drops) touch_referred(name);
}

// A script that can be run again drops what is there, in an order in which that can be dropped, and
// then makes it. Those DROPs keep their order.
void TouchReader::note_first_drop(std::size_t own) {
  if (book_[own].made) return;
  for (const std::size_t view : freed_) touch(view, Use::kNeeds);
  while (!first_drops_.empty() && !book_[first_drops_.back()].awaited) first_drops_.pop_back();
  if (!first_drops_.empty() && first_drops_.back() != own) {
    book_[first_drops_.back()].told = true;
    touch(first_drops_.back(), Use::kNeeds);
  }
  at_.drops_first = true;
  book_[own].awaited = true;
  book_[own].first_drop = first_drops_.size();
  book_[own].defined = definitions_;
  first_drops_.push_back(own);
}

// Not every need is seen, so what is dropped first is made where the source makes it: behind what
// was dropped behind it and is there again, and behind what has been defined in between.
void TouchReader::note_made(std::size_t own) {
  constexpr std::size_t kVeryMany = 64;
  NameBook::Entry& made = book_[own];
  if (!std::exchange(made.awaited, false)) return;
  if (made.defined != definitions_) touch(defined_, Use::kNeeds);
  const std::size_t end = std::min(first_drops_.size(), made.first_drop + kVeryMany);
  for (std::size_t at = made.first_drop + 1; at < end; ++at) {
    const std::size_t other = first_drops_[at];
    if (book_[other].awaited || !book_[other].made) continue;
    return touch(other, Use::kNeeds);
  }
}

void TouchReader::note_definition(Action action) {
  if (first_drops_.empty() || at_.drops_first) return;
  if (action != Action::kCreate && action != Action::kAlter) return;
  ++definitions_;
  touch(defined_, Use::kFollows);
}

// CREATE OR REPLACE VIEW v AS SELECT NULL::int AS i: a view that was there before rests on nothing
// then, so that the DROPs behind it can be done.
void TouchReader::read_replaced(const Statement& statement,
                                const std::vector<Reference>& references) {
  constexpr std::size_t kVeryMany = 64;
  if (dialect_ != Dialect::kPostgresql || freed_.size() >= kVeryMany) return;
  if (book_[at_.shows].maker != kNone || !has_word(statement.in(text_), dialect_, "replace"))
    return;
  const bool rests = std::any_of(references.begin(), references.end(), [](const Reference& one) {
    return one.kind == ReferenceKind::kReads;
  });
  if (rests) return;
  book_[at_.shows].told = true;
  freed_.push_back(at_.shows);
}

// ALTER TABLE t ALTER COLUMN c DROP DEFAULT, before t is dropped and made.
void TouchReader::read_first_change(const ObjectRef& object, std::string_view text) {
  std::size_t own = relation(object.schema, *object.name);
  if (own != kNone && book_[own].made) return;
  if (!has_word(text, dialect_, "drop")) return;
  if (own == kNone) own = book_.entry(NameKind::kRelation, object.schema, *object.name);
  note_first_drop(own);
  touch(own, Use::kMakes);
  gone_.push_back(own);
}

// What an ALTER TABLE does besides: to the rows that are there and those that come.
void TouchReader::read_effect(const Statement& statement) {
  const ObjectRef& object = statement.objects.front();
  const bool constraint = object.type == "constraint";
  const bool table = object.action == Action::kAlter && is_relation(object.type);
  if (object.action == Action::kCreate && !constraint) return;
  if (!constraint && !table) return;
  at_.effect = alter_effect(statement.in(text_), dialect_);
  const auto& name = constraint ? object.parent : object.name;
  const auto& schema = constraint && object.parent_schema ? object.parent_schema : object.schema;
  std::size_t of = name ? relation(schema, *name) : kNone;
  const bool drops_key = constraint && object.action == Action::kDrop;
  // Of a table that was there before; a domain has constraints as well.
  const bool unheard = of == kNone && name && book_.find_all(schema, *name).empty();
  if (unheard && drops_key) of = book_.entry(NameKind::kRelation, schema, *name);
  if (of == kNone || is_view(object.type) || at_.effect.is_harmless()) return;
  touch_checks(of);
  // It may use them no longer then, so that they can be dropped.
  for (const std::size_t one : book_[of].uses) touch(one, Use::kNeeds);
  const bool admits =
      at_.effect.admits || (at_.effect.rechecks && book_[of].is_unchecked) || drops_key;
  book_[of].is_unchecked = book_[of].is_unchecked || at_.effect.admits;
  const std::size_t rows = book_.of_relation(NameKind::kRows, of);
  if (admits || (at_.effect.defaults && book_[rows].maker != kNone)) touch(rows, Use::kMakes);
  if (admits && object.action != Action::kCreate) {  // VALIDATE CONSTRAINT
    for (const std::size_t one : book_[of].refers) touch_rows(one, Use::kEvaluates);
  }
  if (at_.effect.defaults) touch_defaults(of);
  if (!constraint && (at_.effect.admits || at_.effect.unknown)) read_words(statement.in(text_));
  const bool adds_key = constraint && object.action == Action::kCreate && !at_.effect.admits &&
                        !has_column_action(statement.in(text_), dialect_);
  const bool of_others = book_[of].has_relatives && !at_.effect.attaches && !adds_key;
  if (of_others || at_.effect.unknown) touch(all_rows_, Use::kMakes);
}

// Steps may have changed the rows so that they are as it wants them.
void TouchReader::touch_checks(std::size_t relation) {
  touch_rows(relation, Use::kChecks);
  touch(all_rows_, Use::kChecks);
}

void TouchReader::touch_defaults(std::size_t relation) {
  if (book_[relation].defaults == kNone) {
    const std::size_t defaults = book_.of_relation(NameKind::kDefaults, relation);
    book_[defaults].told = true;
    book_[relation].defaults = defaults;
  }
  touch(book_[relation].defaults, Use::kMakes);
}

// Rows of a parent are in its parts, until those are dropped; and what refers to a table may have
// rows then that it would not let in.
void TouchReader::read_cascade(std::size_t relation, std::string_view text) {
  if (book_[relation].has_relatives) {
    remake(relation, all_rows_);
    touch_rows(book_[relation].inherits, Use::kMakes);
  }
  if (!has_word(text, dialect_, "cascade")) return;
  for (std::size_t i = 0; i < book_.size(); ++i) {
    const std::pmr::vector<std::size_t>& refers = book_[i].refers;
    const bool is_one = std::find(refers.begin(), refers.end(), relation) != refers.end();
    if (is_one && book_[i].kind == NameKind::kRelation) touch_rows(i, Use::kMakes);
  }
}

// What names in it mean is not known, but that it needs them.
void TouchReader::read_words(std::string_view text) {
  constexpr std::size_t kMostWords = 256;
  TokenCursor cursor(text, 0, text.size(), dialect_);
  for (std::size_t i = 0; i < kMostWords && !cursor.at_end(); ++i, cursor.advance()) {
    const sql::TokenKind kind = cursor.peek().kind;
    if (kind != sql::TokenKind::kWord && kind != sql::TokenKind::kName) continue;
    const std::string name = sql::catalogue_name(cursor.raw(), kind, dialect_);
    for (const std::size_t one : book_.find_all(std::nullopt, name)) {
      if (book_[one].made && book_[one].kind != NameKind::kRelation) touch(one, Use::kNeeds);
    }
  }
}

void TouchReader::note_relatives(std::size_t one, std::size_t other) {
  if (one == kNone || other == kNone) return;
  book_[one].inherits = other;
  book_[one].has_relatives = book_[other].has_relatives = true;
}

// What hangs on it goes with it: the names are free.
void TouchReader::read_drop(std::size_t relation) {
  gone_.push_back(relation);
  for (const std::size_t child : book_[relation].children) {
    if (!book_[child].made || book_[child].parent != relation) continue;
    touch(child, Use::kMakes);
    gone_.push_back(child);
  }
  book_[relation].children.clear();
}

// While there is a foreign key, what it refers to cannot be changed.
void TouchReader::touch_referred(std::size_t relation) {
  if (relation == kNone) return;
  for (const std::size_t one : book_[relation].refers) touch(one, Use::kNeeds);
}

// What a view is made from cannot be dropped before it is.
void TouchReader::note_shown(std::size_t from) {
  constexpr std::size_t kVeryMany = 64;
  const bool holds = dialect_ == Dialect::kPostgresql || dialect_ == Dialect::kSqlite;
  if (at_.shows == kNone || !holds || from == at_.shows) return;
  std::pmr::vector<std::size_t>& refers = book_[at_.shows].refers;
  const bool known = std::find(refers.begin(), refers.end(), from) != refers.end();
  if (!known && refers.size() < kVeryMany) refers.push_back(from);
}

void TouchReader::note_referred(const ObjectRef& object, std::size_t to) {
  constexpr std::size_t kVeryMany = 64;
  const auto& name = object.parent ? object.parent : object.name;
  const std::size_t from = name ? relation(object.schema, *name) : kNone;
  if (from == kNone || from == to) return;
  std::pmr::vector<std::size_t>& refers = book_[from].refers;
  const bool known = std::find(refers.begin(), refers.end(), to) != refers.end();
  if (known) return;
  if (object.type != "trigger" && reaches(to, from)) close_ring(from, to);
  if (refers.size() < kVeryMany) refers.push_back(to);
}

// Tables that refer to each other: the rows that are there could not be loaded behind the key that
// closes the ring, and those that come do so in turn.
void TouchReader::close_ring(std::size_t from, std::size_t to) {
  mark_volatile(from, &NameBook::Entry::is_volatile);
  touch_rows(from, Use::kMakes);
  touch_rows(to, Use::kMakes);
}

// What a column is made with is there as long as the column is.
void TouchReader::note_used(const ObjectRef& object, std::size_t name) {
  constexpr std::size_t kVeryMany = 64;
  if (!keeps_rows(object.type) || !object.name) return;
  const std::size_t of = relation(object.schema, *object.name);
  if (of == kNone || of == name) return;
  std::pmr::vector<std::size_t>& uses = book_[of].uses;
  const bool known = std::find(uses.begin(), uses.end(), name) != uses.end();
  if (!known && uses.size() < kVeryMany) uses.push_back(name);
  if (book_[name].kind == NameKind::kOther && book_[name].is_volatile)
    mark_volatile(of, &NameBook::Entry::is_volatile);
}

void TouchReader::touch_children(std::size_t relation) {
  if (relation == kNone) return;
  for (const std::size_t child : book_[relation].children) {
    if (!book_[child].made) continue;
    book_[child].told = true;
    touch(child, Use::kNeeds);
  }
}

// ALTER TABLE a ATTACH PARTITION b, ALTER INDEX likewise; ALTER TABLE a INHERIT b; EXCHANGE
// PARTITION p WITH TABLE b, SWITCH TO b, which moves the rows.
void TouchReader::read_partner(const ObjectRef& object, std::string_view text) {
  constexpr std::size_t kHead = 24;
  TokenCursor cursor(text, 0, text.size(), dialect_);
  bool moves = false;
  for (std::size_t word = 0; !cursor.at_end() && word < kHead; cursor.advance(), ++word) {
    moves = moves || cursor.is_any({"exchange", "switch"});
    const bool attaches = cursor.is_any({"attach", "detach"}) && cursor.is("partition", 1);
    const bool with = moves && (cursor.is("to") || (cursor.is("with") && cursor.is("table", 1)));
    if (!attaches && !with && !cursor.is("inherit")) continue;
    if (!cursor.is_any({"inherit", "to"})) cursor.advance();
    cursor.advance();
    const std::optional<sql::QualifiedName> name = sql::read_name(&cursor);
    if (!name) return;
    const auto& schema = name->schema ? name->schema : object.schema;
    for (const std::size_t one : book_.find_all(schema, name->name)) touch(one, Use::kNeeds);
    if (!with) {
      note_relatives(relation(object.schema, *object.name), relation(schema, name->name));
    }
    if (with) touch_rows(relation(schema, name->name), Use::kMakes);
    if (with) touch_rows(relation(object.schema, *object.name), Use::kMakes);
    return;
  }
}

// ALTER TABLE a RENAME TO b, RENAME TABLE a TO b, c TO d, sp_rename 'a', 'b': the new names.
void TouchReader::read_renames(const Statement& statement) {
  const ObjectRef& object = statement.objects.front();
  if (object.action != Action::kAlter) return;
  const std::string_view text = statement.in(text_);
  if (object.name) read_partner(object, text);
  if (!is_relation(object.type)) return read_other_rename(object, text);
  TokenCursor cursor(text, 0, text.size(), dialect_);
  if (cursor.is_any({"exec", "execute"}) && dialect_ == Dialect::kTsql) {
    return read_system_rename(object, &cursor);
  }
  const bool renames = cursor.is("rename");  // TABLE
  for (; !cursor.at_end(); cursor.advance()) {
    const bool whole = cursor.is("rename") && cursor.is_any({"to", "as"}, 1);
    if (!whole && !(renames && cursor.is("to"))) continue;
    if (whole) cursor.advance();
    cursor.advance();
    if (const auto to = sql::read_name(&cursor)) call_relation(object, to->schema, to->name);
  }
}

void TouchReader::read_system_rename(const ObjectRef& object, TokenCursor* cursor) {
  const auto procedure = sql::read_called_procedure(cursor);
  if (!procedure || !sql::equal_words(procedure->name, "sp_rename")) return;
  const sql::SystemRename rename = sql::read_sp_rename(cursor);
  if (rename.new_name.empty() || rename.is_of_part()) return;
  call_relation(object, std::nullopt, rename.new_name);
}

void TouchReader::call_relation(const ObjectRef& object, const std::optional<std::string>& schema,
                                std::string_view new_name) {
  const std::size_t name =
      book_.entry(NameKind::kRelation, schema ? schema : object.schema, new_name);
  book_[name].told = true;
  book_[name].lenient = is_view(object.type);
  touch(name, Use::kMakes);
  const std::size_t old = relation(object.schema, *object.name);
  if (old != kNone && old != name) rename(old, name);
}

void TouchReader::rename(std::size_t from, std::size_t to) {
  book_[from].told = true;
  gone_.push_back(from);
  book_[to].rows = book_[from].rows;
  book_[to].has_relatives = book_[from].has_relatives;
  book_[to].before = book_[from].before;
  book_[to].counters = book_[from].counters;
  book_[to].is_volatile = book_[from].is_volatile;
  book_[to].on_change = book_[from].on_change;
  book_[to].children = std::exchange(book_[from].children, {});
  for (const std::size_t child : book_[to].children) book_[child].parent = to;
}

}  // namespace engine::dependency
