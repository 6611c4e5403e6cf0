// watch_latency --engine=PROGRAM --times=N DIR
//
// How long it takes from a writer's close() to the published tree: the engine watches DIR/in with
// --realtime, and a script of 50 KB with 20 objects is dropped there again and again, each under a
// new name, when the one before is published. In turn with each of them, the same bytes are dropped
// where a bare loop reads inotify and does nothing but stat the file: the floor.
//
// Both ends are seen by inotify, so each time includes waking up whoever looks. Prints one JSON
// object: milliseconds, p50, p99 and the longest, of the engine and of the floor.

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace engine::bench {
namespace {

namespace fs = std::filesystem;
using Time = std::chrono::steady_clock::time_point;

constexpr int kPatienceMs = 20'000;

/// Tells when a name appears in a directory.
class Appearances {
 public:
  Appearances(const std::string& directory, std::uint32_t mask)
      : instance_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    ::inotify_add_watch(instance_, directory.c_str(), mask);
  }
  ~Appearances() { ::close(instance_); }
  Appearances(const Appearances&) = delete;
  Appearances& operator=(const Appearances&) = delete;

  /// When it was told of; nothing when that takes too long.
  std::optional<Time> wait_for(const std::string& name) const {
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

 private:
  const int instance_;
};

/// 50 KB: 20 procedures.
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

/// The moment of its close().
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
  return fmt::format(R"({{"p50":{:.3f},"p99":{:.3f},"longest":{:.3f}}})", at(0.5), at(0.99),
                     times.back());
}

double milliseconds(Time from, Time to) {
  return std::chrono::duration<double, std::milli>(to - from).count();
}

pid_t start_engine(const std::string& program, const std::vector<std::string>& more,
                   const std::string& in, const std::string& out) {
  std::vector<std::string> words = {program, "--realtime", "--log-level=error"};
  words.insert(words.end(), more.begin(), more.end());
  words.insert(words.end(), {in, out});
  const pid_t child = ::fork();
  if (child != 0) return child;
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  ::dup2(nowhere, STDOUT_FILENO);
  ::execv(program.c_str(), arguments.data());
  ::_exit(127);
}

int run(const std::string& program, const std::vector<std::string>& more, int times,
        const fs::path& work) {
  const std::string text = script();
  for (const char* name : {"in", "out", "bare"}) fs::create_directories(work / name);
  const Appearances published((work / "out").string(), IN_MOVED_TO | IN_CREATE);
  const Appearances bare((work / "bare").string(), IN_CLOSE_WRITE);
  const pid_t engine = start_engine(program, more, (work / "in").string(), (work / "out").string());
  std::vector<double> of_engine;
  std::vector<double> of_floor;
  bool is_lost = false;
  for (int i = 0; i < times + 1 && !is_lost; ++i) {
    const std::string name = fmt::format("source{:05}", i);
    const Time dropped = drop((work / "in" / (name + ".sql")).string(), text);
    const auto done = published.wait_for(name);
    is_lost = !done || !fs::exists(work / "out" / name / "manifest.json");
    if (!is_lost && i > 0) of_engine.push_back(milliseconds(dropped, *done));  // first: it starts
    const std::string floor_path = (work / "bare" / (name + ".sql")).string();
    std::optional<Time> seen;
    std::thread looker([&] {
      struct stat status {};
      if (bare.wait_for(name + ".sql") && ::stat(floor_path.c_str(), &status) == 0) {
        seen = std::chrono::steady_clock::now();
      }
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(1));  // it waits by now
    const Time floor_dropped = drop(floor_path, text);
    looker.join();
    if (seen && i > 0) of_floor.push_back(milliseconds(floor_dropped, *seen));
  }
  ::kill(engine, SIGTERM);
  int status = 0;
  ::waitpid(engine, &status, 0);
  if (is_lost || of_engine.empty() || of_floor.empty()) {
    std::fputs("watch_latency: a file was not published\n", stderr);
    return 1;
  }
  const std::size_t count = of_engine.size();
  fmt::print("{{\"files\":{},\"engine_ms\":{},\"floor_ms\":{}}}\n", count, figures(of_engine),
             figures(of_floor));
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}

}  // namespace
}  // namespace engine::bench

int main(int argc, char** argv) {
  CLI::App app("from close() to the published tree");
  std::string program;
  std::string work;
  int times = 1000;
  std::vector<std::string> more;
  app.add_option("--engine", program, "The program")->required();
  app.add_option("--times", times, "So many files [1000]");
  app.add_option("--option", more, "Handed to the program, repeatable");
  app.add_option("DIR", work, "Where files lie meanwhile; must not exist")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    const int status = engine::bench::run(program, more, times, work);
    std::filesystem::remove_all(work);
    return status;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "watch_latency: %s\n", error.what());
    return 1;
  }
}
