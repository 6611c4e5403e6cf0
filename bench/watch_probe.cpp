#include "bench/watch_probe.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace engine::bench {
namespace {

constexpr int kPatienceMs = 300'000;

}  // namespace

Appearances::Appearances(const std::string& directory, std::uint32_t mask)
    : instance_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  ::inotify_add_watch(instance_, directory.c_str(), mask);
}

Appearances::~Appearances() { ::close(instance_); }

std::optional<Time> Appearances::wait_for(const std::string& name) const {
  alignas(inotify_event) std::array<char, 65536> bytes;
  pollfd file = {instance_, POLLIN, 0};
  while (::poll(&file, 1, kPatienceMs) > 0) {
    const ssize_t size = ::read(instance_, bytes.data(), bytes.size());
    for (ssize_t at = 0; at < size;) {
      const auto* const event = reinterpret_cast<const inotify_event*>(bytes.data() + at);
      if (event->len != 0 && name == event->name) return std::chrono::steady_clock::now();
      at += static_cast<ssize_t>(sizeof *event + event->len);
    }
  }
  return std::nullopt;
}

WorkDirectory::WorkDirectory(std::filesystem::path path) : path_(std::move(path)) {
  if (!std::filesystem::create_directory(path_)) {
    throw std::runtime_error(path_.string() + ": is there already; name a directory to be made");
  }
}

WorkDirectory::~WorkDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string script() {
  std::string text;
  for (int i = 0; i < 20; ++i) {
    text += fmt::format("CREATE PROCEDURE dbo.Step{} AS\nBEGIN\n", i);
    for (int line = 0; line < 42; ++line) {
      text += fmt::format("  UPDATE dbo.Orders SET Total = Total + {} WHERE Id = {};\n", line, i);
    }
    text += "END\nGO\n";
  }
  return text;
}

Time drop(const std::string& path, const std::string& text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0 || ::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error(path + ": cannot be written");
  }
  const Time closed = std::chrono::steady_clock::now();
  ::close(fd);
  return closed;
}

std::string figures(std::vector<double>& times) {
  std::sort(times.begin(), times.end());
  const auto at = [&](double part) {
    return times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
  };
  return fmt::format(R"({{"p10":{:.3f},"p50":{:.3f},"p99":{:.3f},"longest":{:.3f}}})", at(0.1),
                     at(0.5), at(0.99), times.back());
}

double milliseconds(Time from, Time to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

pid_t start_engine(const std::string& program, const std::vector<std::string>& more,
                   const std::string& in, const std::string& out, const std::string& statistics) {
  std::vector<std::string> words = {program, "--realtime", "--log-level=error", "--stats=json"};
  words.insert(words.end(), more.begin(), more.end());
  words.insert(words.end(), {in, out});
  const pid_t child = ::fork();
  if (child != 0) return child;
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int to = ::open(statistics.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  ::dup2(to, STDOUT_FILENO);
  ::execv(program.c_str(), arguments.data());
  ::_exit(127);
}

bool end_engine(pid_t engine) {
  int status = 0;
  ::kill(engine, SIGTERM);
  ::waitpid(engine, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace engine::bench
