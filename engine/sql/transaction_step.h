// TransactionStep: what a statement does to a transaction: BEGIN, SAVEPOINT s, ROLLBACK TO s,
// COMMIT AND CHAIN. The one place that knows these words, but for what tells a block's BEGIN from
// others.
//
// PREPARE TRANSACTION of PostgreSQL counts as a commit: the session has none open behind it, and
// what COMMIT PREPARED ends later is no transaction of the session.
//
// Thread contract: pure; borrows the text that was read, which may be a string's in a statement.
// Limits: SAVE TRANSACTION of T-SQL, and ROLLBACK to what it marks, are not told apart from others.
#pragma once

#include <cstdint>
#include <string_view>

namespace engine::sql {

class TokenCursor;

struct TransactionStep {
  enum class Kind : std::uint8_t {
    kNone,
    kBegins,     ///< BEGIN, START TRANSACTION
    kMarks,      ///< SAVEPOINT s
    kReleases,   ///< RELEASE s
    kGoesBack,   ///< ROLLBACK TO s
    kCommits,    ///< COMMIT, END, PREPARE TRANSACTION
    kRollsBack,  ///< ROLLBACK, ABORT
  };

  Kind kind = Kind::kNone;
  bool chains = false;         ///< AND CHAIN: of one that ends, another begins in the same place
  std::string_view savepoint;  ///< as it is written

  explicit operator bool() const { return kind != Kind::kNone; }
  bool begins() const { return kind == Kind::kBegins; }
  bool undoes() const { return kind == Kind::kRollsBack || kind == Kind::kGoesBack; }
  /// The transaction is over, whether or not another one begins.
  bool completes() const { return kind == Kind::kCommits || kind == Kind::kRollsBack; }
  /// None is open behind it.
  bool ends() const { return completes() && !chains; }
  /// One is open before and behind it.
  bool goes_on() const { return *this && !begins() && !ends(); }
};

/// Of the statement at whose first token `cursor` stands.
TransactionStep read_transaction_step(const TokenCursor& cursor);

}  // namespace engine::sql
