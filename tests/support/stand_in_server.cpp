#include "tests/support/stand_in_server.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <utility>

#include "tests/support/dialogue.h"

namespace engine::test {
namespace {

struct Connection {
  int file = -1;
  std::unique_ptr<Dialogue> dialogue;
  std::string input;
};

bool send_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(file, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// Reads what is there and answers each whole message; false when the connection is over.
bool converse(Connection* connection) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::recv(connection->file, buffer.data(), buffer.size(), 0);
  if (count <= 0) return false;
  connection->input.append(buffer.data(), static_cast<std::size_t>(count));
  std::string_view rest = connection->input;
  std::string output;
  while (!connection->dialogue->ended()) {
    const std::size_t taken = connection->dialogue->take(rest, &output);
    if (taken == 0) break;
    rest.remove_prefix(taken);
  }
  connection->input.erase(0, connection->input.size() - rest.size());
  return send_all(connection->file, output) && !connection->dialogue->ended();
}

}  // namespace

StandInServer::StandInServer(Dialect dialect, const std::filesystem::path& socket)
    : dialect_(dialect) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket.string();
  EXPECT_LT(path.size(), sizeof address.sun_path);
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0) << path;
  EXPECT_EQ(::listen(listener_, 16), 0);
  stop_ = ::eventfd(0, EFD_CLOEXEC);
  thread_ = std::thread([this] { serve(); });
}

StandInServer::~StandInServer() {
  const std::uint64_t one = 1;
  EXPECT_EQ(::write(stop_, &one, sizeof one), static_cast<ssize_t>(sizeof one));
  thread_.join();
  ::close(listener_);
  ::close(stop_);
}

std::vector<std::string> StandInServer::take_queries() {
  const std::lock_guard lock(mutex_);
  return std::exchange(queries_, {});
}

void StandInServer::serve() {
  std::vector<Connection> connections;
  while (true) {
    std::vector<pollfd> files = {{stop_, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Connection& one : connections) files.push_back({one.file, POLLIN, 0});
    if (::poll(files.data(), files.size(), -1) < 0) continue;
    const std::lock_guard lock(mutex_);
    if (files[0].revents != 0) break;
    for (std::size_t i = connections.size(); i > 0; --i) {
      if (files[i + 1].revents == 0 || converse(&connections[i - 1])) continue;
      ::close(connections[i - 1].file);
      connections.erase(connections.begin() + static_cast<std::ptrdiff_t>(i) - 1);
    }
    if (files[1].revents == 0) continue;
    Connection fresh;
    fresh.file = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    fresh.dialogue = dialect_ == Dialect::kMysql ? make_mysql_dialogue(&queries_)
                                                 : make_postgresql_dialogue(&queries_);
    if (send_all(fresh.file, fresh.dialogue->greeting())) connections.push_back(std::move(fresh));
  }
  for (const Connection& one : connections) ::close(one.file);
}

}  // namespace engine::test
