#include "io/neo4j/batch_sender.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace engine::io {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::string_view kNoPlace = "what it belongs to is not there: it was put aside itself";

tl::unexpected<Error> stopped() {
  return fail(ErrorCode::kStopped, "Neo4j: stopped before everything was sent");
}

std::string parameters_of(const Batch& batch, const std::string& load) {
  std::string text = R"({"load":")" + load + R"(","rows":[)";
  for (const std::string& row : batch.rows) {
    if (&row != &batch.rows.front()) text += ',';
    text += row;
  }
  return text + "]}";
}

}  // namespace

BatchSender::BatchSender(Neo4jServer& server, std::string load, Patience patience,
                         std::stop_token stop, OnRejected on_rejected)
    : server_(server),
      load_(std::move(load)),
      patience_(patience),
      stop_(std::move(stop)),
      on_rejected_(std::move(on_rejected)) {}

// Whoever uses the connections next must not be given the answers to what was sent here.
Result<void> BatchSender::send(std::size_t lanes, const NextBatch& next) {
  Result<void> sent = send_all(lanes, next);
  if (!sent) {
    server_.client().leave();
    running_.clear();
  }
  return sent;
}

Result<void> BatchSender::send_all(std::size_t lanes, const NextBatch& next) {
  bool is_more = true;
  while (true) {
    if (stop_.stop_requested()) return stopped();
    if (Result<void> probed = probe_when_stuck(); !probed) return probed;
    start_due(lanes);
    while (is_more && waiting_.empty() && running_.size() < lanes) {
      Attempt fresh;
      is_more = next(fresh.batch);
      if (is_more) start(std::move(fresh));
    }
    if (running_.empty() && waiting_.empty()) return {};
    const std::optional<HttpAnswer> answer = server_.client().wait(next_look());
    if (!answer) continue;
    if (Result<void> taken = finished(*answer); !taken) return taken;
  }
}

// What waits goes before what is new: with one lane, in its order.
void BatchSender::start_due(std::size_t lanes) {
  const TimePoint now = Steady::now();
  while (running_.size() < lanes && !waiting_.empty() && waiting_.front().not_before <= now &&
         !is_stuck(waiting_.front())) {
    Attempt attempt = std::move(waiting_.front());
    waiting_.pop_front();
    start(std::move(attempt));
  }
}

void BatchSender::start(Attempt&& attempt) {
  attempt.request = next_request_++;
  server_.start(attempt.request, attempt.batch.statement, parameters_of(attempt.batch, load_));
  running_.push_back(std::move(attempt));
}

BatchSender::TimePoint BatchSender::next_look() const {
  const TimePoint latest = Steady::now() + HttpClient::kLongestWait;
  return waiting_.empty() ? latest : std::clamp(waiting_.front().not_before, Steady::now(), latest);
}

// Is it this batch that the server does not answer, or all of them?
Result<void> BatchSender::probe_when_stuck() {
  if (waiting_.empty() || !running_.empty()) return {};
  if (!is_stuck(waiting_.front()) || waiting_.front().not_before > Steady::now()) return {};
  Attempt attempt = std::move(waiting_.front());
  waiting_.pop_front();
  const ServerAnswer answer = server_.ask("RETURN 1", "{}", stop_);
  if (answer.outcome == Outcome::kDone) {
    answered_ = Steady::now();
    divide(std::move(attempt));
    return {};
  }
  attempt.not_before = after_pause(attempt.failures);
  const std::string reason = answer.reason;
  waiting_.push_front(std::move(attempt));
  return check_patience(reason);
}

