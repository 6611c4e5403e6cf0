// ReferenceFinder: one pass over the tokens of a statement that follows, at each depth of
// parentheses, whether a relation, a routine or a type is named next.
//
// Thread contract: confined to one thread; borrows the text and the list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/reference_list.h"
#include "engine/sql/reference_words.h"
#include "engine/sql/token_cursor.h"

namespace engine::sql {

/// The text of a routine that stands in a literal.
struct LiteralBody {
  std::size_t begin = 0;
  std::size_t end = 0;
};

class ReferenceFinder {
 public:
  /// `procedural`: the text is the body of a routine in a procedural language.
  ReferenceFinder(std::string_view text, std::size_t begin, std::size_t end, Dialect dialect,
                  bool procedural, ReferenceList* list);

  void read();

  /// Bodies in literals whose language was SQL or a procedural SQL.
  const std::vector<LiteralBody>& bodies() const { return bodies_; }

  bool is_view() const { return is_view_; }

  /// That the routine sets for itself.
  const std::vector<std::string>& search_path() const { return search_path_; }

 private:
  enum class Expect : std::uint8_t { kNothing, kRelation, kTarget };
  enum class Verb : std::uint8_t { kNone, kSelect, kInsert, kUpdate, kDelete, kMerge };
  enum class Elements : std::uint8_t { kNone, kColumns, kParameters };
  enum class Head : std::uint8_t { kNone, kTable, kRoutine, kTrigger, kOther };

  // Of the statement or query that is read at one depth of parentheses.
  struct Query {
    Verb verb = Verb::kNone;
    Expect expect = Expect::kNothing;
    bool in_from = false;                        // a comma brings another relation
    bool joined = false;                         // USING (columns), not USING relation
    bool several = false;                        // INSERT ALL of Oracle, UPDATE a, b: more targets
    bool ctes_follow = false;                    // a comma brings another CTE
    std::uint32_t cases = 0;                     // CASE expressions that are open
    std::size_t target = ReferenceList::kNone;   // a write whose name may be an alias
    std::size_t changed = ReferenceList::kNone;  // MySQL: the first of UPDATE a JOIN b
  };
  // What commas part: columns and parameters begin with a name and have a type.
  struct ElementList {
    Elements kind = Elements::kNone;
    bool starts = false;  // one begins here
  };
  // What the parentheses are, and how many names were known where they opened.
  struct Parentheses {
    bool is_relation = false;  // they stand where one does: an alias may follow
    bool is_target = false;    // INSERT INTO (SELECT ...), UPDATE (SELECT ...)
    bool is_cast = false;      // AS brings a type
    std::size_t ctes = 0;
    std::size_t aliases = 0;
  };
  struct CteHead {
    std::string_view name;  // as written
    TokenKind kind = TokenKind::kWord;
  };
  struct Level {
    Query query;
    ElementList elements;
    Parentheses opened;
    CteHead cte;                                // whose body the next parentheses are
    std::size_t source = ReferenceList::kNone;  // where the first relation stands that it reads
  };
  struct MadeUp {  // a CTE, a transition or temporary table
    std::string name;
    std::size_t source = ReferenceList::kNone;  // of a CTE: where its first relation stands
  };
  struct Alias {
    std::string name;
    std::size_t reference;  // the read it stands for; kNone where that was known before
    QualifiedName relation;
  };

  Level& level() { return levels_.back(); }

  // reference_finder.cpp: tokens, levels, names
  void open(const Level& next);
  void close();
  void skip_order_of_rows();
  void comma();
  void end_statement();
  void start(Verb verb);
  void symbol();
  void word();
  void name(ReferenceWord meaning = ReferenceWord::kNone);
  void introduce(ReferenceWord word);
  void rename();
  void own_routine();
  void skip_routines();
  void read_added();
  void chain(bool starts, std::size_t tokens);
  void call(std::size_t tokens);
  bool is_bare_call(std::size_t tokens, bool starts);
  void literal();
  void read_relation();
  const QualifiedName* read_relation_name();
  void read_rows_of(const QualifiedName& function, std::size_t position);
  bool is_pseudo_table(const QualifiedName& relation) const;
  void read_alias(const QualifiedName* relation, std::size_t reference,
                  std::size_t source = ReferenceList::kNone);
  void read_stage();
  void read_link(QualifiedName* name);
  void write_to_query(std::size_t source);
  const MadeUp* made_up(const QualifiedName& name) const;
  void resolve_target(const Alias& alias);
  bool is_made_up(const QualifiedName& name) const { return made_up(name) != nullptr; }
  bool is_alias(std::string_view name) const;
  void read_sequence_literal();
  void read_generator();
  void read_object_literal();

