// BatchSender: rows brought into a Neo4j server, batch by batch, until each is there or is known to
// be refused.
//
// A transient error is tried again after a pause with jitter. What fails again and again while the
// server answers others is cut in two; a row that is left alone is put aside with the reason. A
// server that does not answer is waited for, as long as its patience says; then the rest fails and
// nothing is put aside.
// Thread contract: belongs to one thread; `stop` may be asked for by any.
// Memory: at most kConnections batches.
// Errors: kUnreadable when patience is at its end, kInvalid when the server refuses who asks,
// kStopped. After any of them nothing runs on the server's connections.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <random>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "io/neo4j/server.h"

namespace engine::io {

struct Batch {
  std::string_view statement;
  std::vector<std::string> rows;  ///< each the text of a JSON object
};

/// What no attempt could bring in.
struct RejectedRow {
  std::string row;
  std::string reason;
};

struct SendCounts {
  std::uint64_t rows = 0;
  std::uint64_t rejected = 0;
  std::uint64_t retries = 0;
};

struct Patience {
  std::chrono::milliseconds first_pause{100};  ///< doubles, and is varied by half
  std::chrono::milliseconds longest_pause{5000};
  unsigned attempts = 5;                           ///< of a batch, before it is cut in two
  std::chrono::milliseconds unavailable{300'000};  ///< without any answer of use
};

class BatchSender {
 public:
  using NextBatch = std::function<bool(Batch& batch)>;  ///< false: there is no more
  using OnRejected = std::function<void(RejectedRow&& row)>;

  /// `load` marks what is brought in: $load of every statement.
  BatchSender(Neo4jServer& server, std::string load, Patience patience, std::stop_token stop,
              OnRejected on_rejected);

  /// With one lane batches go in their order, one after the other. Every statement returns the
  /// number of its rows that it found a place for.
  Result<void> send(std::size_t lanes, const NextBatch& next);
  /// One statement, tried until it is answered.
  Result<ServerAnswer> insist(std::string_view statement, const std::string& parameters);
  /// A statement that changes at most `limit` things and tells how many, until it changes fewer.
  Result<void> repeat(std::string_view statement, const std::string& parameters,
                      std::uint64_t limit);

  const SendCounts& counts() const { return counts_; }

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  struct Attempt {
    Batch batch;
    std::size_t request = 0;
    unsigned failures = 0;
    std::string reason;  // of the last one
    TimePoint not_before{};
  };

  // Failed so often that it must be found out whether the server answers anything else.
  bool is_stuck(const Attempt& attempt) const { return attempt.failures >= patience_.attempts; }
  Result<void> send_all(std::size_t lanes, const NextBatch& next);
  Result<void> probe_when_stuck();
  void start_due(std::size_t lanes);
  void start(Attempt&& attempt);
  TimePoint next_look() const;
  Result<void> finished(const HttpAnswer& answer);
  void taken(Attempt&& attempt, const nlohmann::json& row);
  void divide(Attempt&& attempt);
  Result<void> check_patience(const std::string& reason) const;
  TimePoint after_pause(unsigned failures);

  Neo4jServer& server_;
  const std::string load_;
  const Patience patience_;
  const std::stop_token stop_;
  const OnRejected on_rejected_;
  std::minstd_rand random_{std::random_device{}()};
  SendCounts counts_;
  TimePoint answered_ = std::chrono::steady_clock::now();  // when an answer was last of use
  std::deque<Attempt> waiting_;
  std::vector<Attempt> running_;
  std::size_t next_request_ = 0;
};

}  // namespace engine::io
