// Dialogue: one connection with a database client, as the server leads it. It keeps the client
// going: every query succeeds, and nothing is executed.
//
// Thread contract: confined to one thread.
// Source: PostgreSQL 15 documentation, chapter 55 (protocol 3.0); MariaDB, "Client/Server
// Protocol".
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace engine::test {

/// Between a COPY and its rows, in what is kept of a query.
constexpr char kRowsFollow = '\0';

class Dialogue {
 public:
  /// Queries are kept in `queries` as the client sent them, in order; a COPY with its rows.
  explicit Dialogue(std::vector<std::string>* queries) : queries_(queries) {}
  virtual ~Dialogue() = default;

  /// What the server says first.
  virtual std::string greeting() { return {}; }
  /// Takes one message off the front of `input` and adds the answer to `output`: how many bytes
  /// the message has, 0 while it is not there whole.
  virtual std::size_t take(std::string_view input, std::string* output) = 0;
  /// The client said good-bye.
  bool ended() const { return ended_; }

 protected:
  std::vector<std::string>* queries_;
  bool ended_ = false;
};

std::unique_ptr<Dialogue> make_postgresql_dialogue(std::vector<std::string>* queries);
std::unique_ptr<Dialogue> make_mysql_dialogue(std::vector<std::string>* queries);

}  // namespace engine::test
