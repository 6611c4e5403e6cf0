// What naming the objects, and finding what they refer to, costs beside finding the units, for
// scripts of many objects.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "bench/ssms_script.h"
#include "engine/sql/classifier.h"
#include "engine/sql/references.h"
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

// As the organizer asks for them: of what defines something.
void split_classify_and_refer(benchmark::State& state) {
  std::vector<Reference> found;
  std::int64_t references = 0;
  for (auto _ : state) {
    sql::Splitter splitter(ssms(), Dialect::kTsql);
    sql::Classifier classifier(ssms(), Dialect::kTsql);
    sql::SplitPart part;
    while (splitter.next(&part)) {
      if (part.kind == PartKind::kGap) continue;
      for (const sql::Statement& statement : classifier.classify(part)) {
        if (statement.role != sql::Role::kDefinition) continue;
        found.clear();
        sql::find_references(ssms(), static_cast<std::size_t>(statement.offset),
                             static_cast<std::size_t>(statement.offset + statement.length),
                             part.line, Dialect::kTsql, &found);
        references += static_cast<std::int64_t>(found.size());
      }
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(ssms().size()));
  state.counters["references"] =
      benchmark::Counter(static_cast<double>(references), benchmark::Counter::kIsRate);
}

BENCHMARK(split_only);
BENCHMARK(split_and_classify);
BENCHMARK(split_classify_and_refer);

}  // namespace
}  // namespace engine::bench