Result<void> BatchSender::finished(const HttpAnswer& answer) {
  const auto place = std::find_if(running_.begin(), running_.end(), [&](const Attempt& each) {
    return each.request == answer.request;
  });
  Attempt attempt = std::move(*place);
  running_.erase(place);
  ServerAnswer read = server_.read(answer);
  if (read.outcome != Outcome::kUnavailable) answered_ = Steady::now();
  attempt.reason = std::move(read.reason);
  switch (read.outcome) {
    case Outcome::kDone:
      taken(std::move(attempt), read.first_row);
      return {};
    case Outcome::kRejected:
      divide(std::move(attempt));
      return {};
    case Outcome::kRefused:
      return fail(ErrorCode::kInvalid,
                  fmt::format("--neo4j: {}: {}", server_.address().url, attempt.reason));
    case Outcome::kTransient:
    case Outcome::kUnavailable:
      break;
  }
  ++counts_.retries;
  ++attempt.failures;
  const bool gives_up = attempt.failures >= patience_.attempts;
  if (gives_up && read.outcome == Outcome::kTransient) {
    divide(std::move(attempt));
    return {};
  }
  attempt.not_before = after_pause(attempt.failures);
  const std::string reason = attempt.reason;
  waiting_.push_front(std::move(attempt));
  return check_patience(reason);
}

// A row whose ends are not there finds no place, and the server calls that success.
void BatchSender::taken(Attempt&& attempt, const nlohmann::json& row) {
  const bool has_count = row.is_array() && !row.empty() && row[0].is_number_unsigned();
  if (!has_count || row[0].get<std::uint64_t>() >= attempt.batch.rows.size()) {
    counts_.rows += attempt.batch.rows.size();
    return;
  }
  attempt.reason = kNoPlace;
  divide(std::move(attempt));
}

void BatchSender::divide(Attempt&& attempt) {
  std::vector<std::string>& rows = attempt.batch.rows;
  if (rows.size() == 1) {
    ++counts_.rejected;
    on_rejected_({std::move(rows.front()), std::move(attempt.reason)});
    return;
  }
  const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(rows.size() / 2);
  Attempt first;
  Attempt second;
  first.batch.statement = second.batch.statement = attempt.batch.statement;
  first.batch.rows.assign(std::make_move_iterator(rows.begin()), std::make_move_iterator(middle));
  second.batch.rows.assign(std::make_move_iterator(middle), std::make_move_iterator(rows.end()));
  waiting_.push_front(std::move(second));
  waiting_.push_front(std::move(first));
}

Result<void> BatchSender::check_patience(const std::string& reason) const {
  if (Steady::now() - answered_ < patience_.unavailable) return {};
  return fail(
      ErrorCode::kUnreadable,
      fmt::format("Neo4j: {}: does not answer any more; what is missing is sent next time: {}",
                  server_.address().url, reason));
}

// So that several clients that failed together do not come back together.
BatchSender::TimePoint BatchSender::after_pause(unsigned failures) {
  const auto longest = patience_.longest_pause.count();
  const auto pause = std::min(longest, patience_.first_pause.count() << std::min(failures, 16U));
  std::uniform_int_distribution<std::int64_t> varied(pause / 2, pause + pause / 2);
  return Steady::now() + std::chrono::milliseconds(varied(random_));
}

Result<ServerAnswer> BatchSender::insist(std::string_view statement,
                                         const std::string& parameters) {
  for (unsigned failures = 1; !stop_.stop_requested(); ++failures) {
    ServerAnswer answer = server_.ask(statement, parameters, stop_);
    if (answer.outcome == Outcome::kDone) {
      answered_ = Steady::now();
      return answer;
    }
    if (stop_.stop_requested()) break;
    if (answer.outcome == Outcome::kRejected || answer.outcome == Outcome::kRefused) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("Neo4j: {}: {}", server_.address().url, answer.reason));
    }
    if (Result<void> patient = check_patience(answer.reason); !patient) {
      return tl::make_unexpected(patient.error());
    }
    ++counts_.retries;
    const TimePoint until = after_pause(failures);
    while (Steady::now() < until && !stop_.stop_requested()) {
      std::this_thread::sleep_until(std::min(until, Steady::now() + HttpClient::kLongestWait));
    }
  }
  return stopped();
}

Result<void> BatchSender::repeat(std::string_view statement, const std::string& parameters,
                                 std::uint64_t limit) {
  while (true) {
    const Result<ServerAnswer> answer = insist(statement, parameters);
    if (!answer) return tl::make_unexpected(answer.error());
    const nlohmann::json& row = answer->first_row;
    const bool has_count = row.is_array() && !row.empty() && row[0].is_number_unsigned();
    if (!has_count || row[0].get<std::uint64_t>() < limit) return {};
  }
}

}  // namespace engine::io
