// engine order: what it prints and how it ends.
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace engine::test {
namespace {

using ::testing::HasSubstr;

class OrderCommand : public Program {};

TEST_F(OrderCommand, NamesEveryFileAsTheCallerCanOpenIt) {
  dir_.write("in/a.sql", "CREATE VIEW v AS SELECT 1;\nCREATE TABLE t (i int);\n");
  ASSERT_EQ(run({"--dialect=postgresql", "in", "out"}).exit_status, 0);
  ProcessResult result = run({"order", "out/a/"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.out, "out/a/views/v/v.sql\nout/a/tables/t/t.sql\n");
  result = run({"order", "--by-dependency", "out/a"});
  EXPECT_EQ(result.out, "out/a/tables/t/t.sql\nout/a/views/v/v.sql\n");
  EXPECT_EQ(result.err, "");
}

TEST_F(OrderCommand, SaysWhatIsWrongInOneLine) {
  ProcessResult result = run({"order", "none"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
  dir_.write("in/a.sql", kTable);
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  std::filesystem::remove_all(dir_ / "out/a/tables");
  result = run({"order", "out/a"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("out/a/tables"));
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
}

TEST_F(OrderCommand, RowsThatWereDroppedAreRefusedByJoinAloneAndVerified) {
  dir_.write("in/a.sql", std::string(kTable) + "INSERT dbo.Product VALUES (1, 'x')\nGO\n");
  ASSERT_EQ(run({"--data=drop", "in", "out"}).exit_status, 0);
  EXPECT_EQ(run({"verify", "out", "--input=in"}).exit_status, 0);
  const ProcessResult joined = run({"join", "out/a"});
  EXPECT_EQ(joined.exit_status, 1);
  EXPECT_EQ(joined.out, "");
  EXPECT_THAT(joined.err, HasSubstr("--data=drop"));
  EXPECT_EQ(run({"order", "out/a"}).out, "out/a/tables/dbo.Product/dbo.Product.sql\n");
}

}  // namespace
}  // namespace engine::test
