#include "io/neo4j/server.h"

#include <fmt/format.h>

#include <utility>

namespace engine::io {
namespace {

using PlainJson = nlohmann::json;

constexpr std::size_t kLongestReason = 500;

// One line of what somebody else wrote.
std::string shortened(std::string text) {
  for (char& c : text) c = static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  if (text.size() > kLongestReason) text = text.substr(0, kLongestReason) + "...";
  return text;
}

// Whatever shape the body has.
std::string text_at(const PlainJson& json, const char* key) {
  if (!json.is_object()) return {};
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Outcome outcome_of(std::string_view code) {
  if (code.starts_with("Neo.TransientError.")) return Outcome::kTransient;
  if (code.starts_with("Neo.ClientError.Security.AuthenticationRateLimit")) {
    return Outcome::kUnavailable;
  }
  if (code.starts_with("Neo.ClientError.Security.") ||
      code.starts_with("Neo.ClientError.Database.DatabaseNotFound")) {
    return Outcome::kRefused;
  }
  return code.starts_with("Neo.ClientError.") ? Outcome::kRejected : Outcome::kUnavailable;
}

ServerAnswer unavailable(std::string reason) {
  return {Outcome::kUnavailable, shortened(std::move(reason)), nullptr};
}

// {"results":[{"data":[{"row":[..]}]}]} of the transactional endpoint, {"data":{"values":[[..]]}}
// of the Query API; null where there is no row.
PlainJson first_row(const PlainJson& body, bool is_transactional) {
  const auto pointer = is_transactional ? PlainJson::json_pointer("/results/0/data/0/row")
                                        : PlainJson::json_pointer("/data/values/0");
  return body.contains(pointer) ? body.at(pointer) : PlainJson();
}

}  // namespace

Neo4jServer::Neo4jServer(const Neo4jAddress& address, std::chrono::milliseconds timeout)
    : address_(address), client_(address_, timeout) {}

Result<std::unique_ptr<Neo4jServer>> Neo4jServer::connect(const Neo4jAddress& address,
                                                          std::chrono::milliseconds timeout) {
  std::unique_ptr<Neo4jServer> server(new Neo4jServer(address, timeout));
  if (Result<void> found = server->discover(); !found) return tl::make_unexpected(found.error());
  if (Result<void> known = server->greet(); !known) return tl::make_unexpected(known.error());
  return server;
}

Result<void> Neo4jServer::discover() {
  const HttpAnswer answer = client_.ask("/", "");
  if (answer.is_untrusted) {
    return fail(ErrorCode::kUnreadable,
                fmt::format("--neo4j: {}: cannot be trusted: {}; make its certificate known to the "
                            "system (update-ca-certificates), or name the host as it does",
                            address_.url, answer.problem));
  }
  if (answer.status == 0) {
    return fail(ErrorCode::kUnreadable,
                fmt::format("--neo4j: {}: cannot be reached: {}", address_.url, answer.problem));
  }
  const PlainJson body = PlainJson::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  version_ = text_at(body, "neo4j_version");
  is_transactional_ = !text_at(body, "transaction").empty();
  const bool has_query = !text_at(body, "query").empty();
  if (answer.status >= 500) {
    return fail(ErrorCode::kUnreadable,
                fmt::format("--neo4j: {}: in trouble: status {}", address_.url, answer.status));
  }
  if (!is_transactional_ && !has_query) {
    return fail(ErrorCode::kInvalid,
                fmt::format("--neo4j: {}: not the HTTP interface of a Neo4j server, which is at "
                            "port 7474 unless its settings say otherwise",
                            address_.url));
  }
  return {};
}

Result<void> Neo4jServer::greet() {
  const ServerAnswer answer = ask("RETURN 1");
  if (answer.outcome == Outcome::kDone) return {};
  const bool may_go_away =
      answer.outcome == Outcome::kUnavailable || answer.outcome == Outcome::kTransient;
  return fail(may_go_away ? ErrorCode::kUnreadable : ErrorCode::kInvalid,
              fmt::format("--neo4j: {}: {}", address_.url, answer.reason));
}

void Neo4jServer::start(std::size_t request, std::string_view statement,
                        std::string_view parameters) {
  const std::string quoted = PlainJson(statement).dump();
  if (is_transactional_) {
    client_.start(request, "/db/" + address_.database + "/tx/commit",
                  fmt::format(R"({{"statements":[{{"statement":{},"parameters":{}}}]}})", quoted,
                              parameters));
  } else {
    client_.start(request, "/db/" + address_.database + "/query/v2",
                  fmt::format(R"({{"statement":{},"parameters":{}}})", quoted, parameters));
  }
}

ServerAnswer Neo4jServer::ask(std::string_view statement, std::string_view parameters,
                              const std::stop_token& stop) {
  start(0, statement, parameters);
  while (!stop.stop_requested()) {
    const auto answer = client_.wait(std::chrono::steady_clock::now() + HttpClient::kLongestWait);
    if (answer) return read(*answer);
  }
  client_.leave();
  return unavailable("stopped before it answered");
}

// The status alone says nothing: an error that comes late has that of success.
ServerAnswer Neo4jServer::read(const HttpAnswer& answer) const {
  if (answer.status == 0) return unavailable(answer.problem);
  const PlainJson body = PlainJson::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  if (answer.status == 429) return unavailable("too many wrong passwords; it refuses for a while");
  if (!body.is_object()) {
    return unavailable(fmt::format("status {} and no JSON", answer.status));
  }
  const auto errors = body.find("errors");
  const bool has_errors = errors != body.end() && errors->is_array() && !errors->empty();
  if (has_errors) return read_refusal(answer.status, errors->front());
  const bool is_success = answer.status == (is_transactional_ ? 200 : 202) &&
                          body.contains(is_transactional_ ? "results" : "bookmarks");
  if (!is_success) return unavailable(fmt::format("status {} and no result", answer.status));
  return {Outcome::kDone, {}, first_row(body, is_transactional_)};
}

ServerAnswer Neo4jServer::read_refusal(long status, const PlainJson& error) const {
  const std::string code = text_at(error, "code");
  const Outcome outcome = status >= 500 ? Outcome::kUnavailable : outcome_of(code);
  if (outcome != Outcome::kRefused) {
    return {outcome, shortened(code + ": " + text_at(error, "message")), nullptr};
  }
  if (status == 404 || code.starts_with("Neo.ClientError.Database.")) {
    return {outcome,
            fmt::format("has no database '{}'; SHOW DATABASES lists them, --neo4j-database names "
                        "one",
                        address_.database),
            nullptr};
  }
  if (code == "Neo.ClientError.Security.Unauthorized") {
    return {outcome,
            address_.user.empty()
                ? "asks for a user and password: NEO4J_USER and NEO4J_PASSWORD, or "
                  "--neo4j-credentials=FILE"
                : fmt::format("does not accept user '{}' with this password", address_.user),
            nullptr};
  }
  return {outcome, shortened(code + ": " + text_at(error, "message")), nullptr};
}

}  // namespace engine::io
