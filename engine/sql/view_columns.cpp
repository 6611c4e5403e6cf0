#include "engine/sql/view_columns.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/sql/ascii.h"
#include "engine/sql/reference_list.h"
#include "engine/sql/view_query.h"

namespace engine::sql {
namespace {

// To the begin of the query; the columns that the head names.
std::vector<std::string> read_head(TokenCursor* cursor) {
  std::vector<std::string> columns;
  while (!cursor->at_end() && !cursor->accept("view")) cursor->advance();
  cursor->accept_all({"if", "not", "exists"});
  read_name(cursor);
  if (cursor->accept_symbol('(')) {
    while (!cursor->at_end() && !cursor->accept_symbol(')')) {
      const TokenKind kind = cursor->peek().kind;
      if (kind == TokenKind::kWord || kind == TokenKind::kName) {
        columns.push_back(catalogue_name(cursor->raw(), kind, cursor->dialect()));
      }
      while (!cursor->at_end() && !cursor->is_symbol(',') && !cursor->is_symbol(')')) {
        cursor->advance();  // COMMENT 'text' behind a column
      }
      cursor->accept_symbol(',');
    }
  }
  while (!cursor->at_end() && !cursor->accept("as")) cursor->advance();
  return columns;
}

class ColumnFinder {
 public:
  ColumnFinder(const ViewQuery& query, std::span<Reference> references)
      : scopes_(query.scopes()), mentions_(query.mentions()), references_(references) {
    found_.resize(references.size());
    for (const ViewScope& scope : scopes_) {
      std::vector<Relation>& relations = relations_.emplace_back();
      for (const ViewRelation& one : scope.relations) relations.push_back({&one, columns_of(one)});
    }
  }

  void find() {
    for (std::size_t i = 0; i < scopes_.size(); ++i) {
      if (scopes_[i].unclear) may_read_more(i);
    }
    for (std::size_t i = 0; i < mentions_.size(); ++i) resolve(i);
    for (std::size_t i = 0; i < references_.size(); ++i) write(found_[i], &references_[i]);
  }

 private:
  struct Columns {
    std::vector<std::pair<std::string_view, std::string_view>> shown;  // the view's, the relation's
    std::vector<std::string_view> read;
    bool all = false;
  };
  struct Relation {
    const ViewRelation* said;
    Columns* columns;  // what is known of its columns; null where no source defines it
  };

  Columns* columns_of(const ViewRelation& relation) {
    if (!relation.is_table) return nullptr;
    const std::optional<std::string> database = database_of(relation.name);
    for (std::size_t i = 0; i < references_.size(); ++i) {
      const Reference& one = references_[i];
      if (one.kind == ReferenceKind::kReads && one.name == relation.name.name &&
          one.schema == relation.name.schema && one.database == database) {
        return &found_[i];
      }
    }
    return nullptr;
  }

  static void add(const Relation& relation, const ViewMention& mention) {
    Columns* const columns = relation.columns;
    if (columns == nullptr) return;
    if (relation.said->renamed || mention.column == "*") {
      columns->all = true;
    } else if (mention.shown_as.empty()) {
      columns->read.push_back(mention.column);
    } else {
      columns->shown.emplace_back(mention.shown_as, mention.column);
    }
  }

  static void may_read_all(const Relation& relation) {
    if (relation.columns != nullptr) relation.columns->all = true;
  }

  void may_read_more(std::size_t scope) {
    for (; scope != ViewScope::kNone; scope = scopes_[scope].outer) {
      for (const Relation& relation : relations_[scope]) may_read_all(relation);
    }
  }

  void resolve(std::size_t index) {
    const ViewMention& mention = mentions_[index];
    if (mention.relations > 0) return resolve_merged(index);
    if (!mention.qualifier.empty()) {
      const Relation* const relation = called(mention);
      return relation == nullptr ? may_read_more(mention.scope) : add(*relation, mention);
    }
    if (mention.column == "*") {
      for (const Relation& relation : relations_[mention.scope]) may_read_all(relation);
      return;
    }
    resolve_bare(mention);
  }

  // Of a name alone: where one relation can be seen it is that one's.
  void resolve_bare(const ViewMention& mention) {
    const Relation* only = nullptr;
    std::size_t seen = 0;
    for (std::size_t scope = mention.scope; scope != ViewScope::kNone;
         scope = scopes_[scope].outer) {
      const std::vector<std::string_view>& merged = scopes_[scope].merged;
      if (std::find(merged.begin(), merged.end(), mention.column) != merged.end()) return;
      for (const Relation& relation : relations_[scope]) {
        only = &relation;
        ++seen;
      }
    }
    if (seen == 0) return;
    const bool whole_row = seen == 1 && same_letters(only->said->alias, mention.column);
    if (seen > 1 || whole_row) return may_read_more(mention.scope);
    add(*only, mention);
  }

  // Of JOIN ... USING: of the relation before it, and of one of those before that.
  void resolve_merged(std::size_t index) {
    const ViewMention& mention = mentions_[index];
    const std::vector<Relation>& relations = relations_[mention.scope];
    add(relations[mention.relations - 1], mention);
    if (mention.relations == 2) return add(relations[0], mention);
    for (std::size_t i = 0; i < index; ++i) {
      const ViewMention& before = mentions_[i];
      const bool merged = before.relations > 0 && before.scope == mention.scope;
      if (merged && before.column == mention.column) return;  // of those that were merged
    }
    for (std::size_t i = 0; i + 1 < mention.relations; ++i) may_read_all(relations[i]);
  }

  const Relation* called(const ViewMention& mention) const {
    for (std::size_t scope = mention.scope; scope != ViewScope::kNone;
         scope = scopes_[scope].outer) {
      for (const Relation& relation : relations_[scope]) {
        const ViewRelation& said = *relation.said;
        if (!same_letters(said.alias, mention.qualifier)) continue;
        if (mention.schema.empty()) return &relation;
        const bool own_name =
            !said.has_alias && said.name.schema && same_letters(*said.name.schema, mention.schema);
        if (own_name) return &relation;
      }
    }
    return nullptr;
  }

  static void write(const Columns& columns, Reference* reference) {
    std::vector<std::string>& targets = reference->target_columns;
    for (const auto& [own, target] : columns.shown) {
      bool told = false;
      for (std::size_t i = 0; i < targets.size(); ++i) {
        told = told || (targets[i] == target && reference->columns[i] == own);
      }
      if (told) continue;
      reference->columns.emplace_back(own);
      targets.emplace_back(target);
    }
    const auto add = [&](std::string_view target) {
      const bool told = std::find(targets.begin(), targets.end(), target) != targets.end();
      if (!told) targets.emplace_back(target);
    };
    for (const std::string_view target : columns.read) add(target);
    if (columns.all) add("*");
  }

  const std::vector<ViewScope>& scopes_;
  const std::vector<ViewMention>& mentions_;
  const std::span<Reference> references_;
  std::vector<Columns> found_;                    // of each reference
  std::vector<std::vector<Relation>> relations_;  // of each scope
};

}  // namespace

void read_view_columns(std::string_view text, std::size_t begin, std::size_t end, Dialect dialect,
                       std::span<Reference> references) {
  TokenCursor cursor(text, begin, end, dialect);
  std::vector<std::string> columns = read_head(&cursor);
  ViewQuery query(&cursor, std::move(columns));
  query.read();
  if (!query.is_too_long()) return ColumnFinder(query, references).find();
  for (Reference& reference : references) {
    if (reference.kind == ReferenceKind::kReads) reference.target_columns = {"*"};
  }
}

}  // namespace engine::sql
