#include "io/neo4j/batch_sender.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <future>
#include <thread>

#include "tests/io/neo4j/stand_in_neo4j.h"

namespace engine::io {
namespace {

using test::Said;
using test::StandInNeo4j;
using ::testing::HasSubstr;
using Json = nlohmann::json;
using std::chrono::milliseconds;

constexpr const char* kStatement = "UNWIND $rows AS row RETURN count(row)";

class Sender : public ::testing::Test {
 protected:
  Result<void> send(StandInNeo4j& stand_in, int rows, std::size_t at_once = 10,
                    std::size_t lanes = 1) {
    auto server = Neo4jServer::connect(stand_in.address(), timeout_);
    EXPECT_TRUE(server) << server.error().message;
    BatchSender sender(**server, "x", patience_, stop_.get_token(),
                       [this](RejectedRow&& row) { rejected_.push_back(row); });
    int next = 0;
    Result<void> sent = sender.send(lanes, [&](Batch& batch) {
      if (next == rows) return false;
      batch.statement = kStatement;
      while (next < rows && batch.rows.size() < at_once) {
        batch.rows.push_back(Json{{"n", next++}}.dump());
      }
      return true;
    });
    counts_ = sender.counts();
    return sent;
  }

  static bool has(const Json& rows, int n) {
    return std::any_of(rows.begin(), rows.end(), [&](const Json& row) { return row["n"] == n; });
  }

