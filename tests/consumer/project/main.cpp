// consumer DIR: what a program that embeds the engine looks like. It splits a string, then runs the
// whole pipeline over the sources of DIR that are named behind it, into a sink of its own.

#include <atomic>
#include <cstdio>
#include <string>

#include "engine/engine.h"
#include "engine/split.h"
#include "io/file/source_folder.h"

bool pieces_work();     // pieces.cpp
bool watching_works();  // watching.cpp

namespace {

/// Counts what it is given instead of writing it.
class CountingSink final : public engine::Sink {
 public:
  bool has_tree(const std::string&) override { return false; }

  engine::Result<std::unique_ptr<engine::StagedTree>> stage(const engine::Tree& tree) override {
    outputs_.fetch_add(tree.outputs.size(), std::memory_order_relaxed);
    return std::make_unique<Counted>(tree.outputs.size());
  }

  std::size_t outputs() const { return outputs_.load(std::memory_order_relaxed); }

 private:
  class Counted final : public engine::StagedTree {
   public:
    explicit Counted(std::size_t outputs) { published_.outputs_written = outputs; }
    engine::Result<engine::Published> commit() override { return published_; }

   private:
    engine::Published published_;
  };

  std::atomic<std::size_t> outputs_{0};
};

}  // namespace

int main(int argc, char** argv) {
  std::size_t units = 0;
  for (const engine::Part& part : engine::split("SELECT 1;\nSELECT ';';", engine::Dialect::kAuto)) {
    if (part.kind == engine::PartKind::kUnit) ++units;
  }

  auto files = engine::io::SourceFolder::open(argc > 1 ? argv[1] : ".", ".");
  if (!files) {
    std::fprintf(stderr, "%s\n", files.error().message.c_str());
    return 2;
  }
  CountingSink sink;
  engine::Options options;
  options.workers = 2;
  engine::Engine engine(options, {.files = files->get(), .sink = &sink});
  if (const engine::Result<void> started = engine.start(); !started) {
    std::fprintf(stderr, "%s\n", started.error().message.c_str());
    return 2;
  }
  for (int i = 2; i < argc; ++i) engine.submit(argv[i], engine::Priority::kNormal);
  engine.shutdown(/*wait_for_completion=*/true);

  const engine::LoadStats load = engine.stats().load;
  std::printf("%zu units; %llu sources, %zu outputs\n", units,
              static_cast<unsigned long long>(load.sources_done), sink.outputs());
  const bool all = load.sources_done == static_cast<std::uint64_t>(argc - 2);
  return pieces_work() && watching_works() && units == 2 && all &&
                 sink.outputs() >= load.sources_done
             ? 0
             : 1;
}
