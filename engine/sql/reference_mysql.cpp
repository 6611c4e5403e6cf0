// ReferenceFinder: MySQL's changes of several tables in one statement.
#include <algorithm>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/reference_finder.h"

namespace engine::sql {
namespace {

bool is_named(const std::vector<std::string>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& one) { return same_letters(one, name); });
}

}  // namespace

// DELETE a, b.* FROM t AS a JOIN b; DELETE FROM a, b USING t AS a JOIN b. Behind DELETE; to the
// FROM or USING that brings the relations. Of one table alone nothing is read, and false.
bool ReferenceFinder::read_deleted() {
  TokenCursor ahead = cursor_;
  const bool behind_from = ahead.accept("from");
  std::vector<std::string> names;
  do {
    auto name = read_name(&ahead);
    if (!name) return false;
    if (ahead.accept_symbol('.')) ahead.accept_symbol('*');
    names.push_back(std::move(name->name));
  } while (ahead.accept_symbol(','));
  const bool goes_on = behind_from ? ahead.is("using") : ahead.is("from");
  if (!goes_on) return false;
  deleted_ = std::move(names);
  cursor_ = ahead;
  return true;
}

// Behind a relation of such a statement and its alias, if there were only `aliases` before.
void ReferenceFinder::delete_from(const QualifiedName& relation, std::size_t aliases,
                                  std::size_t reference) {
  const std::string& name = aliases < aliases_.size() ? aliases_.back().name : relation.name;
  if (!is_named(deleted_, name) || relation.temporary() || is_made_up(relation)) return;
  if (reference != ReferenceList::kNone) list_->remove(reference);
  list_->add(ReferenceKind::kWrites, relation, cursor_.peek().begin);
}

// UPDATE t JOIN u AS b ON ... SET b.x = 1: behind SET. Which of them are changed stands there.
void ReferenceFinder::read_assigned() {
  const Query& now = level().query;
  if (now.verb != Verb::kUpdate || !(now.joined || now.several)) return;
  std::vector<std::string> tables;
  bool begins = true;
  for (TokenCursor ahead = cursor_; !ahead.at_end() && !ahead.is_symbol(';');) {
    if (ahead.is_any({"limit", "order", "where"})) break;
    if (std::exchange(begins, false)) {
      const auto column = read_name(&ahead);
      if (!column || !column->schema) return;  // of which table nobody knows: of the first
      if (!is_named(tables, *column->schema)) tables.push_back(*column->schema);
    } else if (ahead.is_symbol('(')) {
      ahead.skip_parentheses();
    } else {
      begins = ahead.is_symbol(',');
      ahead.advance();
    }
  }
  assign_to(tables);
}

void ReferenceFinder::assign_to(const std::vector<std::string>& tables) {
  const std::size_t first = level().query.changed;
  if (first != ReferenceList::kNone) {
    const Reference target = list_->at(first);
    const auto alias = std::find_if(aliases_.begin(), aliases_.end(), [&](const Alias& one) {
      return one.relation.name == target.name && one.relation.schema == target.schema;
    });
    if (!is_named(tables, alias == aliases_.end() ? target.name : alias->name)) {
      list_->remove(first);
      QualifiedName read;
      read.schema = target.schema;
      read.name = target.name;
      list_->add(ReferenceKind::kReads, read, cursor_.peek().begin);
    }
  }
  for (const std::string& table : tables) {
    QualifiedName written;
    if (const QualifiedName* const relation = called(table)) {
      written = *relation;
    } else {
      const auto& all = list_->references();
      const auto same = std::find_if(all.rbegin(), all.rend(), [&](const Reference& one) {
        return same_letters(one.name, table) &&
               (one.kind == ReferenceKind::kReads || one.kind == ReferenceKind::kWrites);
      });
      if (same == all.rend()) continue;
      written.schema = same->schema;
      written.name = same->name;
    }
    if (written.name.empty() || is_made_up(written)) continue;
    list_->add(ReferenceKind::kWrites, written, cursor_.peek().begin);
  }
}

// The relation of that alias; without a name where it is a query.
const QualifiedName* ReferenceFinder::called(std::string_view name) const {
  const auto alias = std::find_if(aliases_.rbegin(), aliases_.rend(),
                                  [&](const Alias& one) { return same_letters(one.name, name); });
  return alias == aliases_.rend() ? nullptr : &alias->relation;
}

}  // namespace engine::sql