  Patience patience_{milliseconds(1), milliseconds(2), 3, milliseconds(60'000)};
  milliseconds timeout_{20'000};
  std::stop_source stop_;
  std::vector<RejectedRow> rejected_;
  SendCounts counts_;
};

TEST_F(Sender, OneLaneKeepsTheOrderThroughErrorsThatGoAway) {
  int failures = 0;
  StandInNeo4j stand_in([&](const std::string&, const Json& rows) -> std::optional<Said> {
    if (!has(rows, 15) || ++failures > 2) return std::nullopt;
    return StandInNeo4j::error(200, "Neo.TransientError.Transaction.DeadlockDetected");
  });
  ASSERT_TRUE(send(stand_in, 30));
  std::vector<std::string> expected;
  for (int i = 0; i < 30; ++i) expected.push_back(Json{{"n", i}}.dump());
  EXPECT_EQ(stand_in.taken_rows(), expected);
  EXPECT_EQ(counts_.retries, 2u);
  EXPECT_EQ(counts_.rows, 30u);
}

TEST_F(Sender, ARowThatIsRefusedIsPutAsideAlone) {
  StandInNeo4j stand_in([](const std::string&, const Json& rows) -> std::optional<Said> {
    if (!has(rows, 13)) return std::nullopt;
    return StandInNeo4j::error(200, "Neo.ClientError.Schema.ConstraintValidationFailed");
  });
  ASSERT_TRUE(send(stand_in, 100, 25, 4));
  ASSERT_EQ(rejected_.size(), 1u);
  EXPECT_EQ(rejected_[0].row, "{\"n\":13}");
  EXPECT_EQ(rejected_[0].reason, "Neo.ClientError.Schema.ConstraintValidationFailed: so it is");
  EXPECT_EQ(stand_in.taken_rows().size(), 99u);
  EXPECT_EQ(counts_.rows, 99u);
}

TEST_F(Sender, WhatTheServerNeverAnswersIsFoundWhileItAnswersOthers) {
  for (const Said& said : {Said{503, "busy"}, Said{200, "{\"resul"},
                           StandInNeo4j::error(200, "Neo.TransientError.General.OutOfMemory")}) {
    rejected_.clear();
    StandInNeo4j stand_in([&](const std::string&, const Json& rows) -> std::optional<Said> {
      return has(rows, 3) ? std::optional(said) : std::nullopt;
    });
    ASSERT_TRUE(send(stand_in, 8, 8)) << said.body;
    ASSERT_EQ(rejected_.size(), 1u) << said.body;
    EXPECT_EQ(rejected_[0].row, "{\"n\":3}");
    EXPECT_EQ(stand_in.taken_rows().size(), 7u);
  }
}

TEST_F(Sender, ARowThatFindsNoPlaceIsPutAside) {
  StandInNeo4j stand_in([](const std::string&, const Json& rows) -> std::optional<Said> {
    if (!has(rows, 5)) return std::nullopt;
    const Json found = Json::array({rows.size() - 1});
    return Said{
        200, Json{{"results", {{{"data", {{{"row", found}}}}}}}, {"errors", Json::array()}}.dump()};
  });
  ASSERT_TRUE(send(stand_in, 10));
  ASSERT_EQ(rejected_.size(), 1u);
  EXPECT_EQ(rejected_[0].row, "{\"n\":5}");
  EXPECT_THAT(rejected_[0].reason, HasSubstr("is not there"));
}

TEST_F(Sender, AServerThatNoLongerAnswersEndsPatienceAndNothingIsPutAside) {
  patience_.unavailable = milliseconds(50);
  bool is_down = false;
  StandInNeo4j stand_in([&](const std::string&, const Json& rows) -> std::optional<Said> {
    is_down = is_down || has(rows, 20);
    return is_down ? std::optional(Said{503, "down"}) : std::nullopt;
  });
  const Result<void> sent = send(stand_in, 50, 10, 2);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kUnreadable);
  EXPECT_THAT(sent.error().message, HasSubstr("what is missing is sent next time"));
  EXPECT_TRUE(rejected_.empty());
}

TEST_F(Sender, APasswordThatIsNoLongerRightEndsItAtOnce) {
  int answered = 0;
  StandInNeo4j stand_in([&](const std::string&, const Json&) -> std::optional<Said> {
    if (++answered <= 2) return std::nullopt;
    return StandInNeo4j::error(401, "Neo.ClientError.Security.Unauthorized");
  });
  const Result<void> sent = send(stand_in, 50);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kInvalid);
}

TEST_F(Sender, AStopIsHeardWhileItWaits) {
  patience_ = {milliseconds(600'000), milliseconds(600'000), 3, milliseconds(600'000)};
  StandInNeo4j stand_in([&](const std::string&, const Json& rows) -> std::optional<Said> {
    if (rows.empty()) return std::nullopt;
    stop_.request_stop();
    return Said{503, "down"};
  });
  const Result<void> sent = send(stand_in, 10);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kStopped);
}

TEST_F(Sender, AnAnswerThatDoesNotComeIsATimeOut) {
  timeout_ = milliseconds(4000);
  patience_.unavailable = milliseconds(0);
  std::promise<void> is_over;
  const std::shared_future<void> end = is_over.get_future();
  StandInNeo4j stand_in([&](const std::string&, const Json& rows) -> std::optional<Said> {
    if (!rows.empty()) end.wait();
    return std::nullopt;
  });
  const Result<void> sent = send(stand_in, 2);
  is_over.set_value();
  ASSERT_FALSE(sent);
  EXPECT_THAT(sent.error().message, HasSubstr("timed out"));
}

// The next one on these connections must not take the answers for its own.
TEST_F(Sender, WhenItIsStoppedNothingIsLeftOnTheConnections) {
  for (const bool is_slow : {false, true}) {  // it answers soon, or not
    std::stop_source stop;
    StandInNeo4j stand_in([&](const std::string&, const Json& rows) -> std::optional<Said> {
      if (rows.empty()) return std::nullopt;
      stop.request_stop();
      std::this_thread::sleep_for(milliseconds(is_slow ? 300 : 20));
      return std::nullopt;
    });
    auto server = Neo4jServer::connect(stand_in.address(), timeout_);
    ASSERT_TRUE(server) << server.error().message;
    BatchSender sender(**server, "x", patience_, stop.get_token(), [](RejectedRow&&) {});
    const Result<void> sent = sender.send(HttpClient::kConnections, [](Batch& batch) {
      batch.statement = kStatement;
      batch.rows = {"{}"};
      return true;
    });
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, ErrorCode::kStopped);
    EXPECT_EQ((*server)->client().running(), 0u);
    EXPECT_EQ((*server)->ask("RETURN 1").outcome, Outcome::kDone);
  }
}

TEST_F(Sender, AnAnswerIsNotWaitedForWhenItIsStopped) {
  StandInNeo4j stand_in([&](const std::string& statement, const Json&) -> std::optional<Said> {
    if (statement == "SLOW") {
      stop_.request_stop();
      std::this_thread::sleep_for(milliseconds(3000));
    }
    return std::nullopt;
  });
  auto server = Neo4jServer::connect(stand_in.address(), timeout_);
  ASSERT_TRUE(server) << server.error().message;
  BatchSender sender(**server, "x", patience_, stop_.get_token(), [](RejectedRow&&) {});
  const auto begin = std::chrono::steady_clock::now();
  const auto answer = sender.insist("SLOW", "{}");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kStopped);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(2500));
}

}  // namespace
}  // namespace engine::io
