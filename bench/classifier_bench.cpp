// What naming the objects costs beside finding the units, for scripts of many objects.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "bench/ssms_script.h"
#include "engine/sql/classifier.h"
#include "engine/sql/splitter.h"

namespace engine::bench {
namespace {

constexpr std::size_t kSize = std::size_t{4} << 20;

const std::string& ssms() {
  static const std::string text = ssms_script(1, kSize);
  return text;
}

void split_only(benchmark::State& state) {
  for (auto _ : state) {
    sql::Splitter splitter(ssms(), Dialect::kTsql);
    sql::SplitPart part;
    while (splitter.next(&part)) benchmark::DoNotOptimize(part);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(ssms().size()));
}

void split_and_classify(benchmark::State& state) {
  std::int64_t objects = 0;
  for (auto _ : state) {
    sql::Splitter splitter(ssms(), Dialect::kTsql);
    sql::Classifier classifier(ssms(), Dialect::kTsql);
    sql::SplitPart part;
    while (splitter.next(&part)) {
      if (part.kind == PartKind::kGap) continue;
      for (const sql::Statement& statement : classifier.classify(part)) {
        objects += static_cast<std::int64_t>(statement.objects.size());
      }
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(ssms().size()));
  state.counters["objects"] =
      benchmark::Counter(static_cast<double>(objects), benchmark::Counter::kIsRate);
}

BENCHMARK(split_only);
BENCHMARK(split_and_classify);

}  // namespace
}  // namespace engine::bench
