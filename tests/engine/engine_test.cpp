#include "engine/engine.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>

#include "io/base/file_version.h"
#include "io/file/hash.h"
#include "tests/support/loaded_folder.h"

namespace engine {
namespace {

using test::LoadedFolder;
using ::testing::_;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Pair;
using ::testing::SizeIs;

TEST(Engine, OneBadSourceCostsTheOthersNothing) {
  LoadedFolder folder;
  folder.write("a.sql", "CREATE TABLE t (i int);");
  folder.load({"a.sql", "missing.sql"});
  EXPECT_EQ(folder.stats().load.sources_done, 1u);
  EXPECT_EQ(folder.stats().load.sources_failed, 1u);
  EXPECT_THAT(folder.reports().report("missing.sql").error, HasSubstr("missing.sql"));
}

TEST(Engine, AReportNamesTheVersionThatWasReadItsHashAndItsTree) {
  LoadedFolder folder;
  const std::string text = "CREATE TABLE t (i int);";
  const std::filesystem::path file = folder.write("a.sql", text);
  folder.load({"a.sql", "missing.sql"});
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  const SourceReport report = folder.reports().report("a.sql");
  EXPECT_EQ(report.version, io::version_of(status));
  EXPECT_EQ(report.content_hash, io::Hash::of(text));
  EXPECT_EQ(report.tree_path, "a");
  EXPECT_GT(report.elapsed.count(), 0);
  EXPECT_EQ(folder.reports().report("missing.sql").version, SourceVersion{});
}

// The encoding is told from the beginning; what comes later may prove it wrong.
TEST(Engine, ASourceThatOnlyBeginsAsUtf8IsReadOverAgain) {
  std::string text = "CREATE TABLE t (a varchar(9));\n";
  while (text.size() < 300'000) text += "INSERT INTO t VALUES ('abc'), ('it''s');\n";
  text += "CREATE VIEW caf\xE9 AS SELECT 'd\xE9j\xE0 vu' FROM t;\n";
  text += "INSERT INTO t VALUES ('";
  LoadedFolder folder;
  const auto outputs = folder.outputs_of("a.sql", text);
  EXPECT_THAT(outputs, Contains(Pair(_, HasSubstr("VIEW caf\xC3\xA9 AS SELECT 'd\xC3\xA9j"))));
  const SourceReport report = folder.reports().report("a.sql");
  const auto inserts = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n') - 1);
  EXPECT_EQ(report.units, inserts + 2);
  EXPECT_THAT(report.warnings, SizeIs(1));  // the quote
  EXPECT_EQ(report.content_hash, io::Hash::of(text));
  EXPECT_EQ(folder.joined("a"), text);
  EXPECT_THAT(folder.differences(), IsEmpty());
}

TEST(Engine, SequentialDoesTheWorkInTheCallingThread) {
  Options options;
  options.workers = 0;
  LoadedFolder folder(options);
  EXPECT_THAT(folder.outputs_of("a.sql", "CREATE TABLE t (i int);"), SizeIs(1));
  EXPECT_EQ(folder.stats().pool.num_workers, 0u);
  EXPECT_EQ(folder.stats().pool.tasks_completed, 1u);
}

TEST(Engine, AnySourceGivesTheSameTreeWithAnyNumberOfWorkers) {
  Options one, four;
  one.workers = 1;
  four.workers = 4;
  LoadedFolder first(one), second(four);
  std::vector<std::string> names;
  for (int i = 0; i < 40; ++i) {
    names.push_back("s" + std::to_string(i) + ".sql");
    const std::string text = "CREATE TABLE t" + std::to_string(i) + " (i int);\nSELECT 1;\n";
    first.write(names.back(), text);
    second.write(names.back(), text);
  }
  first.load(names);
  second.load(names);
  for (int i = 0; i < 40; ++i) {
    const std::string tree = "s" + std::to_string(i);
    EXPECT_EQ(first.outputs(tree), second.outputs(tree));
    EXPECT_EQ(test::read_file(first.output() / tree / "manifest.json"),
              test::read_file(second.output() / tree / "manifest.json"));
  }
}

TEST(Engine, EmptyAndCommentOnlySourcesHaveTrees) {
  LoadedFolder folder;
  EXPECT_THAT(folder.outputs_of("empty.sql", ""), IsEmpty());
  EXPECT_EQ(folder.joined("empty"), "");
  EXPECT_THAT(folder.outputs_of("comment.sql", "-- only this\n"),
              ElementsAre(Key("other/0001.sql")));
  EXPECT_EQ(folder.joined("comment"), "-- only this\n");
}

TEST(Engine, ABrokenQuoteIsAWarningAndItsNeighboursStand) {
  Options options;
  options.dialect = Dialect::kTsql;
  LoadedFolder folder(options);
  const auto outputs = folder.outputs_of("a.sql",
                                         "CREATE TABLE a (i int)\nGO\nPRINT 'it's'\nGO\n"
                                         "CREATE TABLE b (i int)\nGO\n");
  EXPECT_THAT(outputs,
              ElementsAre(Key("other/0001.sql"), Key("tables/a/a.sql"), Key("tables/b/b.sql")));
  const SourceReport report = folder.reports().report("a.sql");
  ASSERT_THAT(report.warnings, SizeIs(1));
  EXPECT_EQ(report.warnings[0].line, 3u);
  EXPECT_EQ(report.status, SourceStatus::kDone);
}

TEST(Engine, RowsOfOneTableAreOneOutputHoweverMany) {
  Options options;
  options.dialect = Dialect::kMysql;
  options.no_metadata = true;
  LoadedFolder folder(options);
  std::string source = "CREATE TABLE t (i int);\n";
  for (int i = 0; i < 5000; ++i) source += "INSERT INTO t VALUES (" + std::to_string(i) + ");\n";
  EXPECT_THAT(folder.outputs_of("a.sql", source),
              ElementsAre(Key("tables/t/data/0001.sql"), Key("tables/t/t.sql")));
  EXPECT_EQ(folder.joined("a"), source);
}

TEST(Engine, EachRoutineSetsItsOwnDelimiter) {
  Options options;
  options.dialect = Dialect::kMysql;
  options.no_metadata = true;
  LoadedFolder folder(options);
  const std::string source =
      "SET a = 1;\nDELIMITER ;;\nCREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN\nEND;;\n"
      "CREATE TRIGGER h BEFORE INSERT ON t FOR EACH ROW BEGIN\nEND;;\nDELIMITER ;\n";
  EXPECT_THAT(folder.outputs_of("a.sql", source),
              ElementsAre(Pair("other/0001.sql", "SET a = 1;\n"),
                          Pair("tables/t/triggers/g.sql",
                               "DELIMITER ;;\nCREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW "
                               "BEGIN\nEND;;\nDELIMITER ;\n"),
                          Pair("tables/t/triggers/h.sql",
                               "DELIMITER ;;\nCREATE TRIGGER h BEFORE INSERT ON t FOR EACH ROW "
                               "BEGIN\nEND;;\nDELIMITER ;\n")));
  EXPECT_EQ(folder.joined("a"), source);
  EXPECT_THAT(folder.differences(), IsEmpty());
}

TEST(Engine, ALineAboveAnObjectDoesNotChangeItsOutput) {
  Options options;
  options.dialect = Dialect::kTsql;
  LoadedFolder folder(options);
  const std::string source = "CREATE TABLE a (i int)\nGO\nCREATE TABLE b (i int)\nGO\n";
  folder.outputs_of("a.sql", source);
  folder.outputs_of("a.sql", "-- new\n" + source);
  EXPECT_EQ(folder.stats().load.outputs_unchanged, 1u);
  EXPECT_EQ(folder.stats().load.outputs_written, 1u);
}

TEST(Engine, ALongSegmentGoesOnInTheNextOutput) {
  Options options;
  options.dialect = Dialect::kMysql;
  options.segment_size = 1000;
  LoadedFolder folder(options);
  std::string source;
  for (int i = 0; i < 100; ++i) source += "INSERT INTO t VALUES (" + std::to_string(i) + ");\n";
  EXPECT_THAT(folder.outputs_of("a.sql", source),
              ElementsAre(Key("tables/t/data/0001.sql"), Key("tables/t/data/0002.sql"),
                          Key("tables/t/data/0003.sql")));
  EXPECT_EQ(folder.joined("a"), source);
}

TEST(Engine, EachPartOfALongCopyLoadsByItself) {
  Options options;
  options.dialect = Dialect::kPostgresql;
  options.segment_size = 100;
  options.no_metadata = true;
  LoadedFolder folder(options);
  std::string source = "-- rows\nCOPY t (i) FROM stdin;\n";
  for (int i = 0; i < 60; ++i) source += std::to_string(i) + "\n";
  source += "\\.\n";
  const auto outputs = folder.outputs_of("a.sql", source);
  ASSERT_THAT(outputs, SizeIs(::testing::Ge(2u)));
  for (const auto& [path, text] : outputs) {
    EXPECT_THAT(text, HasSubstr("COPY t (i) FROM stdin;\n")) << path;
    EXPECT_THAT(text, ::testing::EndsWith("\n\\.\n")) << path;
  }
  EXPECT_EQ(folder.joined("a"), source);
  EXPECT_THAT(folder.differences(), IsEmpty());
}

TEST(Engine, Utf16KeepsAnOddLastByteAndALoneSurrogate) {
  Options options;
  options.dialect = Dialect::kTsql;
  LoadedFolder folder(options);
  std::string source = "\xff\xfe";
  for (const char c : std::string("SELECT N'")) source += std::string{c, '\0'};
  source += std::string{'\x3d', '\xd8'};
  for (const char c : std::string("'\r\nGO\r\n")) source += std::string{c, '\0'};
  source += 'x';
  folder.outputs_of("a.sql", source);
  EXPECT_EQ(folder.joined("a"), source);
  EXPECT_THAT(folder.differences(), IsEmpty());
}

TEST(Engine, ASourceThatChangesWhileItIsReadIsReadAgain) {
  // A file source that changes once, under the reader's eyes.
  class OnceChanged final : public FileSource {
   public:
    class Text final : public SourceText {
     public:
      explicit Text(bool changed) : changed_(changed) {}
      std::string_view bytes() const override { return "SELECT 1;\n"; }
      const std::string& tree_path() const override { return tree_path_; }
      const SourceVersion& version() const override { return version_; }
      Result<void> check_unchanged() const override {
        if (changed_) return fail(ErrorCode::kChanged, "a.sql: changed while it was read");
        return {};
      }

     private:
      bool changed_;
      std::string tree_path_ = "a";
      SourceVersion version_;
    };
    Result<std::unique_ptr<SourceText>> open(const std::string&, const std::stop_token&) override {
      return std::make_unique<Text>(opened_.fetch_add(1) == 0);
    }
    Result<std::unique_ptr<Scratch>> scratch(std::size_t) override {
      return fail(ErrorCode::kInternal, "not asked for");
    }
    std::atomic<int> opened_{0};
  };
  test::TempDir dir;
  auto sink = io::TreeWriter::open((dir / "out").string());
  ASSERT_TRUE(sink);
  OnceChanged files;
  Ports ports;
  ports.files = &files;
  ports.sink = sink->get();
  Engine engine(Options{}, ports);
  ASSERT_TRUE(engine.start());
  engine.submit("a.sql", Priority::kNormal);
  engine.shutdown(true);
  EXPECT_EQ(engine.stats().load.sources_done, 1u);
  EXPECT_EQ(engine.stats().load.retries, 1u);
  EXPECT_EQ(files.opened_.load(), 2);
}

TEST(Engine, WhatWaitsIsDroppedWhenItIsToBe) {
  class Slow final : public FileSource {
   public:
    Result<std::unique_ptr<SourceText>> open(const std::string& path,
                                             const std::stop_token&) override {
      opened_.fetch_add(1);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      return fail(ErrorCode::kNotFound, path + ": gone");
    }
    Result<std::unique_ptr<Scratch>> scratch(std::size_t) override {
      return fail(ErrorCode::kInternal, "not asked for");
    }
    std::atomic<int> opened_{0};
  };
  test::TempDir dir;
  auto sink = io::TreeWriter::open((dir / "out").string());
  ASSERT_TRUE(sink);
  Slow files;
  Options options;
  options.workers = 1;
  options.max_queue_size = 2;
  options.disable_batching = true;
  Ports ports;
  ports.files = &files;
  ports.sink = sink->get();
  Engine engine(options, ports);
  ASSERT_TRUE(engine.start());
  for (int i = 0; i < 300; ++i) {
    engine.observe({"s" + std::to_string(i) + ".sql", Priority::kNormal});
  }
  while (files.opened_.load() == 0) std::this_thread::yield();
  engine.shutdown(false);
  EXPECT_LT(files.opened_.load(), 300);
}

// Where somebody helps, a source is read by the dialect that its beginning looks like, until more
// of it tells.
TEST(Engine, AWrongGuessAtTheDialectLeavesNoTrace) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "UPDATE dbo.t SET a = 1;\n";
  for (int i = 0; i < 400; ++i) {
    text += "CREATE TABLE `t" + std::to_string(i) + "` (i int, INDEX (i)) ENGINE=InnoDB;\n";
  }
  std::map<std::string, std::string> alone;
  for (const unsigned workers : {1u, 2u, 3u}) {
    Options options;
    options.workers = workers;
    for (int round = 0; round < 3; ++round) {
      LoadedFolder folder(options);
      auto outputs = folder.outputs_of("a.sql", text);
      outputs["manifest.json"] = test::read_file(folder.output() / "a" / "manifest.json");
      if (workers == 1) alone = outputs;
      EXPECT_EQ(outputs, alone);
      const SourceReport report = folder.reports().report("a.sql");
      EXPECT_EQ(report.dialect, Dialect::kMysql);
      EXPECT_TRUE(report.warnings.empty());
    }
  }
  EXPECT_GT(alone.size(), 400u);
}

TEST(Engine, AWindowOfForEverEndsWithTheEngine) {
  Options options;
  options.debounce_window = options.max_delay = std::chrono::nanoseconds::max();
  LoadedFolder folder;
  folder.write("a.sql", "SELECT 1;");
  auto sink = io::TreeWriter::open(folder.output().string());
  ASSERT_TRUE(sink);
  auto files = io::SourceFolder::open(folder.input().string(), (*sink)->temp_directory());
  ASSERT_TRUE(files);
  Ports ports;
  ports.files = files->get();
  ports.sink = sink->get();
  Engine engine(options, ports);
  ASSERT_TRUE(engine.start());
  engine.observe({"a.sql", Priority::kNormal});
  engine.shutdown(true);
  EXPECT_EQ(engine.stats().load.sources_done, 1u);
}

TEST(Engine, UnitsAreCountedOnce) {
  Options options;
  options.dialect = Dialect::kTsql;
  LoadedFolder folder(options);
  folder.outputs_of("a.sql", "select 1\nselect 2\nupdate t set a = 1\nGO\n");
  EXPECT_EQ(folder.reports().report("a.sql").units, 1u);
  EXPECT_EQ(folder.reports().report("a.sql").unclassified_units, 1u);
  EXPECT_THAT(test::read_file(folder.output() / "a/manifest.json"),
              HasSubstr("\"kind\": \"other\", \"size\""));
}

TEST(Engine, AThrowingPortFailsItsSourceAndNoOther) {
  class Throwing final : public FileSource {
   public:
    Result<std::unique_ptr<SourceText>> open(const std::string& path,
                                             const std::stop_token&) override {
      if (path == "bad.sql") throw std::runtime_error("out of luck");
      return fail(ErrorCode::kNotFound, path + ": gone");
    }
    Result<std::unique_ptr<Scratch>> scratch(std::size_t) override {
      return fail(ErrorCode::kInternal, "not asked for");
    }
  };
  test::TempDir dir;
  auto sink = io::TreeWriter::open((dir / "out").string());
  ASSERT_TRUE(sink);
  Throwing files;
  test::ReportKeeper reports;
  for (const unsigned workers : {0u, 2u}) {
    Options options;
    options.workers = workers;
    Ports ports;
    ports.files = &files;
    ports.sink = sink->get();
    ports.observer = &reports;
    Engine engine(options, ports);
    ASSERT_TRUE(engine.start());
    EXPECT_TRUE(engine.submit("bad.sql", Priority::kNormal));
    EXPECT_TRUE(engine.submit("gone.sql", Priority::kNormal));
    engine.shutdown(true);
    EXPECT_EQ(engine.stats().load.sources_failed, 2u) << workers;
    EXPECT_THAT(reports.report("bad.sql").error, HasSubstr("out of luck"));
  }
}

}  // namespace
}  // namespace engine
