// A folder that is followed, as docs/embedding.md shows it: without a pool, and the whole.

#include <stdlib.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "engine/engine.h"
#include "io/file/source_folder.h"
#include "io/file/tree_writer.h"
#include "io/watch/watcher.h"

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using engine::io::LaterWrites;
using engine::io::SourceFolder;
using engine::io::TreeWriter;
using engine::io::Watcher;

/// What a watcher tells of, where all that is wanted are changed sources.
class Changes : public engine::io::WatchClient {
 public:
  explicit Changes(SourceFolder& folder) : folder_(folder) {}

  void tree_placed(const std::string& source, const std::string& tree) override {
    folder_.set_tree_path(source, tree);
  }
  void root_replaced() override { static_cast<void>(folder_.reopen()); }
  void problem(const engine::Error& error) override {
    std::fprintf(stderr, "%s\n", error.message.c_str());
  }
  void source_renamed(const std::string&, const std::string&) override {}
  void scan_ended(bool) override {}
  void notice(const std::string&) override {}

 private:
  SourceFolder& folder_;
};

/// Does the work on the watcher's own thread: the engine has no workers.
class AtOnce final : public Changes {
 public:
  using Changes::Changes;
  void connect(engine::Engine& engine) { engine_ = &engine; }

  engine::Intake source_changed(const engine::io::ChangedSource& source) override {
    if (source.version) engine_->submit(source.path, engine::Priority::kNormal);
    return engine::Intake::kOpen;
  }

 private:
  engine::Engine* engine_ = nullptr;
};

bool watcher_without_a_pool(const std::string& in, const std::string& out) {
  auto folder = SourceFolder::open(in, out, LaterWrites::kTold);
  auto writer = TreeWriter::open(out);
  if (!folder || !writer) return false;
  AtOnce client(**folder);
  engine::Options options;
  options.workers = 0;
  engine::Engine engine(options, {.files = folder->get(), .sink = writer->get()});
  client.connect(engine);
  auto watcher = Watcher::open({.root = in}, client);
  if (!watcher || !engine.start()) return false;
  std::ofstream(fs::path(in) / "orders.sql") << "CREATE TABLE orders (id int);\n";
  const auto patience = std::chrono::steady_clock::now() + 30s;
  while (engine.stats().load.sources_done == 0 && std::chrono::steady_clock::now() < patience) {
    if (!(*watcher)->run_until(std::chrono::steady_clock::now() + 20ms)) break;
  }
  return fs::exists(fs::path(out) / "orders/tables/orders/orders.sql");
}

/// Brings what a watcher tells to an engine that lets it settle and has workers, hears what becomes
/// of each source, and lets the watcher know when there is room again.
class Route final : public Changes, public engine::IntakeObserver, public engine::SourceObserver {
 public:
  using Changes::Changes;
  void connect(engine::Engine& engine, Watcher& watcher) {
    engine_ = &engine;
    watcher_ = &watcher;
  }

  engine::Intake source_changed(const engine::io::ChangedSource& source) override {
    engine::FileEvent event{source.path};
    event.settled = source.is_settled;
    return engine_->observe(event);
  }
  void intake_opened() override { watcher_->intake_opened(); }
  void source_finished(const engine::SourceReport& report) override {
    std::printf("%s: %zu units\n", report.path.c_str(), static_cast<std::size_t>(report.units));
    watcher_->interrupt();  // here, when the first is done
  }

 private:
  engine::Engine* engine_ = nullptr;
  Watcher* watcher_ = nullptr;
};

bool the_whole(const std::string& in, const std::string& out) {
  auto folder = SourceFolder::open(in, out, LaterWrites::kTold);
  auto writer = TreeWriter::open(out);
  if (!folder || !writer) return false;
  Route route(**folder);
  engine::Options options;
  options.workers = 2;
  options.debounce_window = 50ms;
  engine::Engine engine(
      options,
      {.files = folder->get(), .sink = writer->get(), .observer = &route, .intake = &route});
  auto watcher = Watcher::open({.root = in}, route);
  if (!watcher || !engine.start()) return false;
  route.connect(engine, **watcher);
  std::ofstream(fs::path(in) / "customers.sql") << "CREATE TABLE customers (id int);\n";
  if (!(*watcher)->run_until(std::chrono::steady_clock::now() + 30s)) return false;
  (*watcher)->finish();
  engine.shutdown(/*wait_for_completion=*/true);
  return fs::exists(fs::path(out) / "customers/tables/customers/customers.sql");
}

}  // namespace

bool watching_works() {
  std::string work = (fs::temp_directory_path() / "consumer-XXXXXX").string();
  if (::mkdtemp(work.data()) == nullptr) return false;
  for (const char* name : {"one", "two"}) fs::create_directories(fs::path(work) / name / "in");
  const bool works = watcher_without_a_pool(work + "/one/in", work + "/one/out") &&
                     the_whole(work + "/two/in", work + "/two/out");
  fs::remove_all(work);
  return works;
}
