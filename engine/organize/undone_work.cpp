#include "engine/organize/undone_work.h"

#include <string>

#include "engine/sql/ascii.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/token_cursor.h"
#include "engine/sql/transaction_step.h"

namespace engine::organize {
namespace {

using sql::TokenCursor;
using sql::TransactionStep;

constexpr std::size_t kFar = std::size_t{1} << 20;

class TransactionReader {
 public:
  TransactionReader(std::string_view text, std::size_t begin, Dialect dialect)
      : text_(text),
        limit_(std::min(text.size(), begin + kFar)),
        cursor_(text, begin, limit_, dialect) {}

  UndoneWork read() {
    const std::uint64_t begin = cursor_.peek().begin;
    skip_statement();
    while (!cursor_.at_end()) {
      if (skip_command() || skip_rows()) continue;
      if (is_beyond() || ends_by_itself()) return nothing();
      const TransactionStep step = sql::read_transaction_step(cursor_);
      note_savepoint(step);
      skip_statement();
      if (!step.completes()) continue;
      if (cursor_.at_end() && limit_ < text_.size()) return nothing();
      if (!step.undoes() && work_.stretches.empty()) return nothing();
      work_.end = cursor_.at_end() ? text_.size() : end_;
      work_.looked_until = work_.end;
      if (step.undoes()) work_.stretches = {{begin, work_.end}};
      return std::move(work_);
    }
    return nothing();
  }

 private:
  struct Savepoint {
    std::string name;
    std::uint64_t place;
  };

  UndoneWork nothing() {
    UndoneWork work;
    work.looked_until = cursor_.peek().begin;
    return work;
  }

  // Behind its semicolon.
  void skip_statement() {
    while (!cursor_.at_end() && !cursor_.is_symbol(';')) cursor_.advance();
    for (; cursor_.is_symbol(';'); cursor_.advance()) end_ = cursor_.peek().end;
  }

  // What the client does by itself ends with its line: \echo of psql, .print of SQLite's shell.
  bool skip_command() {
    const bool command = (cursor_.dialect() == Dialect::kPostgresql && cursor_.is_symbol('\\')) ||
                         (cursor_.dialect() == Dialect::kSqlite && cursor_.is_symbol('.'));
    if (!command || cursor_.is("if", 1)) return false;
    go_behind("\n");
    return true;
  }

  // What nobody knows the end of: one branch of several, bodies with semicolons and no string
  // around them, and another transaction before this one has ended.
  bool is_beyond() {
    if (cursor_.is_symbol('\\') || cursor_.is("delimiter")) return true;
    // PostgreSQL only warns of it.
    const bool postgresql = cursor_.dialect() == Dialect::kPostgresql;
    if (!postgresql && cursor_.is_any({"begin", "start"})) return true;
    if (!cursor_.is("create")) return false;
    if (postgresql) return has_atomic_body();
    constexpr std::size_t kHead = 8;
    for (std::size_t ahead = 1; ahead < kHead && !cursor_.is_symbol(';', ahead); ++ahead) {
      if (cursor_.is_any({"table", "view", "index"}, ahead)) return false;
      if (cursor_.is_any({"procedure", "function", "trigger", "event"}, ahead)) return true;
    }
    return false;
  }

  bool has_atomic_body() {
    for (TokenCursor at = cursor_; !at.at_end() && !at.is_symbol(';'); at.advance()) {
      if (at.is("begin") && at.is("atomic", 1)) return true;
    }
    return false;
  }

  // MySQL commits before it defines something, but for temporary tables.
  bool ends_by_itself() {
    return cursor_.dialect() == Dialect::kMysql && !cursor_.is("temporary", 1) &&
           cursor_.is_any({"create", "alter", "drop", "truncate", "rename", "grant", "revoke",
                           "lock", "analyze", "optimize", "repair"});
  }

  // COPY t FROM stdin; rows \.
  bool skip_rows() {
    if (!cursor_.is("copy")) return false;
    bool brings = false;
    for (; !cursor_.at_end() && !cursor_.is_symbol(';'); cursor_.advance()) {
      brings = brings || cursor_.is("stdin");
    }
    if (brings) {
      go_behind("\n\\.");
    } else {
      skip_statement();
    }
    return true;
  }

  void go_behind(std::string_view mark) {
    const std::size_t at = text_.substr(0, limit_).find(mark, cursor_.peek().begin);
    const std::size_t end = at == std::string_view::npos ? limit_ : at + mark.size();
    cursor_ = TokenCursor(text_, end, limit_, cursor_.dialect());
  }

  void note_savepoint(const TransactionStep& step) {
    if (step.savepoint.empty()) return;
    const std::string name(sql::unquoted(step.savepoint));
    const std::uint64_t here = cursor_.peek().begin;
    if (step.kind == TransactionStep::Kind::kMarks) return savepoints_.push_back({name, here});
    const std::size_t at = find(name);
    if (at == savepoints_.size()) return;
    if (step.undoes()) work_.stretches.emplace_back(savepoints_[at].place, here);
    savepoints_.resize(step.undoes() ? at + 1 : at);
  }

  // The last of that name; their number where there is none.
  std::size_t find(std::string_view name) const {
    for (std::size_t i = savepoints_.size(); i-- > 0;) {
      if (sql::equal_words(savepoints_[i].name, sql::lower(name))) return i;
    }
    return savepoints_.size();
  }

  std::string_view text_;
  std::size_t limit_;
  TokenCursor cursor_;
  std::uint64_t end_ = 0;  // of the statement skipped last
  std::vector<Savepoint> savepoints_;
  UndoneWork work_;
};

}  // namespace

UndoneWork find_undone_work(std::string_view text, std::uint64_t begin, Dialect dialect) {
  const bool can =
      dialect == Dialect::kPostgresql || dialect == Dialect::kMysql || dialect == Dialect::kSqlite;
  if (!can) return {};
  return TransactionReader(text, static_cast<std::size_t>(begin), dialect).read();
}

}  // namespace engine::organize
