#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "io/state/database.h"
#include "tests/cli/program.h"
#include "tests/io/neo4j/stand_in_neo4j.h"

namespace engine::test {
namespace {

using io::test::Said;
using io::test::StandInNeo4j;
using ::testing::HasSubstr;
using Json = nlohmann::json;

class Neo4j : public Program {
 protected:
  static std::string option(const StandInNeo4j& server) {
    return "--neo4j=" + server.address().url;
  }
};

TEST_F(Neo4j, ALoadSendsItsGraphOnce) {
  StandInNeo4j server;
  dir_.write("in/a.sql", kTable);
  const ProcessResult first = run({option(server), "--stats=json", "in", "out"});
  ASSERT_EQ(first.exit_status, 0) << first.err;
  EXPECT_EQ(Json::parse(first.out)["neo4j"]["nodes"], 2);
  const std::vector<std::string> rows = server.taken_rows();
  EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [](const std::string& row) {
    return row.find("a: table dbo.Product") != std::string::npos;
  }));
  const ProcessResult again = run({option(server), "--stats=json", "in", "out"});
  ASSERT_EQ(again.exit_status, 0) << again.err;
  EXPECT_EQ(Json::parse(again.out)["neo4j"]["nodes"], 0);
}

TEST_F(Neo4j, WhatIsWrongIsSaidBeforeAnythingIsLoaded) {
  StandInNeo4j strict([](const std::string&, const Json&) {
    return StandInNeo4j::error(401, "Neo.ClientError.Security.Unauthorized");
  });
  const std::string nobody = option(StandInNeo4j());  // that has gone by now
  dir_.write("in/a.sql", kTable);
  for (const std::string& wrong :
       {option(strict), nobody, std::string("--neo4j=bolt://db:7687"), std::string("--neo4j=db")}) {
    const ProcessResult result = run({wrong, "in", "out"});
    EXPECT_EQ(result.exit_status, 2) << wrong;
    EXPECT_TRUE(is_one_line(result.err)) << result.err;
    EXPECT_FALSE(exists("out")) << wrong;
  }
}

TEST_F(Neo4j, AServerThatNobodyVouchesForIsToldNothing) {
  StandInNeo4j server(io::test::TestCertificate("DNS:localhost,IP:127.0.0.1"));
  dir_.write("in/a.sql", kTable);
  const ProcessResult result = run({option(server), "in", "out"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, HasSubstr("cannot be trusted: SSL certificate problem"));
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
  EXPECT_FALSE(exists("out"));
  EXPECT_THAT(server.statements(), ::testing::IsEmpty());
}

// The system's certificates are replaced in a name space of mounts of the engine's own.
TEST_F(Neo4j, AServerThatTheSystemVouchesForIsTrustedUnderItsOwnName) {
  constexpr const char* kStore = "/etc/ssl/certs/ca-certificates.crt";
  if (::geteuid() != 0) GTEST_SKIP() << "only root can put a certificate into the system's store";
  if (!std::filesystem::exists(kStore)) GTEST_SKIP() << "no " << kStore;
  // In a chroot whose root is no mount there is none.
  if (run_process({"unshare", "--mount", "true"}, {}).exit_status != 0) {
    GTEST_SKIP() << "no name space of mounts can be had";
  }
  dir_.write("in/a.sql", kTable);
  for (const bool is_its_name : {true, false}) {
    const io::test::TestCertificate certificate(is_its_name ? "IP:127.0.0.1" : "DNS:db.example");
    StandInNeo4j server(certificate);
    dir_.write("store.pem", certificate.pem());
    RunOptions options;
    options.directory = dir_.str();
    const ProcessResult result = run_process(
        {"unshare", "--mount", "sh", "-c", "mount --bind store.pem \"$0\" && exec \"$@\"", kStore,
         ENGINE_PROGRAM, option(server), "in", is_its_name ? "out" : "other"},
        options);
    EXPECT_EQ(result.exit_status, is_its_name ? 0 : 2) << result.err;
    EXPECT_EQ(server.taken_rows().empty(), !is_its_name);
    EXPECT_THAT(result.err, HasSubstr(is_its_name ? "" : "cannot be trusted: SSL: no alternative"));
  }
}

TEST_F(Neo4j, ARowThatIsRefusedCostsNoFile) {
  StandInNeo4j server([](const std::string&, const Json& rows) -> std::optional<Said> {
    if (rows.dump().find("table dbo.Product") == std::string::npos) return std::nullopt;
    return StandInNeo4j::error(200, "Neo.ClientError.Statement.TypeError");
  });
  dir_.write("in/a.sql", kTable);
  const ProcessResult result = run({option(server), "in", "out"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err + result.out, HasSubstr("neo4j_rejected"));
  EXPECT_TRUE(exists("out/a/tables/dbo.Product/dbo.Product.sql"));
}

TEST_F(Neo4j, TheCatalogueIsBroughtUpWhenAskedFor) {
  dir_.write("in/a.sql", kTable);
  ASSERT_EQ(run({"--catalog", "in", "out"}).exit_status, 0);
  io::Database store;
  ASSERT_EQ(store.open((dir_ / "out/.engine/engine.db").string(), SQLITE_OPEN_READONLY), SQLITE_OK);
  EXPECT_EQ(store.number("SELECT count(*) FROM objects WHERE name = 'Product'"), 1);
}

}  // namespace
}  // namespace engine::test
