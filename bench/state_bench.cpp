// How many sources a second the state store records, and how long a start with very many takes.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "io/state/state_store.h"

namespace engine::io {
namespace {

// A directory that goes with the benchmark; TMPDIR says where.
class Place {
 public:
  Place() {
    const char* const base = std::getenv("TMPDIR");
    std::string name = std::string(base == nullptr ? "/tmp" : base) + "/state-bench-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~Place() { std::filesystem::remove_all(path_); }
  std::string file() const { return (path_ / "engine.db").string(); }

 private:
  std::filesystem::path path_;
};

SourceChange change_of(SourceChange::Kind kind, std::int64_t number) {
  SourceChange change;
  change.kind = kind;
  SourceRecord& record = change.record;
  record.path = fmt::format("region{:02}/customer{:07}/orders.sql", number % 37, number);
  record.tree = record.path.substr(0, record.path.size() - 4);
  record.version = {2049, static_cast<std::uint64_t>(1'000'000 + number), 51'200,
                    1'795'535'548'915'447'490, 1'795'535'548'915'447'490};
  record.state = SourceState::kDone;
  record.hash = "55d4491c8cbff150714b631fdd9b98ab";
  record.options = 1;
  record.attempts = 1;
  record.finished_ns = 1'795'535'549'805'559'079;
  record.elapsed_ns = 222'531;
  return change;
}

std::unique_ptr<StateStore> open(const Place& place, Durability durability) {
  StateStore::Hooks hooks;
  hooks.tell = [](const std::string& line) { fmt::print(stderr, "{}\n", line); };
  auto store = StateStore::open(place.file(), durability, hooks);
  if (!store || !(*store)->options_id("bench")) std::abort();
  return std::move(*store);
}

void record_all(StateStore& store, SourceChange::Kind kind, std::int64_t sources) {
  constexpr std::int64_t kThreads = 2;
  std::vector<std::thread> threads;
  for (std::int64_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::int64_t i = thread; i < sources; i += kThreads) store.record(change_of(kind, i));
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (store.close() != 0) std::abort();
}

// ENGINE_BENCH_SOURCES says how many for all; the short test takes few.
std::int64_t sources_or(std::int64_t otherwise) {
  const char* const text = std::getenv("ENGINE_BENCH_SOURCES");
  return text == nullptr ? otherwise : std::atoll(text);
}

// From an empty store, in the order in which a load ends them; argument: the durability.
void BM_Record(benchmark::State& state) {
  const std::int64_t sources = sources_or(100'000);
  for (auto _ : state) {
    const Place place;
    const auto store = open(place, static_cast<Durability>(state.range(0)));
    if (!store->start()) std::abort();
    record_all(*store, SourceChange::Kind::kFinished, sources);
  }
  state.SetItemsProcessed(state.iterations() * sources);
}
BENCHMARK(BM_Record)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->UseRealTime();

// Open and read: what a start does before it can compare.
void BM_Restart(benchmark::State& state) {
  const std::int64_t pending = sources_or(1'000'000);
  const Place place;
  {
    const auto store = open(place, Durability::kProcess);
    if (!store->start()) std::abort();
    record_all(*store, SourceChange::Kind::kQueued, pending);
  }
  for (auto _ : state) {
    const auto store = open(place, Durability::kProcess);
    std::int64_t sources = 0;
    if (!store->each_outcome([&](const SourceRecord&) { ++sources; })) std::abort();
    if (sources != pending) std::abort();
  }
}
BENCHMARK(BM_Restart)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace engine::io
