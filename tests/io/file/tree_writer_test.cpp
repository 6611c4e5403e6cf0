#include "io/file/tree_writer.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

#include "io/file/mapped_file.h"
#include "tests/support/pool_team.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_tree.h"

namespace engine::io {
namespace {

using test::Cut;
using test::make_tree;
using test::read_file;
using test::status_of;
using test::TempDir;
using test::TestTree;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TestTree tree_of(const std::string& path,
                 const std::vector<std::pair<std::string, std::string>>& outputs,
                 const std::string& source = "s.sql") {
  std::string bytes;
  std::vector<Cut> cuts;
  for (const auto& [name, text] : outputs) {
    bytes += text;
    cuts.push_back(Cut{.output = name, .length = text.size()});
  }
  return make_tree(source, path, bytes, cuts);
}

class TreeWriterTest : public testing::Test {
 protected:
  // The one that is open, while somebody has it: there cannot be two.
  std::shared_ptr<TreeWriter> writer() const {
    if (auto shared = open_.lock()) return shared;
    auto opened = TreeWriter::open(out());
    EXPECT_TRUE(opened) << opened.error().message;
    std::shared_ptr<TreeWriter> shared(std::move(*opened));
    open_ = shared;
    return shared;
  }
  std::string out() const { return (dir_ / "out").string(); }
  std::filesystem::path in_out(const std::string& name) const { return dir_ / ("out/" + name); }
  Result<Published> write(const Tree& tree) const {
    const auto sink = writer();
    auto staged = sink->stage(tree);
    if (!staged) return tl::make_unexpected(staged.error());
    return (*staged)->commit();
  }
  Published publish(const Tree& tree) const {
    const Result<Published> published = write(tree);
    EXPECT_TRUE(published) << published.error().message;
    return published ? *published : Published{};
  }
  // Every entry below OUTPUT/`name`, relative to it.
  std::vector<std::string> entries(const std::string& name) const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(in_out(name))) {
      found.push_back(std::filesystem::relative(entry.path(), in_out(name)).string());
    }
    std::sort(found.begin(), found.end());
    return found;
  }
  std::vector<std::string> left_overs() const { return entries(".engine/build"); }
  TempDir dir_;
  mutable std::weak_ptr<TreeWriter> open_;
};

TEST_F(TreeWriterTest, PublishesOutputsAndManifest) {
  const auto made = tree_of("d/s", {{"tables/t/t.sql", "T"}, {"tables/t/indexes/i.sql", "I"}});
  const Published published = publish(made.tree);
  EXPECT_EQ(published.outputs_written, 2u);
  EXPECT_EQ(published.outputs_unchanged, 0u);
  EXPECT_EQ(published.bytes_written, 2u) << "the manifest is no output";
  EXPECT_THAT(entries("d"),
              ElementsAre("s", "s/manifest.json", "s/tables", "s/tables/t", "s/tables/t/indexes",
                          "s/tables/t/indexes/i.sql", "s/tables/t/t.sql"));
  EXPECT_EQ(read_file(in_out("d/s/tables/t/t.sql")), "T");
  EXPECT_EQ(read_file(in_out("d/s/manifest.json")), made.tree.manifest);
  EXPECT_THAT(left_overs(), IsEmpty());
}

TEST_F(TreeWriterTest, JoinsThePiecesOfAnOutputHoweverMany) {
  TestTree made = tree_of("s", {});
  std::string expected;
  std::vector<std::string> texts;
  for (int i = 0; i < 2500; ++i) texts.push_back(i % 3 == 0 ? "" : std::to_string(i) + '\n');
  for (const std::string& text : texts) expected += text;
  const std::vector<std::string_view> pieces(texts.begin(), texts.end());
  made.tree.outputs = {Output{"a.sql", pieces}, Output{"empty.sql", {}}};
  publish(made.tree);
  EXPECT_EQ(read_file(in_out("s/a.sql")), expected);
  EXPECT_EQ(read_file(in_out("s/empty.sql")), "");
}

