// How many events a second the Debouncer takes.
//
// `unique`: every event brings a new path, and all leave in batches: what a load of many files
// costs. `repeated`: so many paths that never fall quiet, as in a folder that is being written to.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/debounce/debouncer.h"

namespace engine {
namespace {

std::vector<FileEvent> events(std::size_t count) {
  std::vector<FileEvent> result;
  for (std::size_t i = 0; i < count; ++i) {
    result.push_back({"schemas/warehouse/tables/table_" + std::to_string(i) + ".sql"});
  }
  return result;
}

DebouncerOptions options(std::size_t threshold) {
  return {.window = std::chrono::seconds(5),
          .batch_size_threshold = threshold,
          .max_delay = std::chrono::hours(1)};
}

void unique(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const std::vector<FileEvent> paths = events(count);
  Debouncer debouncer(options(count));
  TimePoint now{};
  std::vector<FileEvent> out;
  for (auto iteration : state) {
    for (const FileEvent& event : paths) debouncer.observe(event, now += Duration(1000));
    out.clear();
    if (debouncer.take_due(now, &out) != count) state.SkipWithError("a path is missing");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
}
BENCHMARK(unique)->Arg(50)->Arg(1'000)->Arg(100'000);

void repeated(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const std::vector<FileEvent> paths = events(count);
  Debouncer debouncer(options(count + 1));
  TimePoint now{};
  std::size_t next = 0;
  std::vector<FileEvent> out;
  for (auto iteration : state) {
    debouncer.observe(paths[next], now += Duration(1));
    next = next + 1 == count ? 0 : next + 1;
    // The owner's loop: when is something due?
    benchmark::DoNotOptimize(debouncer.next_deadline());
  }
  if (debouncer.take_due(now, &out) != 0) state.SkipWithError("nothing was quiet");
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(repeated)->Arg(1)->Arg(50)->Arg(100'000);

}  // namespace
}  // namespace engine
