#include "tests/support/real_client.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>
#include <utility>

#include "tests/support/run_process.h"

namespace engine::test {
namespace {

constexpr const char* kPsqlSocket = ".s.PGSQL.5432";
constexpr std::string_view kEndOfScript = "SELECT 'end of the script'";

std::string program_of(Dialect dialect) {
  return find_program(dialect == Dialect::kMysql ? "mariadb" : "psql");
}

}  // namespace

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "/usr/bin" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = folder + "/" + name;
    if (::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

bool RealClient::installed(Dialect dialect) { return !program_of(dialect).empty(); }

RealClient::RealClient(Dialect dialect)
    : dialect_(dialect), program_(program_of(dialect)), server_(dialect, files_ / kPsqlSocket) {}

std::vector<std::vector<std::string>> RealClient::send(const std::vector<std::string>& scripts) {
  if (dialect_ == Dialect::kPostgresql) return send_by_psql(scripts);
  std::vector<std::vector<std::string>> sent;
  for (const std::string& script : scripts) sent.push_back(send_by_mariadb(script));
  return sent;
}

// One run for all, since starting takes longer than reading; a query between the scripts marks
// where each ends and puts back what the server can.
std::vector<std::vector<std::string>> RealClient::send_by_psql(
    const std::vector<std::string>& scripts) {
  std::vector<std::string> command = {program_, "-Xq", "-h", files_.str(), "-U", "x", "-d", "x"};
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    const auto file = files_.write(std::to_string(i) + ".sql", scripts[i]);
    command.insert(command.end(), {"-f", file.string(), "-c", std::string(kEndOfScript)});
    command.insert(command.end(), {"-c", "RESET standard_conforming_strings"});
  }
  RunOptions options;
  options.directory = files_.str();
  run_process(command, options);
  std::vector<std::vector<std::string>> sent(1);
  const std::vector<std::string> queries = server_.take_queries();
  for (std::size_t i = 0; i < queries.size(); ++i) {
    if (queries[i] == kEndOfScript) {
      sent.emplace_back();
      ++i;
    } else {
      sent.back().push_back(queries[i]);
    }
  }
  sent.pop_back();
  EXPECT_EQ(sent.size(), scripts.size()) << "psql did not read all scripts";
  sent.resize(scripts.size());
  return sent;
}

std::vector<std::string> RealClient::send_by_mariadb(const std::string& script) {
  const std::string file = files_.write("script.sql", script).string();
  const std::string socket = (files_ / kPsqlSocket).string();
  RunOptions options;
  options.directory = files_.str();
  // It goes on after an error, as in a terminal: a command that it does not know is one.
  run_process({"/bin/sh", "-c",
               "exec \"$0\" --no-defaults --socket=\"$1\" --user=x --skip-ssl --force "
               "--default-character-set=utf8mb4 < \"$2\"",
               program_, socket, file},
              options);
  return server_.take_queries();
}

}  // namespace engine::test
