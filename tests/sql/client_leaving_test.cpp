// Scripts that end their client: the splitter beside the real one.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/sql/compare_units.h"
#include "tests/sql/split_units.h"
#include "tests/support/real_client.h"
#include "tests/support/run_process.h"
#include "tests/support/temp_dir.h"

namespace engine::test {
namespace {

void compare_each(Dialect dialect, const std::vector<std::string>& scripts) {
  if (!RealClient::installed(dialect)) GTEST_SKIP() << "the client is not installed";
  RealClient client(dialect);
  const auto sent = client.send(scripts);
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    EXPECT_EQ(difference_of(scripts[i], dialect, sent[i]), "") << scripts[i];
  }
}

TEST(ClientLeaving, Psql) {
  compare_each(Dialect::kPostgresql, {
                                         "SELECT 1;\n\\q\nSELECT 2;\n",
                                         "SELECT 1;\n\\quit now\nSELECT 2;\n",
                                         "SELECT 1 \\q\nSELECT 2;\n",
                                         "SELECT (1\n\\q SELECT 2;\nSELECT 3);\n",
                                         "SELECT 1; \\q SELECT 2;\nSELECT 3;\n",
                                         "SELECT '\n\\q\n';\n/*\n\\q\n*/SELECT 2;\n",
                                         "\\if false\n\\q\n\\endif\nSELECT 1;\n\\q\nSELECT 2;\n",
                                         "SELECT $$\n\\q\n$$;\nSELECT 2\\;SELECT 3 \\q\nSELECT 4;",
                                         "COPY t FROM stdin; \\q\n1\n2\n\\.\nSELECT 2;\n",
                                         "COPY t FROM stdin \\q\n1\n2\n\\.\nSELECT 2;\n",
                                         "COPY t FROM stdin\\; SELECT 1 \\q\n1\n\\.\nSELECT 2;",
                                         "\\Q\nSELECT 1;\n\\qx\nSELECT 2;\n",
                                     });
}

TEST(ClientLeaving, Mariadb) {
  compare_each(Dialect::kMysql, {
                                    "SELECT 1;\nexit\nSELECT 2;\n",
                                    "SELECT 1;\n  QUIT  \nSELECT 2;\n",
                                    "SELECT 1;\nexit;\nSELECT 2;\n",
                                    "SELECT 1; exit; SELECT 2;\n",
                                    "SELECT 1\nexit\n;\nSELECT 2;\n",
                                    "SELECT 1 \\q\nSELECT 2;\n",
                                    "SELECT 1;\\q\nSELECT 2;\n",
                                    "SELECT '\nexit\n\\q';\nSELECT 2;\n",
                                    "/*\nexit\n*/SELECT 1; # \\q\nSELECT 2;\n",
                                    "/*! SELECT 1 \\q */;\nSELECT 2;\n",
                                    "DELIMITER //\nSELECT 1; exit;\n//\nexit//\nSELECT 2//\n",
                                    "exit now;\nSELECT 1;\nexit /* c */\n;SELECT 2;\n",
                                    "-- c\n/* c */ exit\nSELECT 1;\n",
                                    "use db exit;\nSELECT 1;\nquit -- c\nSELECT 2;\n",
                                });
}

std::size_t lines_printed_by(const std::string& shell, const std::string& script) {
  TempDir files;
  const std::string file = files.write("script.sql", script).string();
  const auto done = run_process(
      {"/bin/sh", "-c", "exec \"$0\" -batch -init /dev/null :memory: < \"$1\" 2>&1", shell, file});
  return static_cast<std::size_t>(std::count(done.out.begin(), done.out.end(), '\n'));
}

TEST(ClientLeaving, Sqlite) {
  const std::string shell = find_program("sqlite3");
  if (shell.empty()) GTEST_SKIP() << "sqlite3 is not installed";
  for (const std::string command :
       {".quit", ".q", ".qui", ".exit", ".exit 3", ".ex", ". quit", ".quit x"}) {
    const std::string script = "SELECT 1;\n" + command + "\nSELECT 2;\nSELECT 3;\n";
    EXPECT_EQ(lines_printed_by(shell, script), 1u) << command;
    EXPECT_EQ(units_of(script, Dialect::kSqlite).size(), 1u) << command;
  }
  // Each prints a line of its own for a command that is none, or for its setting.
  for (const std::string other : {".QUIT", ".quit;", ".quite", ".exi;"}) {
    const std::string script = "SELECT 1;\n" + other + "\nSELECT 2;\nSELECT 3;\n";
    EXPECT_GE(lines_printed_by(shell, script), 3u) << other;
    EXPECT_EQ(units_of(script, Dialect::kSqlite).size(), 3u) << other;
  }
}

// Without a database isql says for each statement that it would send, and once before, that there
// is none.
std::size_t statements_of_isql(const std::string& isql, const std::string& script) {
  constexpr std::string_view kNoDatabase = "Use CONNECT";
  TempDir files;
  const std::string file = files.write("script.sql", script).string();
  const auto done = run_process({"/bin/sh", "-c", "exec \"$0\" -i \"$1\" 2>&1", isql, file});
  std::size_t found = 0;
  for (std::size_t at = 0; (at = done.out.find(kNoDatabase, at)) != std::string::npos; ++at) {
    ++found;
  }
  return found - 1;
}

TEST(ClientLeaving, Isql) {
  const std::string isql = find_program("isql-fb");
  if (isql.empty()) GTEST_SKIP() << "isql-fb is not installed";
  for (const std::string script : {
           "SELECT 1 FROM t;\nQUIT;\nSELECT 2 FROM t;\n",
           "SELECT 1 FROM t;\n/* c */ exit now;\nSELECT 2 FROM t;\n",
           "QUIT/* c */;\nSELECT 1 FROM t;\nexits;\nSELECT 2 FROM t;\n",
           "SET TERM ^ ;\nSELECT 1; 2^\nEXIT^\nSELECT 3^\n",
           "SET TERM ^ ;\nSELECT 1; 2^\nSET TERM ^ ^;\nSELECT 3;\nSELECT 4;\n",
           "SET TERM ;\nSET TERM !! ;SELECT 1!!SELECT 2!! SET TERM ; !!SELECT 3;",
           "SELECT '/*', \"b;\", q'{;'}', '--' FROM t; -- ;\n;/* ; */;SELECT - - 1 FROM t;\n",
           "SET TIME ON;\nSET TRANS READ ONLY;\nSET GENERATOR g TO 1;\nCOPY a b c;\nSET FOO x;\n",
       }) {
    EXPECT_EQ(units_of(script, Dialect::kFirebird).size(), statements_of_isql(isql, script))
        << script;
  }
}

}  // namespace
}  // namespace engine::test
