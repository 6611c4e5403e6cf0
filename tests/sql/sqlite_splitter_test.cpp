#include <gmock/gmock.h>

#include "tests/sql/split_units.h"

namespace engine::sql {
namespace {

using test::units_of;
using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST(SqliteSplitter, TriggerEndsAtEndSemicolon) {
  EXPECT_THAT(units_of("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; "
                       "END; SELECT 1;",
                       Dialect::kSqlite),
              SizeIs(2));
}

TEST(SqliteSplitter, ShellTakesGoSlashAndDots) {
  EXPECT_THAT(units_of(".mode csv it's\nSELECT 1\ngo\nSELECT 2\n/\n", Dialect::kSqlite),
              ElementsAre("SELECT 1", "SELECT 2"));
}

}  // namespace
}  // namespace engine::sql
