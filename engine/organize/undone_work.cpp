#include "engine/organize/undone_work.h"

#include <optional>
#include <string>

#include "engine/sql/ascii.h"
#include "engine/sql/qualified_name.h"
#include "engine/sql/token_cursor.h"

namespace engine::organize {
namespace {

using sql::TokenCursor;

constexpr std::size_t kFar = std::size_t{1} << 20;

class TransactionReader {
 public:
  TransactionReader(std::string_view text, std::size_t begin, Dialect dialect)
      : text_(text), cursor_(text, begin, std::min(text.size(), begin + kFar), dialect) {}

  UndoneWork read() {
    const std::uint64_t begin = cursor_.peek().begin;
    skip_statement();
    for (; !cursor_.at_end(); skip_statement()) {
      if (holds_statements()) return {};
      if (cursor_.is("copy")) skip_rows();
      if (cursor_.is("savepoint")) note_savepoint();
      if (!cursor_.is_any({"commit", "end", "rollback", "abort"})) continue;
      const bool undoes = cursor_.is_any({"rollback", "abort"});
      const std::optional<std::string> savepoint = undoes ? target() : std::nullopt;
      if (savepoint) {
        go_back_to(*savepoint);
        continue;
      }
      skip_statement();
      work_.end = cursor_.at_end() ? text_.size() : end_;
      if (undoes) work_.stretches = {{begin, work_.end}};
      return work_.stretches.empty() ? UndoneWork() : std::move(work_);
    }
    return {};
  }

 private:
  struct Savepoint {
    std::string name;
    std::uint64_t place;
  };

  // Behind its semicolon.
  void skip_statement() {
    while (!cursor_.at_end() && !cursor_.is_symbol(';')) cursor_.advance();
    for (; cursor_.is_symbol(';'); cursor_.advance()) end_ = cursor_.peek().end;
  }

  // Bodies with semicolons, and no string around them.
  bool holds_statements() {
    if (cursor_.is("delimiter")) return true;
    if (cursor_.dialect() != Dialect::kMysql || !cursor_.is("create")) return false;
    constexpr std::size_t kHead = 8;
    for (std::size_t ahead = 1; ahead < kHead && !cursor_.is_symbol(';', ahead); ++ahead) {
      if (cursor_.is_any({"procedure", "function", "trigger", "event"}, ahead)) return true;
    }
    return false;
  }

  // COPY t FROM stdin; rows \.
  void skip_rows() {
    bool brings = false;
    for (; !cursor_.at_end() && !cursor_.is_symbol(';'); cursor_.advance()) {
      brings = brings || cursor_.is("stdin");
    }
    if (!brings || cursor_.at_end()) return;
    const std::size_t end = text_.find("\n\\.", cursor_.peek().begin);
    while (!cursor_.at_end() && (end == text_.npos || cursor_.peek().begin < end + 3)) {
      cursor_.advance();
    }
  }

  void note_savepoint() {
    savepoints_.push_back({std::string(sql::unquoted(cursor_.raw(1))), cursor_.peek().begin});
  }

  // ROLLBACK [WORK | TRANSACTION] TO [SAVEPOINT] s
  std::optional<std::string> target() {
    TokenCursor at = cursor_;
    at.advance();
    if (!at.accept("work")) at.accept("transaction");
    if (!at.accept("to")) return std::nullopt;
    at.accept("savepoint");
    return std::string(sql::unquoted(at.raw()));
  }

  void go_back_to(std::string_view name) {
    for (std::size_t i = savepoints_.size(); i-- > 0;) {
      if (!sql::equal_words(savepoints_[i].name, sql::lower(name))) continue;
      work_.stretches.emplace_back(savepoints_[i].place, cursor_.peek().begin);
      savepoints_.resize(i + 1);
      return;
    }
  }

  std::string_view text_;
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
