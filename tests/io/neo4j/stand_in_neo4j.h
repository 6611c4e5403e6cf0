// StandInNeo4j: an HTTP server that answers as a Neo4j server does, and otherwise where a test says
// so. It holds no graph; it counts what it is sent. With a certificate it speaks TLS.
//
// Thread contract: answers on threads of its own; the script is called under a mutex.
#pragma once

#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "io/neo4j/address.h"
#include "tests/io/neo4j/test_certificate.h"

namespace engine::io::test {

struct Said {
  int status = 200;
  std::string body;
};

class StandInNeo4j {
 public:
  using Json = nlohmann::json;
  /// What is answered to a statement; none: success.
  using Script = std::function<std::optional<Said>(const std::string& statement, const Json& rows)>;

  explicit StandInNeo4j(Script script = {}, bool has_transactions = true)
      : StandInNeo4j("http", std::make_unique<httplib::Server>(), std::move(script),
                     has_transactions) {}
  explicit StandInNeo4j(const TestCertificate& certificate)
      : StandInNeo4j(
            "https",
            std::make_unique<httplib::SSLServer>(certificate.certificate(), certificate.key()), {},
            true) {}
  ~StandInNeo4j() {
    server_->stop();
    thread_.join();
  }

  Neo4jAddress address() const {
    return {scheme_ + "://127.0.0.1:" + std::to_string(port_), "neo4j", "", "", true};
  }
  void say_at_the_door(std::string text) { discovery_ = std::move(text); }

  /// What the script looks at is changed where no answer is on its way.
  template <class Change>
  void change(Change change) {
    const std::lock_guard lock(mutex_);
    change();
  }

  /// Of all statements that succeeded, in the order they came.
  std::vector<std::string> taken_rows() {
    const std::lock_guard lock(mutex_);
    return rows_;
  }
  /// A row with this text in it.
  bool has_taken(std::string_view text) {
    const std::lock_guard lock(mutex_);
    return std::any_of(rows_.begin(), rows_.end(),
                       [&](const std::string& row) { return row.find(text) != std::string::npos; });
  }
  std::vector<std::string> statements() {
    const std::lock_guard lock(mutex_);
    return statements_;
  }

  static Said error(int status, const std::string& code) {
    return {status, Json{{"errors", {{{"code", code}, {"message", "so it is"}}}}}.dump()};
  }

 private:
  StandInNeo4j(std::string scheme, std::unique_ptr<httplib::Server> server, Script script,
               bool has_transactions)
      : scheme_(std::move(scheme)),
        script_(std::move(script)),
        has_transactions_(has_transactions),
        server_(std::move(server)) {
    server_->Get("/", [this](const httplib::Request&, httplib::Response& response) {
      response.set_content(discovery_, "application/json");
    });
    server_->Post(R"(/db/(\w+)/(tx/commit|query/v2))",
                  [this](const httplib::Request& request, httplib::Response& response) {
                    answer(request, response);
                  });
    port_ = server_->bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_->listen_after_bind(); });
    while (!server_->is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  void answer(const httplib::Request& request, httplib::Response& response) {
    const std::lock_guard lock(mutex_);
    const Json body = Json::parse(request.body);
    const Json& said = has_transactions_ ? body.at("statements").at(0) : body;
    const std::string statement = said.at("statement");
    const Json& parameters = said.at("parameters");
    const Json rows = parameters.contains("rows") ? parameters.at("rows") : Json::array();
    statements_.push_back(statement);
    std::optional<Said> scripted = script_ ? script_(statement, rows) : std::nullopt;
    if (!scripted) {
      for (const Json& row : rows) rows_.push_back(row.dump());
      if (parameters.contains("load") && statement.find("EngineLoad") != std::string::npos) {
        load_ = parameters.at("load");
      }
      const bool asks_mark = statement.find("RETURN n.load") != std::string::npos;
      const bool counts = statement.find("UNWIND") != std::string::npos;
      scripted = success(asks_mark ? Json::array({load_})
                                   : Json::array({counts ? rows.size() : std::size_t{0}}));
    }
    response.status = scripted->status;
    response.set_content(scripted->body, "application/json");
  }

  Said success(const Json& row) const {
    if (!has_transactions_) {
      return {202, Json{{"data", {{"values", {row}}}}, {"bookmarks", {"b"}}}.dump()};
    }
    return {200,
            Json{{"results", {{{"data", {{{"row", row}}}}}}}, {"errors", Json::array()}}.dump()};
  }

  const std::string scheme_;
  const Script script_;
  const bool has_transactions_;
  std::string discovery_ = has_transactions_
                               ? R"({"transaction":"t","query":"q","neo4j_version":"5.26.0"})"
                               : R"({"query":"q","neo4j_version":"5.26.0"})";
  const std::unique_ptr<httplib::Server> server_;
  int port_ = 0;
  std::mutex mutex_;
  std::vector<std::string> rows_;        // guarded by mutex_
  std::vector<std::string> statements_;  // guarded by mutex_
  Json load_;                            // guarded by mutex_
  std::thread thread_;
};

}  // namespace engine::io::test
