// DialectClue: something that the scripts of one dialect have and others hardly ever do. Data only.
//
// A weight of 4 and more is of what no other dialect has; 1 to 3 of what others have as well, but
// seldom; a weight below 0 is of what the dialect has not. What changes where units end weighs
// most: a file that has none of it splits the same way in most dialects.
//
// Thread contract: constants.
// Source: the vendors' references, and their sample databases.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/dialect.h"

namespace engine::sql {

enum class Where : std::uint8_t {
  kAnywhere,   ///< whole words of the text, comments and the insides of strings left out
  kLineStart,  ///< a line begins with it
  kLine,       ///< a line is it, but for a number
  kComment,    ///< a line begins with it, "--" or "/*" and more, in the text as it stands
  kNamed,      ///< a product that a comment names before any other
  // Shapes; the text is what people are shown.
  kParameter,           ///< @name and a type
  kUnterminated,        ///< CREATE and the like at a line's start, no semicolon before it
  kBracketName,         ///< [a name] that is no subscript
  kDefinedBracketName,  ///< [a name] of what is created, altered or dropped
  kClosedBracketName,   ///< [a name] on a line that ends with a semicolon
  kPivotName,           ///< [a name] behind "FOR name IN (" of PIVOT
  kServerName,          ///< [#name] of a table, or ..[name]
  kTemporaryName,       ///< #name of a table
  kTopRows,             ///< SELECT TOP (n)
  kBacktickPath,        ///< `a.b` or `a-b`
  kDollarTag,           ///< $tag$
  kEscapedQuote,        ///< 'it\'s'
  kDotCommand,          ///< a line .word
  kTriggerBody,         ///< CREATE TRIGGER ... BEGIN ...; END; and no line that says how it ends
  kTrailingAt,          ///< lines that end with @
  kSourceFile,          ///< a line "source name.sql" of the mysql client
  kDefineVariable,      ///< a line "define name =" of SQL*Plus
  kDefineObject,        ///< a line "define tag name" of Snowflake
  kProcedureReturns,    ///< CREATE PROCEDURE ... RETURNS type
  kStartFile,           ///< a line "@name.sql" of SQL*Plus
};

struct DialectClue {
  Dialect dialect;
  Where where;
  int weight;
  std::string_view text;  ///< lower case
};

std::span<const DialectClue> dialect_clues();

}  // namespace engine::sql
