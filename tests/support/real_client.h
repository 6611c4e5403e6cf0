// RealClient: psql or mariadb, and what it sends to the server for a script. It runs against a
// StandInServer, so nothing is executed; but client commands are, so scripts that are not ours must
// be free of those that touch the system (shell, files).
//
// Thread contract: confined to one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/dialect.h"
#include "tests/support/stand_in_server.h"
#include "tests/support/temp_dir.h"

namespace engine::test {

/// The program of this name on PATH; empty where there is none.
std::string find_program(const std::string& name);

class RealClient {
 public:
  /// Is the client of this dialect (kPostgresql, kMysql) on this machine?
  static bool installed(Dialect dialect);

  explicit RealClient(Dialect dialect);

  /// The queries of each script, in order. psql reads all of them in one session: what a script
  /// leaves behind (variables) the next ones see.
  std::vector<std::vector<std::string>> send(const std::vector<std::string>& scripts);

 private:
  std::vector<std::vector<std::string>> send_by_psql(const std::vector<std::string>& scripts);
  std::vector<std::string> send_by_mariadb(const std::string& script);

  Dialect dialect_;
  std::string program_;
  TempDir files_;
  StandInServer server_;
};

}  // namespace engine::test
