#include "io/neo4j/address.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string_view>

#include "io/base/os_error.h"

namespace engine::io {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

std::string part(const Url& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, 0) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

tl::unexpected<Error> wrong(std::string message) {
  return fail(ErrorCode::kInvalid, "--neo4j: " + std::move(message));
}

// The address of the HTTP interface, which is another port than that of Bolt.
Result<void> check_scheme(const std::string& text, const Url& url) {
  const std::string scheme = part(url, CURLUPART_SCHEME);
  if (scheme == "http" || scheme == "https") return {};
  const bool is_bolt = scheme.starts_with("bolt") || scheme.starts_with("neo4j");
  if (!is_bolt) return wrong(fmt::format("'{}' is no address; give http://HOST:7474", text));
  const bool is_secure = scheme.find("+s") != std::string::npos;
  return wrong(fmt::format("'{}' is a Bolt address; the engine speaks HTTP, so give {}://{}:{}",
                           text, is_secure ? "https" : "http", part(url, CURLUPART_HOST),
                           is_secure ? 7473 : 7474));
}

// The name goes into addresses. Neo4j itself takes ASCII letters, digits, dots and dashes, and an
// underscore in the names of its own.
Result<void> check_database(const std::string& name) {
  constexpr std::string_view kNames =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  if (!name.empty() && name.find_first_not_of(kNames) == std::string::npos) return {};
  return fail(ErrorCode::kInvalid, "--neo4j-database: '" + name +
                                       "' is no name of a database: letters, digits, dots and "
                                       "dashes are");
}

Result<void> read_credentials(const std::string& file, Neo4jAddress& to) {
  std::ifstream stream(file);
  std::string line;
  if (!stream || !std::getline(stream, line)) {
    return os_error(ErrorCode::kInvalid, "--neo4j-credentials: " + file, "cannot be read",
                    stream.is_open() ? EIO : errno);
  }
  if (line.ends_with('\r')) line.pop_back();
  const std::size_t colon = line.find(':');
  if (colon == std::string::npos || colon == 0) {
    return fail(ErrorCode::kInvalid,
                "--neo4j-credentials: " + file + ": the first line is not user:password");
  }
  to.user = line.substr(0, colon);
  to.password = line.substr(colon + 1);
  return {};
}

void take_environment(Neo4jAddress& to) {
  const char* const password = std::getenv("NEO4J_PASSWORD");
  if (password == nullptr) return;
  const char* const user = std::getenv("NEO4J_USER");
  to.user = user == nullptr ? "neo4j" : user;
  to.password = password;
}

}  // namespace

Result<Neo4jAddress> neo4j_address(const std::string& url, const std::string& database,
                                   const std::optional<std::string>& credentials) {
  const Url parsed(curl_url());
  if (url.find("://") == std::string::npos || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(),
                                                           CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return wrong(fmt::format("'{}' is no address; give http://HOST:7474", url));
  }
  // First, so that no message shows a password.
  if (!part(parsed, CURLUPART_USER).empty() || !part(parsed, CURLUPART_PASSWORD).empty()) {
    return wrong("no user or password in the address: NEO4J_USER and NEO4J_PASSWORD are for that");
  }
  if (Result<void> known = check_scheme(url, parsed); !known) {
    return tl::make_unexpected(known.error());
  }
  if (Result<void> known = check_database(database); !known) {
    return tl::make_unexpected(known.error());
  }
  Neo4jAddress address;
  address.url = url;
  while (address.url.ends_with('/')) address.url.pop_back();
  address.database = database;
  const std::string host = part(parsed, CURLUPART_HOST);
  address.is_loopback = host == "localhost" || host == "[::1]" || host.starts_with("127.");
  if (!credentials) {
    take_environment(address);
  } else if (Result<void> read = read_credentials(*credentials, address); !read) {
    return tl::make_unexpected(read.error());
  }
  return address;
}

}  // namespace engine::io
