#include "io/neo4j/address.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using ::testing::HasSubstr;

std::string refusal(const std::string& url) {
  const auto address = neo4j_address(url, "neo4j", std::nullopt);
  return address ? "accepted" : address.error().message;
}

TEST(Neo4jAddress, ABoltAddressSaysWhichOneIsMeant) {
  EXPECT_THAT(refusal("bolt://db:7687"), HasSubstr("give http://db:7474"));
  EXPECT_THAT(refusal("neo4j://db"), HasSubstr("give http://db:7474"));
  EXPECT_THAT(refusal("neo4j+s://db"), HasSubstr("give https://db:7473"));
}

TEST(Neo4jAddress, WhatIsNoAddressIsRefused) {
  for (const char* url : {"db:7474", "localhost", "ftp://db", "http://", "http://a b/", ""}) {
    EXPECT_THAT(refusal(url), HasSubstr("give http://HOST:7474")) << url;
  }
}

TEST(Neo4jAddress, ADatabaseHasAPlainName) {
  for (const char* name : {"a/b", "a?x=1", "a#b", "a b", "", "..%2f"}) {
    const auto address = neo4j_address("http://db:7474", name, std::nullopt);
    ASSERT_FALSE(address) << name;
    EXPECT_THAT(address.error().message, HasSubstr("--neo4j-database: '")) << name;
  }
  EXPECT_TRUE(neo4j_address("http://db:7474", "my-db.2", std::nullopt));
}

TEST(Neo4jAddress, APasswordInTheAddressIsNotShownAgain) {
  const std::string message = refusal("http://neo4j:secret@db:7474");
  EXPECT_THAT(message, HasSubstr("NEO4J_PASSWORD"));
  EXPECT_THAT(message, ::testing::Not(HasSubstr("secret")));
}

TEST(Neo4jAddress, TheFirstLineOfAFileNamesUserAndPassword) {
  const engine::test::TempDir dir;
  dir.write("secret", "who:a:b\r\nmore\n");
  const auto address = neo4j_address("http://db:7474/", "d", (dir / "secret").string());
  ASSERT_TRUE(address) << address.error().message;
  EXPECT_EQ(address->url, "http://db:7474");
  EXPECT_EQ(address->user, "who");
  EXPECT_EQ(address->password, "a:b");

  dir.write("empty", "");
  for (const char* file : {"empty", "absent"}) {
    const auto refused = neo4j_address("http://db:7474", "d", (dir / file).string());
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("--neo4j-credentials: "));
  }
}

}  // namespace
}  // namespace engine::io
