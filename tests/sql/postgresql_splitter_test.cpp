#include <gmock/gmock.h>

#include "tests/sql/split_units.h"

namespace engine::sql {
namespace {

using test::units_of;
using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST(PostgresqlSplitter, CopyDataBelongsToItsStatement) {
  EXPECT_THAT(units_of("COPY t FROM stdin;\n1\ta;b\n\\.\nSELECT 1;\n", Dialect::kPostgresql),
              ElementsAre("COPY t FROM stdin;\n1\ta;b\n\\.", "SELECT 1;"));
}

TEST(PostgresqlSplitter, RestOfACopyLineIsSql) {
  EXPECT_THAT(units_of("COPY t FROM stdin; SELECT 2;\n1\n\\.\nSELECT 3;\n", Dialect::kPostgresql),
              ElementsAre("COPY t FROM stdin;", "SELECT 2;", "SELECT 3;"));
}

TEST(PostgresqlSplitter, BeginAtomicBodyIsOneStatement) {
  EXPECT_THAT(units_of("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN "
                       "true THEN 1 END; END;\nSELECT 2;",
                       Dialect::kPostgresql),
              SizeIs(2));
}

TEST(PostgresqlSplitter, MetaCommandsAreDirectivesAndSendersEndStatements) {
  EXPECT_THAT(
      units_of("\\set a 'x;y'\nSELECT 1 \\gx\nSELECT 2 \\; SELECT 3;", Dialect::kPostgresql),
      ElementsAre("SELECT 1 \\gx", "SELECT 2 \\; SELECT 3;"));
}

TEST(PostgresqlSplitter, StandardConformingStringsIsFollowed) {
  EXPECT_THAT(units_of("SET standard_conforming_strings = off;\nSELECT 'a\\'; b';\nSELECT 2;",
                       Dialect::kPostgresql),
              SizeIs(3));
}

TEST(PostgresqlSplitter, OpenDollarQuoteResynchronises) {
  const auto units = units_of(
      "CREATE FUNCTION f() AS $$\nBEGIN;\nCREATE TABLE a (i int);\nCREATE TABLE b (i int);\n",
      Dialect::kPostgresql);
  ASSERT_THAT(units, SizeIs(3));
  EXPECT_EQ(units[1], "CREATE TABLE a (i int);");
}

}  // namespace
}  // namespace engine::sql
