// Statement words: what the words of a statement tell of what it does, where its objects do not.
//
// Thread contract: pure.
// Cost: reads the tokens of the statement up to the word that tells; has_word() and what asks for
// words anywhere read none where not even their letters stand.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/dialect.h"
#include "engine/sql/alter_effect.h"
#include "engine/sql/statement.h"
#include "engine/sql/word.h"

namespace engine::dependency {

/// What an ALTER TABLE does; of a procedure that renames as well.
sql::AlterEffect alter_effect(std::string_view text, Dialect dialect);

bool begins_with_alter(std::string_view text, Dialect dialect);

/// Of an ALTER TABLE that begins with a constraint: it does something to the columns besides.
bool has_column_action(std::string_view text, Dialect dialect);

/// Of an ALTER of a type or the like: it gets other values, attributes, or another name.
bool changes_type(std::string_view text, Dialect dialect);

/// Of a step of the script: a setting of the session, but one of those that are known to change
/// nothing for rows: how long to wait, what to write into a log.
bool changes_setting(std::string_view text, Dialect dialect);

/// What the step does is over with the transaction: SET LOCAL, SET CONSTRAINTS, LOCK, a temporary
/// table ON COMMIT DROP, a cursor; a program may do such a thing.
bool ends_with_transaction(std::string_view text, Dialect dialect);

/// It makes a constraint that is checked when the transaction ends: INITIALLY DEFERRED.
bool defers_checks(const sql::Statement& statement, std::string_view text, Dialect dialect);

/// IMPORT FOREIGN SCHEMA.
bool imports_schema(std::string_view text, Dialect dialect);

/// CREATE EXTENSION e WITH SCHEMA s: s.
std::optional<std::string> extension_schema(std::string_view text, Dialect dialect);

/// USE, \connect, SET search_path, SET ROLE: what a name means from then on, or whose an object is.
bool changes_context(std::string_view text, Dialect dialect);

/// Of a step of the script that may touch rows: those of tables are known to stay as they are.
bool keeps_rows_of_tables(std::string_view text, Dialect dialect);

/// Of a step of the script: more than a setting of the session.
bool may_touch_rows(std::string_view text, Dialect dialect);

/// SET client_encoding, SET NAMES: what the bytes of a text mean.
bool sets_encoding(std::string_view text, Dialect dialect);

/// ALTER DEFAULT PRIVILEGES.
bool changes_defaults(std::string_view text, Dialect dialect);

/// GRANT ... ON ALL TABLES IN SCHEMA: on those that are there. ALTER DEFAULT PRIVILEGES: on those
/// that come.
bool grants_on_all(std::string_view text, Dialect dialect);

/// Of a step of the script: it runs what may make, change and drop anything. So does a transaction
/// that stays whole.
bool runs_program(std::string_view text, Dialect dialect);

/// It is a block: BEGIN ... END, DO.
bool runs_block(std::string_view text, Dialect dialect);

/// CREATE ... IF NOT EXISTS.
bool creates_if_absent(std::string_view text, Dialect dialect);

/// Of a trigger: it acts on rows that are inserted.
bool fires_on_insert(std::string_view text, Dialect dialect);

/// A foreign key by which rows are changed with others: ON DELETE CASCADE, SET NULL.
bool has_actions(std::string_view text, Dialect dialect);

/// The table in which SQLite keeps what the next row of another is counted by.
bool holds_counters(std::string_view table, Dialect dialect);

/// INSERT INTO x (x) VALUES ('rebuild') of SQLite's full text: no row, but a command to the index.
bool commands_index(const sql::Statement& rows, std::string_view text, Dialect dialect);

/// Rows that no trigger acts on.
bool loads_quietly(std::string_view text, Dialect dialect);

/// `word`, in lower case, is among the words. REQUIRES: it has two letters or more.
bool has_word(std::string_view text, Dialect dialect, const sql::Word& word);

}  // namespace engine::dependency
