// StandInServer: finds out what a real database client sends. It listens on a Unix socket and leads
// the dialogue that the client expects, so that the client's own work (cutting a script into
// queries) can be seen without a database.
//
// Thread contract: one thread of its own serves all connections; take_queries() is for when the
// client has ended.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/dialect.h"

namespace engine::test {

class StandInServer {
 public:
  /// `dialect` is kPostgresql or kMysql; `socket` is the path to listen at.
  StandInServer(Dialect dialect, const std::filesystem::path& socket);
  ~StandInServer();
  StandInServer(const StandInServer&) = delete;
  StandInServer& operator=(const StandInServer&) = delete;

  /// The queries since the last call, in the order they came.
  std::vector<std::string> take_queries();

 private:
  void serve();

  Dialect dialect_;
  int listener_ = -1;
  int stop_ = -1;  // an eventfd that wakes the thread for the last time
  std::mutex mutex_;
  std::vector<std::string> queries_;
  std::thread thread_;
};

}  // namespace engine::test
