// ScriptBlocks: which words of a statement hold others inside it, up to their END: a routine's or
// a script's BEGIN, and IF, LOOP, CASE and the like where they are statements themselves.
//
// It is told the tokens of one statement in order, without comments, and asked at each terminator.
//
// Thread contract: confined to one thread; borrows the text.
// Source: the references of Snowflake Scripting, BigQuery procedural language, Db2 compound
// statements and Firebird PSQL.
#pragma once

#include <string_view>

#include "engine/dialect.h"
#include "engine/sql/scanner.h"

namespace engine::sql {

class ScriptBlocks {
 public:
  explicit ScriptBlocks(Dialect dialect) : dialect_(dialect) {}

  void read(const Token& token, std::string_view text);

  /// At a terminator, or at the end of the text: does it stand inside of something?
  bool holds();
  /// Of what holds: the word that opened it.
  const Token& open() const { return open_; }

  /// The statement's first word; empty before it.
  std::string_view first() const { return first_; }

 private:
  // Words whose meaning the next one tells: BEGIN TRANSACTION, END IF.
  enum class Waiting : unsigned char { kForNothing, kForBegin, kForEnd };

  bool settle(std::string_view next);
  void symbol(const Token& token, std::string_view text, std::string_view previous);
  void first_word(const Token& token, std::string_view word);
  void other_word(const Token& token, std::string_view word, std::string_view previous);
  void decide_routine(std::string_view word);
  void enter(const Token& token);

  Dialect dialect_;
  Waiting waiting_ = Waiting::kForNothing;
  bool decided_ = false;           // what CREATE makes is known
  bool routine_ = false;           // BEGIN opens a block
  bool awaits_begin_ = false;      // a DECLARE section stands before it
  bool declares_routine_ = false;  // in that section, with a block of its own
  int words_ = 0;
  int parens_ = 0;
  int depth_ = 0;     // of BEGIN and CASE
  int controls_ = 0;  // of control_, one in another
  std::string_view first_, before_;
  std::string_view control_;  // IF, LOOP, ... that is a statement of its own
  Token begin_{};             // that waits for the next word
  Token open_{};
};

}  // namespace engine::sql