TEST_F(TreeWriterTest, NothingIsSeenBeforeCommitNorAfterADiscard) {
  const auto sink = writer();
  {
    const auto staged = sink->stage(tree_of("s", {{"a.sql", "A"}}).tree);
    ASSERT_TRUE(staged);
    EXPECT_FALSE(sink->has_tree("s"));
    EXPECT_FALSE(std::filesystem::exists(in_out("s")));
  }
  EXPECT_FALSE(sink->has_tree("s"));
  EXPECT_THAT(left_overs(), IsEmpty());
}

TEST_F(TreeWriterTest, WhatIsGivenUpLeavesTheTreeThatWasThere) {
  publish(tree_of("s", {{"a.sql", "A"}}).tree);
  std::stop_source given_up;
  given_up.request_stop();
  auto made = tree_of("s", {{"a.sql", "B"}, {"d/b.sql", "B"}});
  made.tree.given_up = given_up.get_token();
  const auto staged = writer()->stage(made.tree);
  ASSERT_FALSE(staged);
  EXPECT_EQ(staged.error().code, ErrorCode::kStopped);
  EXPECT_EQ(read_file(in_out("s/a.sql")), "A");
  EXPECT_THAT(left_overs(), IsEmpty());
}

TEST_F(TreeWriterTest, AnUnchangedOutputKeepsInodeAndTime) {
  publish(tree_of("s", {{"t/a.sql", "A"}, {"t/b.sql", "B"}, {"t/gone.sql", "G"}}).tree);
  const struct stat a = status_of(in_out("s/t/a.sql"));
  const struct stat b = status_of(in_out("s/t/b.sql"));
  const Published published =
      publish(tree_of("s", {{"t/a.sql", "A"}, {"t/b.sql", "B2"}, {"t/new.sql", "N"}}).tree);
  EXPECT_EQ(published.outputs_unchanged, 1u);
  EXPECT_EQ(published.outputs_written, 2u);
  EXPECT_EQ(status_of(in_out("s/t/a.sql")).st_ino, a.st_ino);
  EXPECT_EQ(status_of(in_out("s/t/a.sql")).st_mtim.tv_nsec, a.st_mtim.tv_nsec);
  EXPECT_EQ(status_of(in_out("s/t/a.sql")).st_nlink, 1u);
  EXPECT_NE(status_of(in_out("s/t/b.sql")).st_ino, b.st_ino);
  EXPECT_EQ(read_file(in_out("s/t/b.sql")), "B2");
  EXPECT_THAT(entries("s"), ElementsAre("manifest.json", "t", "t/a.sql", "t/b.sql", "t/new.sql"));
  EXPECT_THAT(left_overs(), IsEmpty());
}

TEST_F(TreeWriterTest, ComparesBytesNotSizes) {
  publish(tree_of("s", {{"a.sql", "same size 1"}}).tree);
  const auto made = tree_of("s", {{"a.sql", "same size 1"}});
  std::ofstream(in_out("s/a.sql")) << "same size 2";  // somebody edits the output
  EXPECT_EQ(publish(made.tree).outputs_written, 1u);
  EXPECT_EQ(read_file(in_out("s/a.sql")), "same size 1");
}

TEST_F(TreeWriterTest, AnUnchangedTreeIsNotTouched) {
  const auto made = tree_of("s", {{"t/a.sql", "A"}, {"t/b.sql", "B"}});
  publish(made.tree);
  const struct stat before = status_of(in_out("s"));
  const Published again = publish(made.tree);
  EXPECT_EQ(again.outputs_unchanged, 2u);
  EXPECT_EQ(again.outputs_written, 0u);
  EXPECT_EQ(again.bytes_written, 0u);
  EXPECT_EQ(status_of(in_out("s")).st_ino, before.st_ino);
}

TEST_F(TreeWriterTest, ForeignEntriesGoEvenIfNothingElseChanged) {
  const auto made = tree_of("s", {{"t/a.sql", "A"}});
  publish(made.tree);
  const struct stat manifest = status_of(in_out("s/manifest.json"));
  std::filesystem::create_directories(in_out("s/u/v"));
  std::ofstream(in_out("s/t/extra.sql")) << "x";
  EXPECT_EQ(publish(made.tree).outputs_unchanged, 1u);
  EXPECT_THAT(entries("s"), ElementsAre("manifest.json", "t", "t/a.sql"));
  EXPECT_EQ(status_of(in_out("s/manifest.json")).st_ino, manifest.st_ino);
}

