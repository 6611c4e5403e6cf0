// Neo4jAddress: which database of which server, and who asks.
//
// Thread contract: a value, and a free function.
// Errors: kInvalid: one line that says what is meant instead.
#pragma once

#include <optional>
#include <string>

#include "engine/result.h"

namespace engine::io {

struct Neo4jAddress {
  std::string url;  ///< "http://host:7474", without a slash at the end
  std::string database;
  std::string user;  ///< empty: the server asks for none
  std::string password;
  bool is_loopback = false;
};

/// User and password come from the first line of the file at `credentials` ("user:password"); where
/// none is named, from NEO4J_USER ("neo4j" when that is not set) and NEO4J_PASSWORD. Never from the
/// command line or the URL, where every user of the machine sees them.
Result<Neo4jAddress> neo4j_address(const std::string& url, const std::string& database,
                                   const std::optional<std::string>& credentials);

}  // namespace engine::io
