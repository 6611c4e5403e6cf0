// How many bytes a second engine::split() takes, by kind of text, beside memcpy of the same bytes
// in the same run: what the memory allows.

#include <benchmark/benchmark.h>

#include <cstring>
#include <string>

#include "bench/dump_text.h"
#include "bench/ssms_script.h"
#include "engine/sql/splitter.h"

namespace engine::bench {
namespace {

constexpr std::size_t kSize = 8 << 20;

const std::string& ssms() {
  static const std::string text = ssms_script(1, kSize);
  return text;
}
const std::string& inserts() {
  static const std::string text = mysqldump_inserts(kSize);
  return text;
}
const std::string& copy() {
  static const std::string text = pg_dump_copy(kSize);
  return text;
}
const std::string& single_rows() {
  static const std::string text = single_row_inserts(kSize);
  return text;
}

void count_bytes(benchmark::State& state, const std::string& text) {
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}

void split_text(benchmark::State& state, const std::string& (*make)(), Dialect dialect) {
  const std::string& text = make();
  std::size_t parts = 0;
  for (auto _ : state) {
    sql::Splitter splitter(text, dialect);
    sql::SplitPart part;
    for (parts = 0; splitter.next(&part); ++parts) benchmark::DoNotOptimize(part);
  }
  count_bytes(state, text);
  state.counters["parts"] = static_cast<double>(parts);
}

void copy_bytes(benchmark::State& state) {
  const std::string& text = ssms();
  std::string to(text.size(), '\0');
  for (auto _ : state) {
    std::memcpy(to.data(), text.data(), text.size());
    benchmark::ClobberMemory();
  }
  count_bytes(state, text);
}

BENCHMARK(copy_bytes)->Name("memcpy");
BENCHMARK_CAPTURE(split_text, ssms, ssms, Dialect::kTsql);
BENCHMARK_CAPTURE(split_text, mysqldump_inserts, inserts, Dialect::kMysql);
BENCHMARK_CAPTURE(split_text, pg_dump_copy, copy, Dialect::kPostgresql);
BENCHMARK_CAPTURE(split_text, single_row_inserts, single_rows, Dialect::kPostgresql);

}  // namespace
}  // namespace engine::bench
