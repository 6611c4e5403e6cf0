// watch_latency --engine=PROGRAM --times=N DIR
//
// How long it takes from a writer's close() to the published tree: the engine watches DIR/in with
// --realtime, and a script of 50 KB with 20 objects is dropped there again and again, each under a
// new name, when the one before is published. In turn with each of them, the same bytes are dropped
// where a bare loop reads inotify and does nothing but stat the file: the floor.
//
// Both ends are seen by inotify, so each time includes waking up whoever looks. Prints one JSON
// object: milliseconds, p10, p50, p99 and the longest, of the engine and of the floor.

#include <fmt/format.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "bench/watch_probe.h"

namespace engine::bench {
namespace {

namespace fs = std::filesystem;

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
  const bool ended_well = end_engine(engine);
  if (is_lost || of_engine.empty() || of_floor.empty()) {
    std::fputs("watch_latency: a file was not published\n", stderr);
    return 1;
  }
  const std::size_t count = of_engine.size();
  fmt::print("{{\"files\":{},\"engine_ms\":{},\"floor_ms\":{}}}\n", count, figures(of_engine),
             figures(of_floor));
  return ended_well ? 0 : 1;
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
    const engine::bench::WorkDirectory directory(work);
    return engine::bench::run(program, more, times, directory.path());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "watch_latency: %s\n", error.what());
    return 1;
  }
}
