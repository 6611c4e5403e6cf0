// ReferenceWord: the words at which a search for references turns: what begins a query, a list of
// relations, a type; and those behind a relation that are no alias of it.
//
// Thread contract: pure over constants.
#pragma once

#include <cstdint>

#include "engine/dialect.h"
#include "engine/sql/word.h"

namespace engine::sql {

enum class ReferenceWord : std::uint8_t {
  kNone,
  // Words that may be names as well, and bring another name where they stand alone:
  kAdd,
  kAttach,
  kConstraint,
  kForeign,
  kHistoryTable,
  kIn,
  kInherit,
  kRefresh,
  kRename,
  kRoutine,  ///< AGGREGATE, FUNCTION, PROCEDURE, ROUTINE
  kType,
  // Keywords:
  kApply,
  kAs,
  kBegin,
  kCall,
  kCase,
  kCast,
  kCopy,
  kCreate,
  kDeclare,
  kDelete,
  kEnd,
  kExecute,
  kFetch,
  kFor,
  kFrom,
  kInherits,
  kInsert,
  kInto,
  kIs,
  kJoin,
  kLanguage,
  kMerge,
  kNext,
  kPartition,
  kPerform,  ///< PL/pgSQL's SELECT of which nobody wants the rows; told as kSelect
  kReferences,
  kReferencing,
  kReplace,
  kReturns,
  kSelect,
  kSetReturn,  ///< RETURN of an Oracle function's head
  kTable,
  kTruncate,
  kUpdate,
  kUsing,
  kWith,
  kLoop,       ///< ends a FROM and its query: FOR r IN SELECT ... LOOP
  kEndsFrom,   ///< WHERE, GROUP, UNION, ...: the list of relations is over
  kStatement,  ///< T-SQL: begins another statement, whatever stood before it
};

/// It may be a name as well.
constexpr bool may_be_name(ReferenceWord word) { return word < ReferenceWord::kApply; }

/// `word` as it stands, unquoted.
ReferenceWord reference_word(const Word& word, Dialect dialect);

/// Behind a relation: a word that goes on with the query and so is no alias.
bool is_no_alias(const Word& word);

/// A type that every server of the dialects has, by its first word: "int", "character", "numeric".
bool is_builtin_type(const Word& word);

/// In parentheses behind a table of T-SQL: how it is to be locked.
bool is_table_hint(const Word& word);

/// What is followed by "(" and yet is no routine of a script: IN, VALUES, OVER, and the functions
/// that every server has.
bool is_no_routine(const Word& word);

}  // namespace engine::sql
