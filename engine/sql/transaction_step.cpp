#include "engine/sql/transaction_step.h"

#include "engine/sql/token_cursor.h"

namespace engine::sql {
namespace {

using Kind = TransactionStep::Kind;

TransactionStep step_of(Kind kind, std::string_view savepoint = {}) {
  return {kind, false, savepoint};
}

// Behind BEGIN: not the block of a program.
bool begins_transaction(TokenCursor* cursor) {
  if (cursor->at_end() || cursor->is_symbol(';')) return true;
  return cursor->is_any({"tran", "transaction", "work", "isolation", "read", "immediate",
                         "deferred", "exclusive", "deferrable"}) ||
         (cursor->is("not") && cursor->is("deferrable", 1));
}

// Behind COMMIT or ROLLBACK: [WORK | TRANSACTION] [TO [SAVEPOINT] s | AND [NO] CHAIN]. PREPARED is
// of another transaction than the session's.
TransactionStep read_end(TokenCursor* cursor, Kind kind) {
  if (cursor->is("prepared")) return {};
  TransactionStep step = step_of(kind);
  if (!cursor->accept("work")) cursor->accept("transaction");
  step.chains = cursor->is("and") && cursor->is("chain", 1);
  if (kind == Kind::kRollsBack && cursor->accept("to")) {
    step.kind = Kind::kGoesBack;
    cursor->accept("savepoint");
    step.savepoint = cursor->raw();
  }
  return step;
}

}  // namespace

TransactionStep read_transaction_step(const TokenCursor& at) {
  TokenCursor cursor = at;
  const bool postgresql = cursor.dialect() == Dialect::kPostgresql;
  if (cursor.accept("commit")) return read_end(&cursor, Kind::kCommits);
  if (cursor.accept("rollback")) return read_end(&cursor, Kind::kRollsBack);
  if (cursor.accept("savepoint")) return step_of(Kind::kMarks, cursor.raw());
  if (cursor.accept("release")) {
    cursor.accept("savepoint");
    return step_of(Kind::kReleases, cursor.raw());
  }
  if (cursor.accept("start")) {
    return cursor.is("transaction") ? step_of(Kind::kBegins) : TransactionStep{};
  }
  if (cursor.accept("begin")) {
    return begins_transaction(&cursor) ? step_of(Kind::kBegins) : TransactionStep{};
  }
  if (postgresql && cursor.is("prepare") && cursor.is("transaction", 1)) {
    return step_of(Kind::kCommits);
  }
  if (postgresql && cursor.accept("abort")) return read_end(&cursor, Kind::kRollsBack);
  // Elsewhere it is the rest of a block.
  const bool ends = (postgresql || cursor.dialect() == Dialect::kSqlite) && cursor.accept("end");
  return ends ? read_end(&cursor, Kind::kCommits) : TransactionStep{};
}

}  // namespace engine::sql
