#include "io/neo4j/server.h"

#include <gmock/gmock.h>

#include "tests/io/neo4j/stand_in_neo4j.h"

namespace engine::io {
namespace {

using std::chrono::milliseconds;
using test::Said;
using test::StandInNeo4j;
using ::testing::HasSubstr;

constexpr milliseconds kTimeout{20'000};

std::string refusal(const Neo4jAddress& address) {
  const auto server = Neo4jServer::connect(address, kTimeout);
  return server ? "connected" : server.error().message;
}

StandInNeo4j::Script always(Said said) {
  return [said](const std::string&, const auto&) { return said; };
}

TEST(Neo4jServer, TakesTheTransactionalEndpointWhereThereIsOne) {
  StandInNeo4j both;
  StandInNeo4j query({}, /*has_transactions=*/false);
  const auto first = Neo4jServer::connect(both.address(), kTimeout);
  const auto second = Neo4jServer::connect(query.address(), kTimeout);
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_TRUE((*first)->is_transactional());
  EXPECT_FALSE((*second)->is_transactional());
  EXPECT_EQ((*first)->version(), "5.26.0");
}

TEST(Neo4jServer, WhoeverElseAnswersIsNotNeo4j) {
  StandInNeo4j other;
  other.say_at_the_door("<html>It works!</html>");
  EXPECT_THAT(refusal(other.address()), HasSubstr("port 7474"));
}

TEST(Neo4jServer, WhereNobodyListensIsSaid) {
  Neo4jAddress address = StandInNeo4j().address();  // that has gone by now
  EXPECT_THAT(refusal(address), HasSubstr(address.url + ": cannot be reached: "));
}

TEST(Neo4jServer, AWrongPasswordAndAMissingDatabaseAreSaid) {
  StandInNeo4j strict(always(StandInNeo4j::error(401, "Neo.ClientError.Security.Unauthorized")));
  EXPECT_THAT(refusal(strict.address()), HasSubstr("asks for a user and password"));
  Neo4jAddress named = strict.address();
  named.user = "who";
  EXPECT_THAT(refusal(named), HasSubstr("does not accept user 'who'"));
  StandInNeo4j empty(always(StandInNeo4j::error(404, "Neo.ClientError.Database.DatabaseNotFound")));
  EXPECT_THAT(refusal(empty.address()), HasSubstr("has no database 'neo4j'"));
}

TEST(Neo4jServer, AnErrorWithTheStatusOfSuccessIsAnError) {
  for (const bool has_transactions : {true, false}) {
    bool is_broken = false;
    StandInNeo4j stand_in(
        [&](const std::string&, const auto&) -> std::optional<Said> {
          if (!is_broken) return std::nullopt;
          return Said{has_transactions ? 200 : 202,
                      R"({"data":{"values":[[1]]},"bookmarks":["b"],"results":[],
                          "errors":[{"code":"Neo.TransientError.Transaction.DeadlockDetected",
                                     "message":"both"}]})"};
        },
        has_transactions);
    const auto server = Neo4jServer::connect(stand_in.address(), kTimeout);
    ASSERT_TRUE(server) << server.error().message;
    stand_in.change([&] { is_broken = true; });
    const ServerAnswer answer = (*server)->ask("RETURN 1");
    EXPECT_EQ(answer.outcome, Outcome::kTransient);
    EXPECT_EQ(answer.reason, "Neo.TransientError.Transaction.DeadlockDetected: both");
  }
}

TEST(Neo4jServer, WhatIsNoAnswerSaysNothingOfTheStatement) {
  Said said;
  bool is_broken = false;
  StandInNeo4j stand_in([&](const std::string&, const auto&) -> std::optional<Said> {
    return is_broken ? std::optional(said) : std::nullopt;
  });
  const auto server = Neo4jServer::connect(stand_in.address(), kTimeout);
  ASSERT_TRUE(server) << server.error().message;
  stand_in.change([&] { is_broken = true; });
  for (const Said& one :
       {Said{200, "{\"results\":["}, Said{200, "{}"}, Said{502, "bad gateway"}, Said{200, "[]"},
        Said{200, ""}, Said{429, "{}"}, StandInNeo4j::error(500, "N/A")}) {
    stand_in.change([&] { said = one; });
    EXPECT_EQ((*server)->ask("RETURN 1").outcome, Outcome::kUnavailable) << one.body;
  }
  stand_in.change([&] { said = {200, R"({"results":1,"errors":{"a":1}})"}; });
  (*server)->ask("RETURN 1");  // any shape, and no crash
}

}  // namespace
}  // namespace engine::io
