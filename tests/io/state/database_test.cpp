#include "io/state/database.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "io/host/process_memory.h"
#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

// However much there is on record.
TEST(Database, ACopyForOneReaderTakesLittleMemory) {
  constexpr std::int64_t kBytes = 64'000'000;
  const test::TempDir dir;
  const std::string path = (dir / "engine.db").string();
  {
    Database file;
    ASSERT_EQ(file.open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE), SQLITE_OK);
    ASSERT_EQ(file.execute("CREATE TABLE t (a)"), SQLITE_OK);
    ASSERT_EQ(file.execute(
                  ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT " +
                   std::to_string(kBytes / 1000) + ") INSERT INTO t SELECT randomblob(1000) FROM n")
                      .c_str()),
              SQLITE_OK);
  }
  Database database;
  ASSERT_EQ(database.open(path, SQLITE_OPEN_READONLY), SQLITE_OK);
  PeakAnonymousMemory memory;
  memory.sample();
  const std::uint64_t before = memory.bytes();
  ASSERT_EQ(database.move_to_temporary(), SQLITE_OK);
  memory.sample();
  EXPECT_LT(memory.bytes(), before + kBytes / 4);
  ASSERT_EQ(database.execute("INSERT INTO t VALUES (1)"), SQLITE_OK);
  EXPECT_EQ(database.number("SELECT count(*) FROM t"), kBytes / 1000 + 1);
  Database file;
  ASSERT_EQ(file.open(path, SQLITE_OPEN_READONLY), SQLITE_OK);
  EXPECT_EQ(file.number("SELECT count(*) FROM t"), kBytes / 1000);
}

}  // namespace
}  // namespace engine::io
