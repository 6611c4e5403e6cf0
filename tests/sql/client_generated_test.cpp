// Generated scripts: the splitter beside the real client. The short run is in every test run, the
// long one is labelled so; ENGINE_CLIENT_SEED begins either elsewhere.
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "tests/sql/compare_units.h"
#include "tests/sql/script_generator.h"
#include "tests/sql/split_units.h"
#include "tests/support/real_client.h"
#include "tests/support/run_process.h"

namespace engine::test {
namespace {

using Generator = std::string (*)(std::uint32_t);

std::uint32_t first_seed() {
  const char* seed = std::getenv("ENGINE_CLIENT_SEED");
  return seed == nullptr ? 1 : static_cast<std::uint32_t>(std::strtoul(seed, nullptr, 10));
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
  compare_generated(Dialect::kPostgresql, generate_postgresql, 300);
}
TEST(GeneratedScripts, MysqlAsMariadb) { compare_generated(Dialect::kMysql, generate_mysql, 100); }

// Run by the test GeneratedScripts.long.
TEST(GeneratedScripts, DISABLED_LongPostgresqlAsPsql) {
  compare_generated(Dialect::kPostgresql, generate_postgresql, 20000);
}
TEST(GeneratedScripts, DISABLED_LongMysqlAsMariadb) {
  compare_generated(Dialect::kMysql, generate_mysql, 5000);
}

}  // namespace
}  // namespace engine::test
