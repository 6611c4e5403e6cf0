// How many bytes a second the splitter passes, by kind of text and by kernel, beside what the
// machine gives in the same run: memcpy, a bare mask of the quotes, and a loop that looks at each
// byte. The texts are larger than the caches (ENGINE_BENCH_MIB, 128 each), so memory counts, as it
// does in a load.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/dump_text.h"
#include "bench/ssms_script.h"
#include "engine/source/source_text.h"
#include "engine/sql/detect_dialect.h"
#include "engine/sql/kernels/kernels.h"
#include "engine/sql/splitter.h"

namespace engine::bench {
namespace {

struct Script {
  std::string text;
  Dialect dialect;
};
using Scripts = std::vector<Script>;

std::size_t text_size() {
  const char* mebibytes = std::getenv("ENGINE_BENCH_MIB");
  return (mebibytes != nullptr ? std::strtoul(mebibytes, nullptr, 10) : 128) << 20;
}

// The generators' text is all of a kind: a stretch of it, again and again.
template <class Generate>
Scripts repeated(Generate generate, Dialect dialect) {
  const std::string stretch = generate(std::min<std::size_t>(text_size(), 4 << 20));
  std::string text;
  text.reserve(text_size() + stretch.size());
  while (text.size() < text_size()) text += stretch;
  return {{std::move(text), dialect}};
}

Scripts ssms() {
  return repeated([](std::size_t size) { return ssms_script(1, size); }, Dialect::kTsql);
}
Scripts inserts() { return repeated(mysqldump_inserts, Dialect::kMysql); }
Scripts copy() { return repeated(pg_dump_copy, Dialect::kPostgresql); }
Scripts single_rows() { return repeated(single_row_inserts, Dialect::kPostgresql); }

const char* corpus_folder() { return std::getenv("ENGINE_CORPUS"); }

// Every script below it, as it would be split.
Scripts corpus() {
  Scripts scripts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus_folder())) {
    if (entry.path().extension() != ".sql") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    std::string room;
    const auto decoded = source::decode(bytes, Encoding::kAuto, [&](std::size_t size) {
      room.resize(size);
      return Result<std::span<char>>(room);
    });
    if (!decoded) continue;
    scripts.push_back({std::string(decoded->text), sql::detect_dialect(decoded->text).dialect});
  }
  return scripts;
}

// One kind of text is in memory at a time.
const Scripts& scripts_of(Scripts (*make)()) {
  static Scripts (*made)() = nullptr;
  static Scripts scripts;
  if (made != make) {
    scripts = {};
    scripts = make();
    made = make;
  }
  return scripts;
}

void count_bytes(benchmark::State& state, const Scripts& scripts) {
  std::size_t size = 0;
  for (const Script& script : scripts) size += script.text.size();
  state.SetBytesProcessed(static_cast<std::int64_t>(size) * state.iterations());
}

void split_text(benchmark::State& state, Scripts (*make)(), const sql::Kernels* kernels) {
  const Scripts& scripts = scripts_of(make);
  if (scripts.empty()) return state.SkipWithError("ENGINE_CORPUS is not set");
  const sql::Kernels& best = sql::kernels();
  sql::use_kernels(*kernels);
  std::size_t parts = 0;
  for (auto _ : state) {
    parts = 0;
    for (const Script& script : scripts) {
      sql::Splitter splitter(script.text, script.dialect);
      for (auto some = splitter.next_parts(); !some.empty(); some = splitter.next_parts()) {
        for (const sql::SplitPart& part : some.parts) benchmark::DoNotOptimize(part);
        for (const sql::RowEnd& row : some.rows.ends()) benchmark::DoNotOptimize(row);
        parts += some.parts.size() + 2 * some.rows.size();
      }
    }
  }
  sql::use_kernels(best);
  count_bytes(state, scripts);
  state.counters["parts"] = static_cast<double>(parts);
}

void copy_bytes(benchmark::State& state, Scripts (*make)()) {
  const Scripts& scripts = scripts_of(make);
  if (scripts.empty()) return state.SkipWithError("ENGINE_CORPUS is not set");
  std::size_t size = 0;
  for (const Script& script : scripts) size += script.text.size();
  std::string to(size, '\0');
  for (auto _ : state) {
    char* end = to.data();
    for (const Script& script : scripts) {
      std::memcpy(end, script.text.data(), script.text.size());
      end += script.text.size();
    }
    benchmark::ClobberMemory();
  }
  count_bytes(state, scripts);
}

void quote_mask(benchmark::State& state, Scripts (*make)(), const sql::Kernels* kernels) {
  const Scripts& scripts = scripts_of(make);
  for (auto _ : state) {
    for (const Script& script : scripts) {
      benchmark::DoNotOptimize(kernels->count(script.text, 0, script.text.size(), '\''));
    }
  }
  count_bytes(state, scripts);
}

// As plain as a splitter can be: quotes and semicolons.
void scalar_loop(benchmark::State& state, Scripts (*make)()) {
  const Scripts& scripts = scripts_of(make);
  for (auto _ : state) {
    std::size_t statements = 0;
    for (const Script& script : scripts) {
      bool quoted = false;
      for (const char c : script.text) {
        if (c == '\'') quoted = !quoted;
        if (c == ';' && !quoted) ++statements;
      }
    }
    benchmark::DoNotOptimize(statements);
  }
  count_bytes(state, scripts);
}

void add_all() {
  constexpr struct {
    const char* name;
    Scripts (*make)();
  } kTexts[] = {{"ssms", ssms},
                {"mysqldump_inserts", inserts},
                {"pg_dump_copy", copy},
                {"single_row_inserts", single_rows},
                {"corpus", corpus}};
  const auto kernels = sql::supported_kernels();
  for (const auto& [name, make] : kTexts) {
    if (make == corpus && corpus_folder() == nullptr) continue;
    const std::string text(name);
    benchmark::RegisterBenchmark((text + "/memcpy").c_str(), copy_bytes, make);
    for (const sql::Kernels* each : kernels) {
      const std::string by = std::string("/") + each->name;
      benchmark::RegisterBenchmark((text + "/split" + by).c_str(), split_text, make, each);
      if (each == kernels.front()) continue;
      benchmark::RegisterBenchmark((text + "/quote_mask" + by).c_str(), quote_mask, make, each);
    }
    benchmark::RegisterBenchmark((text + "/scalar_loop").c_str(), scalar_loop, make);
  }
}

}  // namespace
}  // namespace engine::bench

int main(int count, char** arguments) {
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
  engine::bench::add_all();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
