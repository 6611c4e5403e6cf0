// A power cut behind every step of a load with --durability=power, with whatever a file system may
// have done by then: what is recorded as done is there, whole.
//
// ENGINE_POWER_CUTS: how many states are looked at (200).
#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <random>

#include "io/state/state_reader.h"
#include "io/state/state_store.h"
#include "tests/cli/program.h"
#include "tests/support/crash_replay.h"
#include "tests/support/in_memory.h"
#include "tests/support/output_files.h"

namespace engine::test {
namespace {

constexpr int kSources = 8;

using Files = std::map<std::string, std::string>;

class PowerCut : public Program {
 protected:
  void write_sources(int edition) const {
    for (int i = 0; i < kSources; ++i) {
      if (edition == 1 && i % 2 == 1) continue;  // half of them change
      const std::string name = "dbo.t" + std::to_string(i);
      dir_.write("in/s" + std::to_string(i) + ".sql",
                 "CREATE TABLE " + name + " (i int)\nGO\nINSERT " + name + " VALUES (" +
                     std::to_string(edition) + ")\nGO\n");
    }
  }

  static Files tree_of(const Files& files, const std::string& tree) {
    Files found;
    for (const auto& [path, bytes] : files) {
      if (path.rfind(tree + '/', 0) == 0) found[path] = bytes;
    }
    return found;
  }

  void load_twice(const std::string& durability) {
    write_sources(0);
    ASSERT_EQ(run({"in", "quiet0"}).exit_status, 0);
    traced_load(durability);
    write_sources(1);
    ASSERT_EQ(run({"in", "quiet1"}).exit_status, 0);
    traced_load(durability);
    first_ = output_files(dir_ / "quiet0");
    second_ = output_files(dir_ / "quiet1");
  }

  void traced_load(const std::string& durability) const {
    RunOptions options;
    options.directory = dir_.str();
    const ProcessResult result =
        run_process({"/usr/bin/env", "LD_PRELOAD=" ENGINE_TRACE_LIBRARY,
                     "ENGINE_TRACE=" + (dir_ / "trace").string(),
                     "ENGINE_TRACE_ROOT=" + (dir_ / "out").string(), ENGINE_PROGRAM,
                     "--durability=" + durability, "--workers=2", "in", "out"},
                    options);
    ASSERT_EQ(result.exit_status, 0) << result.err;
  }

  // What is recorded as done in the OUTPUT that a cut has left, with the hash of its version.
  std::map<std::string, std::string> recorded(const std::filesystem::path& output) const {
    std::map<std::string, std::string> found;
    const std::filesystem::path file = output / ".engine/engine.db";
    if (!std::filesystem::exists(file)) return found;
    io::StateStore::Hooks hooks;
    // Before its first commit nothing is promised of the file.
    hooks.tell = [](const std::string& text) { EXPECT_THAT(text, testing::HasSubstr("is empty")); };
    const auto store = io::StateStore::open(file.string(), io::Durability::kProcess, hooks);
    if (!store) {
      ADD_FAILURE() << store.error().message;
      return found;
    }
    EXPECT_TRUE((*store)->each_outcome([](const io::SourceRecord&) {}));
    Result<io::StateReader> reader = io::StateReader::open(file.string());
    EXPECT_TRUE(reader.value().each(io::SourceState::kDone, [&](const io::SourceRecord& record) {
      found[record.path] = record.hash;
    }));
    return found;
  }

  // A cut at a random step, with a random part of what is not certain.
  std::filesystem::path make_cut(const CrashReplay& replay, int cut) {
    const std::size_t count = random_() % (replay.size() + 1);
    const std::uint64_t likely = random_() % 5 * 25;  // percent
    const std::filesystem::path place = dir_ / ("cut" + std::to_string(cut));
    std::filesystem::create_directory(place);
    const auto fate = [&](const TraceStep& step) {
      if (random_() % 100 >= likely) return Fate::kDoesNot;
      const bool may_tear = step.kind == TraceKind::kWrite && step.second.size() > 1;
      return may_tear && random_() % 4 == 0 ? Fate::kTorn : Fate::kHappens;
    };
    replay.make(count, fate, place);
    return place;
  }

  struct Look {
    std::size_t done = 0;
    std::size_t wrong = 0;
  };
  // The tree of a source that is done is that of the version on record, or of the later one.
  Look look_at(const std::filesystem::path& place) const {
    Look look;
    const Files files = output_files(place);
    for (const auto& [path, hash] : recorded(place)) {
      const std::string tree = path.substr(0, path.size() - 4);
      const Files there = tree_of(files, tree), later = tree_of(second_, tree);
      const bool is_later = later.at(tree + "/manifest.json").find(hash) != std::string::npos;
      ++look.done;
      look.wrong += there != later && (is_later || there != tree_of(first_, tree));
    }
    return look;
  }

  Files first_, second_;
  std::mt19937 random_{1};
};

TEST_F(PowerCut, NothingRecordedAsDoneIsMissingOrTorn) {
  load_twice("power");
  ASSERT_TRUE(output_files(dir_ / "out") == second_);
  const CrashReplay replay(read_trace(dir_ / "trace"));
  ASSERT_GT(replay.size(), 100u);

  // The replay says the same as the disk where nothing is lost.
  replay.make(
      replay.size(), [](const TraceStep&) { return Fate::kHappens; }, dir_ / "whole");
  ASSERT_TRUE(output_files(dir_ / "whole") == second_);
  ASSERT_EQ(recorded(dir_ / "whole").size(), static_cast<std::size_t>(kSources));
  // And where all is lost that is not certain, at the very end, everything has been done.
  replay.make(
      replay.size(), [](const TraceStep&) { return Fate::kDoesNot; }, dir_ / "least");
  ASSERT_TRUE(output_files(dir_ / "least") == second_);
  ASSERT_EQ(recorded(dir_ / "least").size(), static_cast<std::size_t>(kSources));

  const char* const wanted = std::getenv("ENGINE_POWER_CUTS");
  const int cuts = wanted == nullptr ? 200 : std::atoi(wanted);
  std::size_t seen = 0;
  for (int cut = 0; cut < cuts; ++cut) {
    const std::filesystem::path place = make_cut(replay, cut);
    const Look look = look_at(place);
    seen += look.done;
    EXPECT_EQ(look.wrong, 0u) << "cut " << cut;
    if (cut % 40 == 0) {
      const std::string name = place.filename().string();
      EXPECT_EQ(run({"--durability=power", "in", name}).exit_status, 0);
      EXPECT_TRUE(output_files(place) == second_) << name;
    }
    std::filesystem::remove_all(place);
    if (HasFailure()) break;
  }
  EXPECT_GT(seen, 0u);
  std::printf("%zu steps, %d cuts, %zu recorded as done and looked at\n", replay.size(), cuts,
              seen);
}

// That this test can fail: what --durability=process does not promise is not there.
TEST_F(PowerCut, WithoutItTheSameCutsFindLosses) {
  load_twice("process");
  const CrashReplay replay(read_trace(dir_ / "trace"));
  std::size_t wrong = 0;
  for (int cut = 0; cut < 200 && wrong == 0; ++cut) {
    const std::filesystem::path place = make_cut(replay, cut);
    wrong += look_at(place).wrong;
    std::filesystem::remove_all(place);
  }
  EXPECT_GT(wrong, 0u);
}

}  // namespace
}  // namespace engine::test
