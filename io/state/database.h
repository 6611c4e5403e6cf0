// Database and Statement: SQLite, closed and finalised by themselves.
//
// Thread contract: a database and its statements belong to one thread at a time.
// Errors: SQLite's result codes, extended; message() says the last one in words.
// Source: sqlite.org/c3ref.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace engine::io {

/// The file is not what SQLite wrote.
constexpr bool is_damage(int code) {
  return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

class Statement {
 public:
  Statement() = default;

  /// Parameters count from 1. Text is borrowed until the next reset.
  Statement& bind(int parameter, std::string_view text);
  Statement& bind(int parameter, std::int64_t number);
  Statement& bind_null(int parameter);

  /// SQLITE_ROW, SQLITE_DONE or an error.
  int step() { return sqlite3_step(statement_.get()); }
  /// A statement without rows: SQLITE_OK or an error; ready for the next values.
  int run();
  void reset() { sqlite3_reset(statement_.get()); }

  /// Columns count from 0. Text is valid until the next step.
  std::string_view text(int column) const;
  std::int64_t number(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  bool is_null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
  }

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// The path of a database that is nobody else's and goes with its connection.
inline constexpr const char* kTemporaryDatabase = "";

class Database {
 public:
  /// `flags` of sqlite3_open_v2; `path` may be a URI with SQLITE_OPEN_URI. Anything but a file, on
  /// which SQLite may wait for ever, is SQLITE_CANTOPEN.
  int open(const std::string& path, int flags);
  void close() { database_.reset(); }
  /// Statements end with SQLITE_INTERRUPT soon after it is asked for, until the next open().
  void stop_by(std::stop_token stop);
  /// That is how the last call ended.
  bool was_stopped() const { return (sqlite3_errcode(database_.get()) & 0xff) == SQLITE_INTERRUPT; }

  /// The file may be read and not written: opening it is no error to SQLite.
  bool is_read_only() const { return sqlite3_db_readonly(database_.get(), "main") == 1; }
  /// A copy in place of the file, this process's alone: SQLite keeps a little of it in memory and
  /// deletes the rest by itself. Nothing prepared on it lives.
  int move_to_temporary();

  /// Several statements without parameters, their rows passed over.
  int execute(const char* sql);
  int prepare(std::string_view sql, Statement& statement);
  /// The first column of the first row; `fallback` where there is none.
  std::int64_t number(std::string_view sql, std::int64_t fallback = 0);

  std::int64_t changes() const { return sqlite3_changes64(database_.get()); }
  std::int64_t last_id() const { return sqlite3_last_insert_rowid(database_.get()); }
  bool in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }
  std::string message() const;

 private:
  void ask_for_stop();

  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  std::unique_ptr<std::stop_token> stop_;  // outlives the database, which asks it
  std::unique_ptr<sqlite3, Close> database_;
  bool is_no_file_ = false;
};

}  // namespace engine::io
