// Generated scripts: the splitter beside the real client. ENGINE_CLIENT_SEED begins elsewhere,
// ENGINE_TEST_TIMES=N reads N times as many.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "tests/sql/compare_units.h"
#include "tests/sql/script_generator.h"
#include "tests/sql/split_units.h"
#include "tests/support/real_client.h"
#include "tests/support/run_process.h"
#include "tests/support/temp_dir.h"

namespace engine::test {
namespace {

using Generator = std::string (*)(std::uint32_t);

std::uint32_t first_seed() {
  const char* seed = std::getenv("ENGINE_CLIENT_SEED");
  return seed == nullptr ? 1 : static_cast<std::uint32_t>(std::strtoul(seed, nullptr, 10));
}

// How many times as many scripts as in every test run.
std::uint32_t times() {
  const char* times = std::getenv("ENGINE_TEST_TIMES");
  return times == nullptr ? 1 : static_cast<std::uint32_t>(std::strtoul(times, nullptr, 10));
}

void compare_generated(Dialect dialect, Generator generate, std::uint32_t count) {
  if (!RealClient::installed(dialect)) GTEST_SKIP() << "the client is not installed";
  constexpr std::uint32_t kAtOnce = 100;
  RealClient client(dialect);
  for (std::uint32_t seed = first_seed(); count > 0;) {
    std::vector<std::string> scripts;
    const std::uint32_t begin = seed;
    for (; count > 0 && scripts.size() < kAtOnce; --count) scripts.push_back(generate(seed++));
    const auto sent = client.send(scripts);
    for (std::size_t i = 0; i < scripts.size(); ++i) {
      const std::string difference = difference_of(scripts[i], dialect, sent[i]);
      ASSERT_EQ(difference, "") << "seed " << begin + i << ":\n" << scripts[i];
    }
  }
}

TEST(GeneratedScripts, PostgresqlAsPsql) {
  compare_generated(Dialect::kPostgresql, generate_postgresql, 300 * times());
}
TEST(GeneratedScripts, MysqlAsMariadb) {
  compare_generated(Dialect::kMysql, generate_mysql, 100 * times());
}

void expect_complete_units(const std::string& script) {
  for (const std::string& unit : units_of(script, Dialect::kSqlite)) {
    // A line "go" or "/" stands for a semicolon; a comment may stand before it, with one in it.
    const bool by_line = !::sqlite3_complete(unit.c_str());
    EXPECT_TRUE(!by_line || ::sqlite3_complete((unit + "\n;").c_str())) << unit;
    for (std::size_t i = unit.find(';'); i < unit.size() - 1; i = unit.find(';', i + 1)) {
      EXPECT_FALSE(::sqlite3_complete(unit.substr(0, i + 1).c_str())) << unit;
    }
  }
}

// The numbers of the statements that begin with this word.
std::vector<std::string> numbers_of(const std::string& script, std::string_view first) {
  std::vector<std::string> numbers;
  for (const std::string& unit : units_of(script, Dialect::kSqlite)) {
    if (unit.compare(0, first.size(), first) != 0) continue;
    const std::size_t digit = unit.find_first_of("0123456789");
    numbers.push_back(unit.substr(digit, 4));
  }
  return numbers;
}

std::vector<std::string> run_by_shell(const std::string& shell, const std::string& script) {
  TempDir files;
  const std::string file = files.write("script.sql", script).string();
  const auto done = run_process(
      {"/bin/sh", "-c", "exec \"$0\" -batch -init /dev/null :memory: < \"$1\"", shell, file});
  std::vector<std::string> lines;
  std::istringstream stream(done.out);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

void compare_with_sqlite(std::uint32_t count) {
  const std::string shell = find_program("sqlite3");
  if (shell.empty()) GTEST_SKIP() << "sqlite3 is not installed";
  for (std::uint32_t seed = first_seed(); count > 0; --count, ++seed) {
    const std::string script = generate_sqlite(seed);
    expect_complete_units(script);
    // Each SELECT gives its number as it runs; triggers are asked for behind.
    std::vector<std::string> expected = numbers_of(script, "SELECT");
    for (const std::string& trigger : numbers_of(script, "create")) expected.push_back(trigger);
    const std::string ask =
        "\n;\nSELECT substr(name, 2) FROM (SELECT * FROM sqlite_schema UNION ALL SELECT * FROM "
        "sqlite_temp_schema) WHERE type = 'trigger' ORDER BY name;\n";
    ASSERT_EQ(run_by_shell(shell, script + ask), expected) << "seed " << seed << ":\n" << script;
    ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed << ":\n" << script;
  }
}

TEST(GeneratedScripts, SqliteAsItsShellAndSqlite3Complete) { compare_with_sqlite(100 * times()); }

}  // namespace
}  // namespace engine::test
