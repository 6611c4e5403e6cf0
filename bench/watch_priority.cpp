// watch_priority --engine=PROGRAM [--times=N] [--flood=N] DIR
//
// What a flood of other sources does to one that matters. The engine watches DIR/in with
// --realtime; scripts of 50 KB with 20 objects are dropped there by a writer that takes no breath.
//
//   1. CRITICAL ones one after the other, nothing else: the idle latency, from close() to the tree
//   2. the same, while `flood` BATCH ones are written and worked off
//   3. BATCH ones one after the other, while `flood` CRITICAL ones are written and worked off
//
// Prints one JSON object: milliseconds, p50, p99 and the longest of each; how many fell into the
// flood; and for 3 how much of the flood was published when the first of them was.

#include <fmt/format.h>
#include <sys/inotify.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bench/watch_probe.h"

namespace engine::bench {
namespace {

namespace fs = std::filesystem;

class Bench {
 public:
  Bench(std::string program, fs::path work) : program_(std::move(program)), work_(std::move(work)) {
    for (const char* name : {"in/critical", "in/batch", "out/critical", "out/batch"}) {
      fs::create_directories(work_ / name);
    }
    engine_ = start_engine(program_, {"--priority=critical/*=critical", "--priority=batch/*=batch"},
                           (work_ / "in").string(), (work_ / "out").string());
  }
  ~Bench() { end(); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  bool end() {
    if (engine_ < 0) return true;
    return end_engine(std::exchange(engine_, -1));
  }

  /// Latencies of `times` sources in that directory, or as many as there are while `goes_on`.
  std::vector<double> latencies(const std::string& directory, const std::string& prefix, int times,
                                const std::function<bool()>& goes_on) {
    const Appearances published((work_ / "out" / directory).string(), IN_MOVED_TO | IN_CREATE);
    std::vector<double> found;
    for (int i = 0; i < times && goes_on(); ++i) {
      const std::string name = prefix + std::to_string(i);
      const Time dropped = drop((work_ / "in" / directory / (name + ".sql")).string(), text_);
      const auto done = published.wait_for(name);
      if (!done) throw std::runtime_error(name + ": was not published");
      found.push_back(milliseconds(dropped, *done));
    }
    return found;
  }

  struct Flooded {
    std::vector<double> latencies;
    int published_at_first = 0;  ///< of the flood, when the first of the others was
  };
  Flooded latencies_in_flood(const std::string& directory, const std::string& flooded, int times,
                             int flood) {
    Flooded result;
    std::thread writer([&] {
      for (int i = 0; i < flood; ++i) {
        drop((work_ / "in" / flooded / ("flood" + std::to_string(i) + ".sql")).string(), text_);
      }
    });
    const fs::path last = work_ / "out" / flooded / ("flood" + std::to_string(flood - 1));
    const auto goes_on = [&] { return !fs::exists(last); };
    while (count(flooded) < flood / 50) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    try {
      result.latencies = latencies(directory, "in_flood", 1, goes_on);
      result.published_at_first = count(flooded);
      for (double each : latencies(directory, "in_flood_too", times - 1, goes_on)) {
        result.latencies.push_back(each);
      }
    } catch (...) {
      writer.join();
      throw;
    }
    writer.join();
    while (goes_on()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return result;
  }

 private:
  int count(const std::string& directory) const {
    int found = 0;
    for (const auto& entry : fs::directory_iterator(work_ / "out" / directory)) {
      found += entry.path().filename().string().rfind("flood", 0) == 0;
    }
    return found;
  }

  const std::string program_;
  const fs::path work_;
  const std::string text_ = script();
  pid_t engine_ = -1;
};

int run(const std::string& program, int times, int flood, const fs::path& work) {
  Bench bench(program, work);
  const auto always = [] { return true; };
  bench.latencies("critical", "first", 3, always);  // it starts
  std::vector<double> idle = bench.latencies("critical", "idle", times, always);
  Bench::Flooded critical = bench.latencies_in_flood("critical", "batch", times, flood);
  Bench::Flooded batch = bench.latencies_in_flood("batch", "critical", times, flood);
  const bool ended_well = bench.end();
  if (critical.latencies.empty() || batch.latencies.empty()) {
    std::fputs("watch_priority: the flood was over too soon\n", stderr);
    return 1;
  }
  const std::size_t in_batch = critical.latencies.size(), in_critical = batch.latencies.size();
  fmt::print(
      "{{\"flood\":{},\"critical_idle_ms\":{},\"critical_in_batch_ms\":{},"
      "\"critical_in_batch\":{},\"batch_in_critical_ms\":{},\"batch_in_critical\":{},"
      "\"published_before_first_batch\":{}}}\n",
      flood, figures(idle), figures(critical.latencies), in_batch, figures(batch.latencies),
      in_critical, batch.published_at_first);
  return ended_well ? 0 : 1;
}

}  // namespace
}  // namespace engine::bench

int main(int argc, char** argv) {
  CLI::App app("one source in a flood of others");
  std::string program;
  std::string work;
  int times = 1000;
  int flood = 20'000;
  app.add_option("--engine", program, "The program")->required();
  app.add_option("--times", times, "So many files, at most [1000]");
  app.add_option("--flood", flood, "So many files in a flood [20000]");
  app.add_option("DIR", work, "Where files lie meanwhile; must not exist")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    const engine::bench::WorkDirectory directory(work);
    return engine::bench::run(program, times, flood, directory.path());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "watch_priority: %s\n", error.what());
    return 1;
  }
}