TEST_F(TreeWriterTest, HostilePathsWriteNothingAnywhere) {
  const auto sink = writer();
  for (const std::string& bad :
       {std::string("../x.sql"), std::string("/tmp/engine-x.sql"), std::string("a/../../x.sql"),
        std::string(".."), std::string("."), std::string(""), std::string("a//b"),
        std::string("a\0b", 3), std::string(300, 'n'), std::string("manifest.json")}) {
    TestTree made = tree_of("s", {{"a.sql", "A"}});
    made.tree.outputs[0].path = bad;
    const auto staged = sink->stage(made.tree);
    ASSERT_FALSE(staged) << bad;
    EXPECT_EQ(staged.error().code, ErrorCode::kUnwritable) << bad;
  }
  for (const char* bad : {"../s", "/s", "a/../../s", "", ".", "..", ".engine", ".engine/s"}) {
    const auto published = write(tree_of(bad, {{"a.sql", "A"}}).tree);
    ASSERT_FALSE(published) << bad;
    EXPECT_EQ(published.error().code, ErrorCode::kUnwritable) << bad;
    EXPECT_FALSE(sink->has_tree(bad));
  }
  EXPECT_THAT(entries(""), ElementsAre(".engine", ".engine/build", ".engine/lock"));
  EXPECT_FALSE(std::filesystem::exists(dir_ / "x.sql"));
}

TEST_F(TreeWriterTest, LinksInTheOutputAreNotFollowed) {
  const auto sink = writer();
  const TempDir outside;
  std::filesystem::create_symlink(outside.path(), in_out("d"));
  const auto below = write(tree_of("d/s", {{"a.sql", "A"}}).tree);
  ASSERT_FALSE(below);
  EXPECT_THAT(below.error().message, HasSubstr("/out/d: something that is not a directory is in"));
  const auto at = write(tree_of("d", {{"a.sql", "A"}}).tree);
  ASSERT_FALSE(at);
  EXPECT_THAT(at.error().message, HasSubstr("is in the way"));
  EXPECT_TRUE(std::filesystem::is_empty(outside.path()));
  EXPECT_TRUE(std::filesystem::is_symlink(in_out("d")));

  // A tree some of whose directories somebody replaced by links: no longer what was published.
  const auto made = tree_of("s", {{"t/a.sql", "A"}});
  publish(made.tree);
  std::filesystem::remove_all(in_out("s/t"));
  outside.write("a.sql", "A");
  std::filesystem::create_symlink(outside.path(), in_out("s/t"));
  publish(made.tree);
  EXPECT_FALSE(std::filesystem::is_symlink(in_out("s/t")));
  EXPECT_EQ(status_of(outside / "a.sql").st_nlink, 1u);
  EXPECT_EQ(read_file(outside / "a.sql"), "A");
}

TEST_F(TreeWriterTest, ALinkPutIntoTheBuildIsNotFollowed) {
  // While a tree is built, a link is put where one of its directories will be.
  const TempDir outside;
  const auto sink = writer();
  std::vector<std::pair<std::string, std::string>> outputs;
  for (int i = 0; i < 60; ++i) outputs.push_back({"t" + std::to_string(i) + "/u/a.sql", "A"});
  const auto made = tree_of("s", outputs);
  int landed = 0;
  for (int round = 0; round < 8; ++round) {
    std::atomic<bool> done{false};
    std::thread attacker([&] {
      std::error_code error;
      while (!done.load(std::memory_order_relaxed)) {
        for (const auto& entry :
             std::filesystem::directory_iterator(in_out(".engine/build"), error)) {
          std::filesystem::create_symlink(outside.path(), entry.path() / "t59", error);
          if (!error) return;
        }
      }
    });
    const auto staged = sink->stage(made.tree);
    done.store(true, std::memory_order_relaxed);
    attacker.join();
    if (!staged) {
      ++landed;
      EXPECT_EQ(staged.error().code, ErrorCode::kUnwritable);
    }
    EXPECT_TRUE(std::filesystem::is_empty(outside.path()));
  }
  RecordProperty("attacks_landed", landed);
}

