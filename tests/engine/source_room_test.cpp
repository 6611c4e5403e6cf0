// A source whose tree has room on the disk only where the files for its memory do not take it.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "engine/engine.h"
#include "tests/support/loaded_folder.h"

namespace engine {
namespace {

// One attempt at a source, which one worker makes all of: is there a file that takes its room?
class Disk final : public FileSource, public Sink {
 public:
  /// Trees of this source find no room at these attempts either, counted from 1.
  void refuse(const std::string& source, std::vector<int> attempts) {
    refused_[source] = std::move(attempts);
  }
  int attempts(const std::string& source) { return attempts_[source]; }

  Result<std::unique_ptr<SourceText>> open(const std::string& path,
                                           const std::stop_token&) override {
    files_ = 0;
    return std::make_unique<Text>(path);
  }
  Result<std::unique_ptr<Scratch>> scratch(std::size_t size) override {
    ++files_;
    return std::make_unique<Room>(size);
  }
  bool has_tree(const std::string&) override { return false; }
  Result<std::unique_ptr<StagedTree>> stage(const Tree& tree) override {
    const int attempt = ++attempts_[tree.source];
    const std::vector<int>& refused = refused_[tree.source];
    const bool is_refused = std::find(refused.begin(), refused.end(), attempt) != refused.end();
    if (files_ != 0 || is_refused) {
      return fail_transient(ErrorCode::kNoSpace, tree.path + ": No space left on device");
    }
    return std::make_unique<Staged>();
  }

 private:
  class Text final : public SourceText {
   public:
    explicit Text(std::string path) : path_(std::move(path)) {
      const int views = path_ == "small.sql" ? 1 : 6'000;
      for (int i = 0; i < views; ++i) {
        text_ += "CREATE VIEW v" + std::to_string(i) + " AS SELECT a FROM t;\n";
      }
      size_ = text_.size();
      text_.append(kReadablePadding, '\n');
    }
    std::string_view bytes() const override { return {text_.data(), size_}; }
    const std::string& tree_path() const override { return path_; }
    const SourceVersion& version() const override { return version_; }
    Result<void> check_unchanged() const override { return {}; }

   private:
    std::string path_;
    std::string text_;
    std::size_t size_ = 0;
    SourceVersion version_;
  };
  class Room final : public Scratch {
   public:
    explicit Room(std::size_t size) : memory_(size) {}
    std::span<char> bytes() override { return memory_; }

   private:
    std::vector<char> memory_;
  };
  class Staged final : public StagedTree {
   public:
    Result<Published> commit() override { return Published{.outputs_written = 1}; }
  };

  // Of the one worker, and of the test when it has ended.
  int files_ = 0;
  std::map<std::string, std::vector<int>> refused_;
  std::map<std::string, int> attempts_;
};

class SourceRoom : public ::testing::Test {
 protected:
  // One after the other, in this order.
  void process(const std::vector<std::string>& sources) {
    Options options;
    options.workers = 1;
    options.disable_batching = true;
    options.retry_pause = std::chrono::milliseconds(1);
    Ports ports;
    ports.files = &disk_;
    ports.sink = &disk_;
    Engine engine(options, ports);
    for (const std::string& source : sources) engine.observe({source});
    ASSERT_TRUE(engine.start());
    while (engine.stats().load.sources_done + engine.stats().load.sources_failed < sources.size()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    engine.shutdown(true);
    EXPECT_EQ(engine.stats().load.sources_done, sources.size());
  }

  Disk disk_;
};

TEST_F(SourceRoom, IsTriedAgainWithoutFiles) {
  process({"big.sql"});
  EXPECT_EQ(disk_.attempts("big.sql"), 2);
}

// Not as a probe: another source finds out that there is room.
TEST_F(SourceRoom, IsTriedWithoutFilesWhoeverHasFoundRoom) {
  disk_.refuse("big.sql", {2});
  process({"big.sql", "small.sql"});
  EXPECT_EQ(disk_.attempts("small.sql"), 1);
  EXPECT_EQ(disk_.attempts("big.sql"), 3);
}

// What is to find out whether there is room takes none itself.
TEST_F(SourceRoom, AProbeHasNoFiles) {
  disk_.refuse("first.sql", {2});
  process({"first.sql", "second.sql"});
  EXPECT_EQ(disk_.attempts("second.sql"), 1);
}

}  // namespace
}  // namespace engine
