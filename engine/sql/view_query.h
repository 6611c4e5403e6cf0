// ViewQuery: the relations that each query of a view's text reads, and the columns it names, as
// they stand there. Which relation a column is of is asked when all of it has been read: the list
// of relations stands behind the columns.
//
// Thread contract: confined to one thread; borrows the cursor's text.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/sql/qualified_name.h"
#include "engine/sql/token_cursor.h"

namespace engine::sql {

struct ViewRelation {
  QualifiedName name;
  std::string alias;  ///< its own name where the text gives it none
  bool has_alias = false;
  bool is_table = false;  ///< a name in FROM; else a query, a function, a CTE
  bool renamed = false;   ///< FROM t AS a (x, y): its columns have other names
};

/// A query in parentheses, a part of a UNION, or all of it.
struct ViewScope {
  static constexpr std::size_t kNone = ~std::size_t{0};

  std::size_t outer = kNone;        ///< whose relations it may name too
  std::size_t surrounding = kNone;  ///< whose CTEs it may read
  std::vector<ViewRelation> relations;
  std::vector<std::string> ctes;
  std::vector<std::string_view> merged;  ///< columns of JOIN ... USING
  bool unclear = false;                  ///< it may name columns that nobody found
};

/// Its names are parts of the text, or the query's.
struct ViewMention {
  std::size_t scope = 0;
  std::size_t relations = 0;   ///< of JOIN ... USING: how many of its scope stand before it; else 0
  std::string_view schema;     ///< empty where it is not written,
  std::string_view qualifier;  ///< and this
  std::string_view column;     ///< "*": all of them
  std::string_view shown_as;   ///< the view's column that is nothing else; empty elsewhere
};

class ViewQuery {
 public:
  /// `cursor` at the begin of the query; `columns` as the view's head names them.
  ViewQuery(TokenCursor* cursor, std::vector<std::string> columns)
      : cursor_(*cursor), dialect_(cursor->dialect()), columns_(std::move(columns)) {}

  void read() { read_query(ViewScope::kNone, ViewScope::kNone, true); }

  /// It names so many columns and relations that it was not read to its end.
  bool is_too_long() const { return entries_ > kMostEntries; }
  const std::vector<ViewScope>& scopes() const { return scopes_; }
  const std::vector<ViewMention>& mentions() const { return mentions_; }

 private:
  // Whose each is, is looked for among all: so many cost nothing that anybody would see.
  static constexpr std::size_t kMostEntries = 4096;

  enum class Clause { kSelect, kFrom, kCondition, kGroup, kOrder };
  enum class Paren { kExpression, kJoin, kCast, kFunction };

  // How far the reading of one query has come.
  struct Place {
    std::size_t scope = 0;
    bool outermost = false;  // its columns are the view's
    bool is_union = false;
    Clause clause = Clause::kSelect;
    bool in_from = false;  // a comma brings another relation
    bool wants_relation = false;
    bool lateral = false;
    bool operand = false;  // behind a value: a word there is an alias
    std::size_t item = 0;  // of the list behind SELECT; kNone behind a "*"
    std::vector<Paren> parens;
    std::vector<std::string_view> outputs;  // the names of that list; empty where it gives none
  };

  // view_query.cpp: what a query is made of
  void read_query(std::size_t outer, std::size_t surrounding, bool outermost);
  void read_ctes(std::size_t scope);
  void begin_part(Place* place);
  void next_part(Place* place);
  void read_token(Place* place);
  void read_open(Place* place);
  void read_close(Place* place);
  void read_comma(Place* place);
  void read_symbol(Place* place);
  void read_relation(Place* place);
  void read_alias(Place* place, ViewRelation relation);
  void skip_tail();
  bool is_cte(std::size_t scope, const QualifiedName& name) const;

  // view_words.cpp: what a word brings
  void read_word(Place* place);
  bool read_clause(Place* place);
  bool read_top_clause(Place* place);
  bool read_construct(Place* place);
  bool read_call(Place* place);
  void read_using(Place* place);
  void read_in_table(Place* place);
  void read_as(Place* place);
  void skip_type();

  // view_items.cpp: the list behind SELECT, and names of columns
  void begin_list(Place* place);
  void read_item(Place* place);
  bool read_plain_item(Place* place, std::size_t skipped);
  bool read_star(Place* place);
  void read_chain(Place* place);
  bool is_end_of_item(std::size_t ahead);
  std::size_t chain_length(std::size_t from = 0);
  void add(const ViewMention& mention);
  void mention(const Place& place, std::size_t from, std::size_t tokens, std::string_view shown_as);
  std::string_view output_name(const Place& place, std::string_view written) const;
  std::string_view name_at(std::size_t ahead);
  void name_output(Place* place);

  ViewScope& scope(const Place& place) { return scopes_[place.scope]; }
  bool is_name(std::size_t ahead) {
    const TokenKind kind = cursor_.peek(ahead).kind;
    return kind == TokenKind::kWord || kind == TokenKind::kName;
  }

  TokenCursor& cursor_;
  const Dialect dialect_;
  const std::vector<std::string> columns_;
  std::vector<ViewScope> scopes_;
  std::vector<ViewMention> mentions_;
  std::deque<std::string> made_names_;  // that are not so in the text
  std::size_t entries_ = 0;
  int depth_ = 0;
};

/// What no column is called without quotes.
bool is_no_column(const Word& word, Dialect dialect);

}  // namespace engine::sql
