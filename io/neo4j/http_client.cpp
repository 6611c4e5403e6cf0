#include "io/neo4j/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>

namespace engine::io {
namespace {

constexpr long kConnectTimeoutMs = 5000;
constexpr std::chrono::milliseconds kSoon{500};

struct CleanEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct CleanMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// Before any other thread may use the library, and for as long as the process lives.
void initialize_library() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) throw std::bad_alloc();
}

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(bytes, size * count);
  return size * count;
}

}  // namespace

struct HttpClient::Curl {
  struct Connection {
    std::unique_ptr<CURL, CleanEasy> easy;
    bool is_busy = false;
    std::size_t request = 0;
    std::string sent;
    std::string received;
    std::array<char, CURL_ERROR_SIZE> problem = {};
  };

  std::string url;
  std::unique_ptr<curl_slist, FreeList> headers;
  std::array<Connection, kConnections> connections;
  // Goes before the handles that it holds.
  std::unique_ptr<CURLM, CleanMulti> multi;

  Connection& of(const CURL* easy) {
    return *std::find_if(connections.begin(), connections.end(),
                         [&](const Connection& one) { return one.easy.get() == easy; });
  }
};

HttpClient::HttpClient(const Neo4jAddress& address, std::chrono::milliseconds timeout)
    : curl_(std::make_unique<Curl>()) {
  initialize_library();
  curl_->url = address.url;
  for (const char* header : {"Content-Type: application/json", "Accept: application/json",
                             "Expect:" /* no round trip before a body */}) {
    curl_slist* const list = curl_slist_append(curl_->headers.get(), header);
    if (list == nullptr) throw std::bad_alloc();
    static_cast<void>(curl_->headers.release());
    curl_->headers.reset(list);
  }
  curl_->multi.reset(curl_multi_init());
  if (curl_->multi == nullptr) throw std::bad_alloc();
  for (Curl::Connection& one : curl_->connections) {
    CURL* const easy = curl_easy_init();
    if (easy == nullptr) throw std::bad_alloc();
    one.easy.reset(easy);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, curl_->headers.get());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &one.received);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, one.problem.data());
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (address.is_loopback) curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    if (address.user.empty()) continue;
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(easy, CURLOPT_USERNAME, address.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, address.password.c_str());
  }
}

HttpClient::~HttpClient() { abandon(); }

void HttpClient::abandon() {
  for (Curl::Connection& one : curl_->connections) {
    if (one.is_busy) curl_multi_remove_handle(curl_->multi.get(), one.easy.get());
    one.is_busy = false;
  }
}

void HttpClient::leave() {
  const auto until = std::chrono::steady_clock::now() + kSoon;
  while (running() != 0 && wait(until)) {
  }
  abandon();
}

std::size_t HttpClient::running() const {
  const auto& all = curl_->connections;
  return static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [](const Curl::Connection& one) { return one.is_busy; }));
}

void HttpClient::start(std::size_t request, const std::string& path, std::string body) {
  auto& all = curl_->connections;
  Curl::Connection& one = *std::find_if(all.begin(), all.end(),
                                        [](const Curl::Connection& each) { return !each.is_busy; });
  one.is_busy = true;
  one.request = request;
  one.sent = std::move(body);
  one.received.clear();
  one.problem[0] = '\0';
  CURL* const easy = one.easy.get();
  curl_easy_setopt(easy, CURLOPT_URL, (curl_->url + path).c_str());
  if (one.sent.empty()) {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  } else {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, one.sent.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(one.sent.size()));
  }
  curl_multi_add_handle(curl_->multi.get(), easy);
}

std::optional<HttpAnswer> HttpClient::wait(std::chrono::steady_clock::time_point until) {
  CURLM* const multi = curl_->multi.get();
  while (true) {
    int busy = 0;
    curl_multi_perform(multi, &busy);
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      Curl::Connection& one = curl_->of(message->easy_handle);
      HttpAnswer answer;
      answer.request = one.request;
      if (code == CURLE_OK) {
        curl_easy_getinfo(one.easy.get(), CURLINFO_RESPONSE_CODE, &answer.status);
      } else {
        answer.problem = one.problem[0] != '\0' ? one.problem.data() : curl_easy_strerror(code);
        answer.is_untrusted =
            code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
      }
      answer.body = std::move(one.received);
      curl_multi_remove_handle(multi, one.easy.get());
      one.is_busy = false;
      return answer;
    }
    const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (rest.count() <= 0) return std::nullopt;
    curl_multi_poll(multi, nullptr, 0, static_cast<int>(std::min<long>(rest.count(), 60'000)),
                    nullptr);
  }
}

HttpAnswer HttpClient::ask(const std::string& path, std::string body) {
  start(0, path, std::move(body));
  std::optional<HttpAnswer> answer;
  while (!answer) answer = wait(std::chrono::steady_clock::now() + std::chrono::minutes(1));
  return std::move(*answer);
}

}  // namespace engine::io