TEST_F(TreeWriterTest, WhatIsNoTreeIsNeverDestroyed) {
  writer();
  std::ofstream(in_out("file")) << "mine";
  std::filesystem::create_directories(in_out("dir"));
  std::ofstream(in_out("dir/mine.txt")) << "mine";
  std::filesystem::create_directories(in_out("empty"));
  for (const char* path : {"file", "dir", "file/s"}) {
    const auto published = write(tree_of(path, {{"a.sql", "A"}}).tree);
    ASSERT_FALSE(published) << path;
    EXPECT_EQ(published.error().code, ErrorCode::kInTheWay);
    EXPECT_THAT(published.error().message, HasSubstr("is in the way"));
    EXPECT_EQ(published.error().message.find(out() + "/"), 0u) << published.error().message;
  }
  EXPECT_EQ(read_file(in_out("file")), "mine");
  EXPECT_EQ(read_file(in_out("dir/mine.txt")), "mine");
  EXPECT_THAT(left_overs(), IsEmpty());
  publish(tree_of("empty", {{"a.sql", "A"}}).tree);
  EXPECT_EQ(read_file(in_out("empty/a.sql")), "A");
}

// Of web applications and extensions of browsers, say.
TEST_F(TreeWriterTest, AManifestOfAnotherProgramMakesNoTree) {
  const auto sink = writer();
  for (const char* manifest :
       {"{\"name\": \"app\"}", "hello", "{\n  \"version\": \"1.0\"}", "{\"manifest_version\": 3}",
        "{\"version\": 2, \"name\": \"app\"}", "<html>"}) {
    std::filesystem::create_directories(in_out("web"));
    std::ofstream(in_out("web/manifest.json")) << manifest;
    std::ofstream(in_out("web/app.js")) << "mine";
    EXPECT_FALSE(sink->has_tree("web")) << manifest;
    for (const char* path : {"web", "web/x"}) {
      const auto published = write(tree_of(path, {{"a.sql", "A"}}).tree);
      ASSERT_FALSE(published) << manifest;
      EXPECT_EQ(published.error().code, ErrorCode::kInTheWay);
      EXPECT_THAT(published.error().message, HasSubstr("something that is no tree"));
    }
    EXPECT_EQ(read_file(in_out("web/app.js")), "mine") << manifest;
    EXPECT_EQ(read_file(in_out("web/manifest.json")), manifest);
  }
}

// By a power cut, or by who lays out JSON anew.
TEST_F(TreeWriterTest, ATreeWhoseManifestIsTornIsReplaced) {
  publish(tree_of("s", {{"a.sql", "A"}}).tree);
  const std::string whole = read_file(in_out("s/manifest.json"));
  for (const std::string& torn :
       {std::string(), std::string(5000, '\0'), whole.substr(0, 1), whole.substr(0, 14),
        whole.substr(0, 30), whole.substr(0, 60), whole.substr(0, whole.size() - 3),
        std::string("{\"version\":1,\"source\":{\"path\":\"s.sql\"}}")}) {
    std::ofstream(in_out("s/manifest.json")) << torn;
    publish(tree_of("s", {{"a.sql", "A"}}).tree);
    EXPECT_EQ(read_file(in_out("s/manifest.json")), whole) << torn.substr(0, 80);
  }
}

TEST_F(TreeWriterTest, ATreeIsNotPlacedInsideAnother) {
  publish(tree_of("a", {{"t/x.sql", "A"}}).tree);
  for (const char* path : {"a/b", "a/t/b"}) {
    const auto published = write(tree_of(path, {{"a.sql", "A"}}).tree);
    ASSERT_FALSE(published) << path;
    EXPECT_THAT(published.error().message, HasSubstr("/out/a: the tree of another source is in"));
  }
  publish(tree_of("d/b", {{"x.sql", "A"}}).tree);
  EXPECT_FALSE(write(tree_of("d", {{"x.sql", "A"}}).tree));
  EXPECT_EQ(read_file(in_out("d/b/x.sql")), "A");
}

