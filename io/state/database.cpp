#include "io/state/database.h"

#include <sys/stat.h>

#include <utility>

#include "io/base/os_error.h"

namespace engine::io {

Statement& Statement::bind(int parameter, std::string_view text) {
  sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(int parameter, std::int64_t number) {
  sqlite3_bind_int64(statement_.get(), parameter, number);
  return *this;
}

Statement& Statement::bind_null(int parameter) {
  sqlite3_bind_null(statement_.get(), parameter);
  return *this;
}

int Statement::run() {
  int code = sqlite3_step(statement_.get());
  while (code == SQLITE_ROW) code = sqlite3_step(statement_.get());
  const int reset = sqlite3_reset(statement_.get());
  return code == SQLITE_DONE ? SQLITE_OK : (reset != SQLITE_OK ? reset : code);
}

std::string_view Statement::text(int column) const {
  const void* const bytes = sqlite3_column_text(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

int Database::open(const std::string& path, int flags) {
  // Counting its memory takes SQLite a lock for each allocation, and nobody asks.
  [[maybe_unused]] static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  struct stat status {};
  is_no_file_ = ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
  if (is_no_file_) return SQLITE_CANTOPEN;
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  database_.reset(opened);  // there even after an error, for its message
  if (opened != nullptr) sqlite3_extended_result_codes(opened, 1);
  return code;
}

void Database::stop_by(std::stop_token stop) {
  stop_ = std::make_unique<std::stop_token>(std::move(stop));
  ask_for_stop();
}

void Database::ask_for_stop() {
  constexpr int kInstructions = 1000;  // between two looks; some ten microseconds
  const auto is_asked = [](void* token) {
    return int{static_cast<const std::stop_token*>(token)->stop_requested()};
  };
  sqlite3_progress_handler(database_.get(), kInstructions, is_asked, stop_.get());
}

int Database::move_to_temporary() {
  sqlite3* opened = nullptr;
  int code =
      sqlite3_open_v2(kTemporaryDatabase, &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<sqlite3, Close> temporary(opened);
  if (code != SQLITE_OK) return code;
  sqlite3_extended_result_codes(opened, 1);
  sqlite3_backup* const copy = sqlite3_backup_init(opened, "main", database_.get(), "main");
  if (copy == nullptr) return sqlite3_extended_errcode(opened);
  code = sqlite3_backup_step(copy, -1);
  const int finished = sqlite3_backup_finish(copy);
  if (code != SQLITE_DONE) return finished != SQLITE_OK ? finished : code;
  database_ = std::move(temporary);
  if (stop_ != nullptr) ask_for_stop();
  return SQLITE_OK;
}

int Database::execute(const char* sql) {
  return sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
}

int Database::prepare(std::string_view sql, Statement& statement) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  statement.statement_.reset(prepared);
  return code;
}

std::int64_t Database::number(std::string_view sql, std::int64_t fallback) {
  Statement statement;
  if (prepare(sql, statement) != SQLITE_OK || statement.step() != SQLITE_ROW) return fallback;
  return statement.number(0);
}

std::string Database::message() const {
  if (is_no_file_) return "is not a file";
  if (database_ == nullptr) return sqlite3_errstr(SQLITE_NOMEM);
  std::string text = sqlite3_errmsg(database_.get());
  // "disk I/O error" and "unable to open database file" hide what the system said.
  const int error = sqlite3_system_errno(database_.get());
  const int code = sqlite3_errcode(database_.get()) & 0xff;
  if (error != 0 && (code == SQLITE_IOERR || code == SQLITE_CANTOPEN || code == SQLITE_FULL)) {
    text += " (" + errno_text(error) + ')';
  }
  return text;
}

}  // namespace engine::io