  // reference_clauses.cpp: what a word of a query or a change brings
  void clause(ReferenceWord word, const Word& previous);
  void read_end_of_from();
  bool is_no_join(const Word& previous);
  void read_table_command(const Word& previous);
  void read_with();
  void read_from(const Word& previous);
  void read_using();
  void read_into();
  void skip_top();
  void read_insert(const Word& previous);
  void read_update(const Word& previous);
  void read_delete(const Word& previous);
  void read_truncate(const Word& previous);
  void read_copy();
  void read_unload(const TokenCursor& stage);
  void read_execute(const Word& previous);
  void read_in();
  void read_names(ReferenceKind kind);

  // reference_calls.cpp: calls of a server's own procedures that make an object
  bool is_of_script() const { return head_ == Head::kNone || head_ == Head::kTable; }
  bool read_system_procedure();
  bool is_scheduler_call(const QualifiedName& routine);
  void read_scheduler_call(const QualifiedName& routine);
  void read_action(std::string_view type, const Token& action);

  // reference_mysql.cpp: changes of several tables
  bool read_deleted();
  void delete_from(const QualifiedName& relation, std::size_t aliases, std::size_t reference);
  void read_assigned();
  void assign_to(const std::vector<std::string>& tables);
  const QualifiedName* called(std::string_view name) const;

  // reference_definitions.cpp: what a word of a definition brings
  void definition_clause(ReferenceWord word);
  void begin_statement();
  void read_returns(ReferenceWord word);
  void read_is();
  void read_language();
  void begin_body();
  void read_foreign_key();
  std::vector<std::string> read_columns();
  void read_transition_tables();

  // reference_types.cpp: heads of definitions, and types
  void read_create();
  void read_synonym();
  void read_stream();
  void read_cast();
  void read_argument_types();
  void read_support_functions();
  void read_method();
  void skip_view_options();
  void read_table_head(bool temporary);
  void make_temporary(const std::string& name);
  void read_routine_head();
  void read_type_head();
  bool reads_types_at_start() {
    if (!level().elements.starts && !declaring_) return false;
    if (declaring_ && statement_start_ && levels_.size() == 1) return true;
    return level().elements.kind != Elements::kNone && level().elements.starts &&
           !cursor_.is_symbol(')');
  }
  void read_element();
  bool starts_with_name();
  void read_type();

  std::string_view text_;
  Dialect dialect_;
  bool procedural_;
  ReferenceList* list_;
  TokenCursor cursor_;
  std::vector<Level> levels_;
  std::vector<MadeUp> ctes_;               // of the statement, in a body of several,
  std::vector<MadeUp> made_up_;            // and what all of them know
  std::vector<std::string> own_routines_;  // Oracle: of a package's body, or of a block
  std::vector<Alias> aliases_;
  std::vector<std::string> deleted_;  // MySQL: DELETE a, b FROM ...
  std::string_view last_relation_;    // as it was written,
  QualifiedName last_relation_name_;  // and what that means
  Head head_ = Head::kNone;
  bool declaring_ = false;  // between DECLARE (or IS) and BEGIN, or of one DECLARE up to its ";"
  Word previous_;           // the word before this token; empty where there was none
  bool statement_start_ = true;
  std::string constraint_;                // the last one named
  std::vector<std::string> key_columns_;  // of a foreign key whose table comes next,
  Token column_{};                        // or the column that is being defined
  std::vector<LiteralBody> literals_;     // of a routine whose language is not known yet
  std::vector<LiteralBody> bodies_;
  std::string language_;
  std::vector<std::string> search_path_;
  bool is_view_ = false;
  bool renames_ = false;       // RENAME a TO b
  bool alters_ = false;        // ALTER of anything,
  bool alters_table_ = false;  // and of a table
  const std::size_t end_;
};

}  // namespace engine::sql