TEST_F(TreeWriterTest, MovesATreeOfTheSameSourceOnly) {
  publish(tree_of("foo", {{"a.sql", "A"}}, "foo.sql").tree);
  const auto sink = writer();
  ASSERT_TRUE(sink->move_tree("foo", "foo.sql", "other.sql"));
  EXPECT_TRUE(sink->has_tree("foo"));
  ASSERT_TRUE(sink->move_tree("foo", "d/foo.sql", "foo.sql"));
  EXPECT_FALSE(sink->has_tree("foo"));
  EXPECT_EQ(read_file(in_out("d/foo.sql/a.sql")), "A");
  // Where the source has a tree already, the old place is only given up.
  publish(tree_of("foo", {{"a.sql", "old"}}, "foo.sql").tree);
  ASSERT_TRUE(sink->move_tree("foo", "d/foo.sql", "foo.sql"));
  EXPECT_FALSE(std::filesystem::exists(in_out("foo")));
  EXPECT_EQ(read_file(in_out("d/foo.sql/a.sql")), "A");
  // A place that no tree can have is an error, and the tree stays where it is.
  publish(tree_of("foo", {{"a.sql", "old"}}, "foo.sql").tree);
  EXPECT_FALSE(sink->move_tree("foo", "d/foo.sql/b", "foo.sql"));
  EXPECT_TRUE(sink->has_tree("foo"));
  ASSERT_TRUE(sink->move_tree("none", "there", "foo.sql"));
  ASSERT_TRUE(sink->move_tree("../out/d", "there", "foo.sql"));
  EXPECT_FALSE(sink->has_tree("there"));
  EXPECT_THAT(left_overs(), IsEmpty());
}

TEST_F(TreeWriterTest, ATreeThatCannotMoveStaysWhereItIs) {
  publish(tree_of("foo.sql", {{"a.sql", "A"}}, "foo.sql").tree);
  publish(tree_of("foo/bar", {{"b.sql", "B"}}, "foo/bar.sql").tree);
  publish(tree_of("taken", {{"c.sql", "C"}}, "taken.sql").tree);
  std::ofstream(in_out("file")) << "mine";
  const auto sink = writer();
  for (const char* to : {"foo", "taken", "file", "foo.sql/below"}) {
    const Result<bool> moved = sink->move_tree("foo.sql", to, "foo.sql");
    ASSERT_FALSE(moved) << to;
    EXPECT_EQ(moved.error().code, ErrorCode::kInTheWay);
    EXPECT_EQ(read_file(in_out("foo.sql/a.sql")), "A");
  }
  EXPECT_EQ(read_file(in_out("foo/bar/b.sql")), "B");
  EXPECT_EQ(read_file(in_out("taken/c.sql")), "C");
  EXPECT_EQ(read_file(in_out("file")), "mine");
  EXPECT_THAT(left_overs(), IsEmpty());
}

TEST_F(TreeWriterTest, RemovesATreeOfTheSameSourceOnly) {
  publish(tree_of("foo", {{"a.sql", "A"}}, "foo.sql").tree);
  const auto sink = writer();
  ASSERT_TRUE(sink->remove_tree("foo", "other.sql"));
  EXPECT_TRUE(sink->has_tree("foo"));
  ASSERT_TRUE(sink->remove_tree("foo", "foo.sql"));
  EXPECT_FALSE(std::filesystem::exists(in_out("foo")));
  EXPECT_THAT(left_overs(), IsEmpty());
}

TEST_F(TreeWriterTest, DirectoriesGoWithTheLastTreeInThem) {
  const auto sink = writer();
  for (const char* tree : {"a/b/one", "a/two", "c/d/three"}) {
    publish(tree_of(tree, {{"x.sql", "SELECT 1;\n"}}).tree);
  }
  ASSERT_TRUE(sink->remove_tree("a/b/one", "s.sql"));
  EXPECT_FALSE(std::filesystem::exists(in_out("a/b")));
  EXPECT_TRUE(std::filesystem::exists(in_out("a/two/manifest.json")));
  ASSERT_TRUE(sink->move_tree("c/d/three", "e/three", "s.sql"));
  EXPECT_FALSE(std::filesystem::exists(in_out("c")));
  dir_.write("out/a/somebodys.txt", "");
  ASSERT_TRUE(sink->remove_tree("a/two", "s.sql"));
  EXPECT_THAT(entries("a"), ElementsAre("somebodys.txt"));
}

