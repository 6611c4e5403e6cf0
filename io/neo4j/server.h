// Neo4jServer: one database of one Neo4j server: what it is asked and what its answers mean.
//
// A server has up to two interfaces for this; the one it names itself is taken, the transactional
// endpoint (the faster one) before the Query API. Each statement is a transaction of its own.
//
// Thread contract: belongs to one thread.
// Errors: see Outcome; connect() and ask(): one line that says what next.
// Source: neo4j.com/docs/http-api/current/, neo4j.com/docs/query-api/current/.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <string_view>

#include "io/neo4j/http_client.h"

namespace engine::io {

enum class Outcome : std::uint8_t {
  kDone,
  kTransient,    ///< a deadlock and the like: the same again may succeed
  kUnavailable,  ///< no answer, or the server is in trouble: nothing is known of the statement
  kRejected,     ///< the statement or its rows are wrong
  kRefused,      ///< wrong user or password, or no such database
};

struct ServerAnswer {
  Outcome outcome = Outcome::kDone;
  std::string reason;             ///< "Neo.ClientError.Schema.ConstraintValidationFailed: ..."
  nlohmann::json first_row = {};  ///< an array; null where no row came
};

class Neo4jServer {
 public:
  /// Says hello: is it Neo4j, does it know the user, is the database there? kUnreadable when nobody
  /// answers, else kInvalid.
  static Result<std::unique_ptr<Neo4jServer>> connect(const Neo4jAddress& address,
                                                      std::chrono::milliseconds timeout);

  /// `parameters` is the text of a JSON object.
  void start(std::size_t request, std::string_view statement, std::string_view parameters);
  HttpClient& client() { return client_; }
  ServerAnswer read(const HttpAnswer& answer) const;

  /// A statement alone; kUnavailable when `stop` comes before its answer. REQUIRES: nothing is
  /// running.
  ServerAnswer ask(std::string_view statement, std::string_view parameters = "{}",
                   const std::stop_token& stop = {});

  const Neo4jAddress& address() const { return address_; }
  /// "5.26.30", and which interface is used.
  const std::string& version() const { return version_; }
  bool is_transactional() const { return is_transactional_; }

 private:
  Neo4jServer(const Neo4jAddress& address, std::chrono::milliseconds timeout);
  Result<void> discover();
  Result<void> greet();
  ServerAnswer read_refusal(long status, const nlohmann::json& body) const;

  const Neo4jAddress address_;
  HttpClient client_;
  std::string version_;
  bool is_transactional_ = true;
};

}  // namespace engine::io
