// HttpClient: requests to one server, several at once on connections that stay open.
//
//   start() up to kConnections requests; wait() gives those that have ended, one by one
//
// TLS is verified, as libcurl does by itself.
// Thread contract: belongs to one thread.
// Errors: the constructor throws std::bad_alloc where libcurl cannot be made ready. Of a request
// none is thrown or returned: an answer without a status says why there is none.
// Source: libcurl's multi interface.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "io/neo4j/address.h"

namespace engine::io {

struct HttpAnswer {
  std::size_t request = 0;  ///< what start() was given
  long status = 0;          ///< 0: none came
  std::string body;
  std::string problem;        ///< where none came
  bool is_untrusted = false;  ///< none came because the server's certificate was not verified
};

class HttpClient {
 public:
  static constexpr std::size_t kConnections = 4;

  /// `timeout` is for one request, from its first byte to the answer's last.
  HttpClient(const Neo4jAddress& address, std::chrono::milliseconds timeout);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// POST of JSON; without a body GET. REQUIRES: running() < kConnections.
  void start(std::size_t request, const std::string& path, std::string body);
  std::size_t running() const;

  /// Who may be stopped waits no longer than this at a time.
  static constexpr std::chrono::milliseconds kLongestWait{200};

  /// An answer, if one comes before `until`.
  std::optional<HttpAnswer> wait(std::chrono::steady_clock::time_point until);

  /// Nobody wants the answers to what runs. Those that come soon are waited for, so that it is not
  /// at work beside what is sent next; the other connections are closed.
  void leave();

  /// One request alone. REQUIRES: running() == 0.
  HttpAnswer ask(const std::string& path, std::string body);

 private:
  void abandon();

  struct Curl;
  std::unique_ptr<Curl> curl_;
};

}  // namespace engine::io