// Each of two makes the directory that the other may just be deleting.
TEST_F(TreeWriterTest, ADirectoryDoesNotGoFromUnderATreeThatComes) {
  const auto sink = writer();
  const auto publish_and_remove = [&](const std::string& name) {
    const TestTree made = tree_of("d/e/" + name, {{"x.sql", "SELECT 1;\n"}}, name + ".sql");
    for (int i = 0; i < 300; ++i) {
      auto staged = sink->stage(made.tree);
      ASSERT_TRUE(staged) << staged.error().message;
      const auto published = (*staged)->commit();
      ASSERT_TRUE(published) << published.error().message;
      ASSERT_TRUE(sink->has_tree("d/e/" + name));
      ASSERT_TRUE(sink->remove_tree("d/e/" + name, name + ".sql"));
    }
  };
  std::thread other([&] { publish_and_remove("one"); });
  publish_and_remove("two");
  other.join();
  EXPECT_FALSE(std::filesystem::exists(in_out("d")));
}

TEST_F(TreeWriterTest, OpenMakesParentsAndSaysWhatCannotBeAnOutput) {
  EXPECT_TRUE(TreeWriter::open((dir_ / "x/y/z").string()));
  dir_.write("file", "");
  const auto file = TreeWriter::open((dir_ / "file").string());
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kUnwritable);
  EXPECT_THAT(file.error().message, HasSubstr("/file: is not a directory"));
  EXPECT_EQ(TreeWriter::open((dir_ / "file/below").string()).error().code, ErrorCode::kUnwritable);
  EXPECT_EQ(TreeWriter::open("/proc/engine-test").error().code, ErrorCode::kUnwritable);
}

TEST_F(TreeWriterTest, AKilledProcessLeavesOnlyWhatTheNextOneRemoves) {
  publish(tree_of("s", {{"a.sql", "A"}}).tree);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto opened = TreeWriter::open(out());
    if (!opened) ::_exit(1);
    auto staged = (*opened)->stage(tree_of("s", {{"a.sql", "B"}, {"b.sql", "C"}}).tree);
    if (!staged) ::_exit(1);
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_THAT(left_overs(), testing::SizeIs(4));
  EXPECT_EQ(read_file(in_out("s/a.sql")), "A");
  EXPECT_THAT(entries("s"), ElementsAre("a.sql", "manifest.json"));
  std::filesystem::create_directories(in_out(".engine/build/no-number/x"));
  std::filesystem::create_directories(in_out(".engine/build/1-1"));  // init is alive
  writer();  // nor is the lock file that was left in its way
  EXPECT_THAT(left_overs(), IsEmpty());
}

TEST_F(TreeWriterTest, ASecondWriterIsRefusedWhileTheFirstIsOpen) {
  auto first = writer();
  std::filesystem::create_directories(in_out(".engine/build/being-built"));
  const auto second = TreeWriter::open(out());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnwritable);
  EXPECT_EQ(second.error().message, out() + ": held by another engine (PID " +
                                        std::to_string(::getpid()) + "); wait for it or stop it");
  EXPECT_THAT(left_overs(), ElementsAre("being-built"));  // it took nothing from the first
  first.reset();
  EXPECT_TRUE(TreeWriter::open(out()));
}

TEST_F(TreeWriterTest, ATruncatedSourceIsChangedNotUnwritable) {
  dir_.write("s.sql", std::string(1 << 20, 'x'));
  const Descriptor root(::open(dir_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const auto source = MappedFile::open(root.get(), "s.sql");
  ASSERT_TRUE(source);
  std::filesystem::resize_file(dir_ / "s.sql", 100);
  TestTree made = tree_of("s", {{"a.sql", "A"}});
  const std::string_view pieces[] = {source->view()};
  made.tree.outputs[0].pieces = pieces;
  const auto published = write(made.tree);
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().code, ErrorCode::kChanged);
  EXPECT_EQ(published.error().message.find("s.sql: "), 0u);
  EXPECT_THAT(left_overs(), IsEmpty());
}

TEST_F(TreeWriterTest, ManyThreadsPublishBesideEachOther) {
  const auto sink = writer();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        // New parents made by all at once, and one tree that all of them replace.
        const std::string own = "d" + std::to_string(i) + "/e/t" + std::to_string(t);
        for (const std::string& path : {own, std::string("shared")}) {
          const auto made = tree_of(path, {{"a/x.sql", "A" + std::to_string(t * 100 + i)}});
          auto staged = sink->stage(made.tree);
          ASSERT_TRUE(staged) << staged.error().message;
          const auto published = (*staged)->commit();
          ASSERT_TRUE(published) << published.error().message;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(sink->has_tree("d49/e/t3"));
  EXPECT_THAT(entries("shared"), ElementsAre("a", "a/x.sql", "manifest.json"));
  EXPECT_THAT(left_overs(), IsEmpty());
}

Result<void> by_a_team(const std::function<Result<void>(Team& team)>& job) {
  Result<void> done;
  test::by_a_team(4, [&](Team& team) { done = job(team); });
  return done;
}

TEST_F(TreeWriterTest, ATeamWritesTheSameTree) {
  std::vector<std::pair<std::string, std::string>> outputs;
  for (int i = 0; i < 300; ++i) {
    const std::string name = std::to_string(i);
    outputs.emplace_back("d" + std::to_string(i % 7) + "/" + name,
                         std::string(static_cast<std::size_t>(i) * 50 + 1, 'x'));
  }
  auto made = tree_of("s", outputs);
  const auto publish_by = [&](Team& team, std::uint64_t written) -> Result<void> {
    made.tree.team = &team;
    const Result<Published> published = write(made.tree);
    if (!published) return tl::make_unexpected(published.error());
    EXPECT_EQ(published->outputs_written, written);
    EXPECT_EQ(published->outputs_unchanged, outputs.size() - written);
    return {};
  };
  ASSERT_TRUE(by_a_team([&](Team& team) { return publish_by(team, outputs.size()); }));
  for (const auto& [name, text] : outputs) EXPECT_EQ(read_file(in_out("s/" + name)), text);
  ASSERT_TRUE(by_a_team([&](Team& team) { return publish_by(team, 0); }));  // it is there
  outputs[7].second = "another";
  made = tree_of("s", outputs);
  ASSERT_TRUE(by_a_team([&](Team& team) { return publish_by(team, 1); }));
  EXPECT_EQ(read_file(in_out("s/d0/7")), "another");
}

TEST_F(TreeWriterTest, OfSeveralOutputsThatFailTheFirstIsTold) {
  std::vector<std::pair<std::string, std::string>> outputs;
  outputs.emplace_back("0", std::string(1 << 20, 'x'));
  const std::string too_long(300, 'n');
  for (int i = 100; i < 150; ++i) outputs.emplace_back(std::to_string(i) + too_long, "x");
  auto made = tree_of("s", outputs);
  for (int round = 0; round < 20; ++round) {
    const Result<void> done = by_a_team([&](Team& team) -> Result<void> {
      made.tree.team = &team;
      const Result<Published> published = write(made.tree);
      return published ? Result<void>() : tl::make_unexpected(published.error());
    });
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().message, HasSubstr("s/100nnn"));
    EXPECT_THAT(left_overs(), IsEmpty());
  }
}

TEST_F(TreeWriterTest, AFullDiskIsOneClearLineAndLeavesTheOldTree) {
  std::filesystem::create_directories(in_out(""));
  if (::mount("tmpfs", out().c_str(), "tmpfs", 0, "size=256k") != 0) {
    GTEST_SKIP() << "needs the right to mount a small tmpfs";
  }
  publish(tree_of("s", {{"a.sql", "A"}}).tree);
  const auto published = write(tree_of("s", {{"a.sql", std::string(1 << 20, 'x')}}).tree);
  EXPECT_FALSE(published);
  if (!published) {
    EXPECT_EQ(published.error().code, ErrorCode::kNoSpace);
    EXPECT_EQ(published.error().message, out() + "/s/a.sql: cannot write: No space left on device");
  }
  EXPECT_EQ(read_file(in_out("s/a.sql")), "A");
  EXPECT_THAT(left_overs(), IsEmpty());
  EXPECT_EQ(publish(tree_of("s", {{"a.sql", "B"}}).tree).outputs_written, 1u);
  EXPECT_EQ(::umount(out().c_str()), 0);
}

}  // namespace
}  // namespace engine::io
