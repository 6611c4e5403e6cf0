// A load: what is written, what is told, and what bad input does to the others (nothing).

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/cli/program.h"

namespace engine::test {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class LoadCommand : public Program {
 protected:
  // The statistics of a load of in/ into out/.
  json load(std::vector<std::string> arguments = {}, int exit_status = 0) const {
    arguments.insert(arguments.end(), {"--stats=json", "in", "out"});
    const ProcessResult result = run(arguments);
    EXPECT_EQ(result.exit_status, exit_status) << result.err;
    EXPECT_TRUE(is_one_line(result.out)) << result.out;
    return json::parse(result.out, nullptr, false);
  }
};

TEST_F(LoadCommand, WritesOneFileForAnObject) {
  dir_.write("in/shop.sql", kTable);
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(read_file(dir_ / "out/shop/tables/dbo.Product/dbo.Product.sql"),
              HasSubstr("CREATE TABLE dbo.Product"));
  EXPECT_TRUE(exists("out/shop/manifest.json"));
}

TEST_F(LoadCommand, TheSummaryNamesTheOutputAndCountsOneAsOne) {
  dir_.write("in/shop.sql", kTable);
  const ProcessResult result = run({"in", "out"});
  EXPECT_THAT(result.out, HasSubstr("output        out\n"));
  EXPECT_THAT(result.out, HasSubstr(", 1 unit\n"));
  const ProcessResult dry = run({"--dry-run", "in", "out"});
  EXPECT_THAT(dry.out, HasSubstr("1 in all (dry run: nothing written or compared)"));
}

TEST_F(LoadCommand, ManyUncertainSourcesAreCountedByDialectAndAFewNamed) {
  for (int i = 10; i < 31; ++i) {
    dir_.write("in/" + std::to_string(i) + ".sql", "CREATE TABLE t (i int);\n");
  }
  const ProcessResult many = run({"in", "out"});
  EXPECT_THAT(many.out, HasSubstr("21 sources whose dialect is not certain"));
  EXPECT_THAT(many.out, HasSubstr("  21 taken for generic\n"));
  EXPECT_THAT(many.out, HasSubstr("  14.sql (taken for generic)\n  ... and 16 more\n"));
  std::filesystem::remove(dir_ / "in/30.sql");
  const ProcessResult few = run({"--force", "in", "out"});
  EXPECT_THAT(few.out, HasSubstr("  29.sql (taken for generic)\n"));
  EXPECT_THAT(few.out, Not(HasSubstr("20 taken for")));
}

TEST_F(LoadCommand, ATruncatedSourceIsNamedByItsPathAlone) {
  // The first bytes of a gzip file: its header, and a block that goes on.
  dir_.write("in/cut.sql.gz", std::string("\x1f\x8b\x08\0\0\0\0\0\0\x03\x0b", 11));
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("cut.sql.gz: cannot decompress: "));
  EXPECT_THAT(result.err, Not(HasSubstr("<fd")));
}

TEST_F(LoadCommand, AnotherOutputInsideOfInputIsLeftOutAndTold) {
  dir_.write("in/shop.sql", kTable);
  ASSERT_EQ(run({"in", "in/first"}).exit_status, 0);
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.err, HasSubstr("first: an output directory of engine, left out\n"));
  EXPECT_FALSE(exists("out/first"));
}

#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)  // they need threads themselves
TEST_F(LoadCommand, WithoutThreadsItEndsAtOnceAndSaysSo) {
  dir_.write("in/shop.sql", kTable);
  std::filesystem::permissions(dir_.path(), std::filesystem::perms::all);
  RunOptions options;
  options.directory = dir_.str();
  if (::getuid() == 0) options.user = 65534;  // root may always have one more
  // The search for leaks at the end would want a thread of its own.
  const std::string shell = "ulimit -u 0; ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 exec " +
                            std::string(ENGINE_PROGRAM) + " in out";
  const ProcessResult result = run_process({"/bin/bash", "-c", shell}, options);
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
  EXPECT_THAT(result.err, HasSubstr("cannot start"));
}
#endif

// A sanitizer's own memory is anonymous too.
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__) && !defined(__clang__)
TEST_F(LoadCommand, AnonymousMemoryDoesNotGrowWithWhatASourceHolds) {
  std::string script;
  for (int i = 0; i < 20'000; ++i) {
    script += fmt::format(
        "CREATE VIEW reports.monthly_totals_of_{0} AS\n"
        "SELECT customer, sum(amount) AS total FROM reports.monthly_amounts_of_{0};\n",
        i);
  }
  dir_.write("in/reports.sql", script);
  const json stats = load({"--workers=1", "--dialect=postgresql"});
  EXPECT_EQ(stats["load"]["outputs_written"], 20'000);
  EXPECT_LT(stats["load"]["peak_anon_bytes"], 32 << 20);  // 110 MB if all of it were there
}
#endif

TEST_F(LoadCommand, InputAndOutputHaveDefaults) {
  dir_.write("data/raw/shop.sql", kTable);
  EXPECT_EQ(run({}).exit_status, 0);
  EXPECT_TRUE(exists("data/separated_sql/shop/manifest.json"));
}

TEST_F(LoadCommand, TheSummaryTellsWhatBecameOfEverything) {
  dir_.write("in/shop.sql", kTable);
  dir_.write("in/broken.sql.gz", "not gzip");
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 1);
  for (const char* words : {"2: 1 done, 1 failed, 0 unchanged", "table", "outputs", "files/s",
                            "MB/s", "p50", "p99", "peak memory", "broken.sql.gz: "}) {
    EXPECT_THAT(result.out, HasSubstr(words));
  }
  EXPECT_FALSE(has_control_characters(result.out));
  EXPECT_FALSE(has_control_characters(result.err));
}

TEST_F(LoadCommand, JsonHasEveryStatistic) {
  dir_.write("in/shop.sql", kTable);
  const json stats = load({"--workers=2", "--debounce-window=1.5", "--batch-size-threshold=7",
                           "--max-queue-size=11", "--memory-threshold=99"});
  for (const char* key :
       {"sources", "sources_done", "sources_failed", "sources_unchanged", "bytes_read", "units",
        "objects", "outputs_written", "outputs_unchanged", "bytes_written", "warnings", "failures",
        "retries", "elapsed_seconds", "latency_p50_ms", "latency_p99_ms", "peak_rss_bytes",
        "peak_anon_bytes"}) {
    EXPECT_TRUE(stats["load"].contains(key)) << key;
  }
  for (const char* key : {"events_received", "events_deduplicated", "pending_files",
                          "batches_processed", "deduplication_rate_percent", "hit_rate_percent",
                          "debounce_window_seconds", "batch_size_threshold", "batching_enabled"}) {
    EXPECT_TRUE(stats["batch"].contains(key)) << key;
  }
  for (const char* key :
       {"num_workers", "queue_size", "max_queue_size", "tasks_submitted", "tasks_completed",
        "tasks_failed", "tasks_pending", "back_pressure_events", "success_rate_percent",
        "memory_usage_percent", "running"}) {
    EXPECT_TRUE(stats["pool"].contains(key)) << key;
  }
  EXPECT_TRUE(stats["watch"].is_object());
  for (const char* key : {"usable_cpus", "memory_usage_percent", "memory_threshold"}) {
    EXPECT_TRUE(stats["host"].contains(key)) << key;
  }
  EXPECT_EQ(stats["load"]["sources"], 1);
  EXPECT_EQ(stats["load"]["sources_done"], 1);
  EXPECT_EQ(stats["load"]["objects"], 1);
  EXPECT_EQ(stats["load"]["bytes_read"], std::string(kTable).size());
  EXPECT_GT(stats["load"]["peak_rss_bytes"], 0);
  EXPECT_GT(stats["load"]["peak_anon_bytes"], 0);
  EXPECT_EQ(stats["pool"]["num_workers"], 2);
  EXPECT_EQ(stats["pool"]["max_queue_size"], 11);
  EXPECT_EQ(stats["pool"]["tasks_submitted"], 1);
  EXPECT_EQ(stats["pool"]["running"], false);
  EXPECT_EQ(stats["batch"]["debounce_window_seconds"], 1.5);
  EXPECT_EQ(stats["batch"]["batch_size_threshold"], 7);
  EXPECT_EQ(stats["host"]["memory_threshold"], 99);
}

TEST_F(LoadCommand, EveryNumberOfWorkersGivesTheSameTree) {
  for (int i = 0; i < 20; ++i) {
    dir_.write("in/" + std::to_string(i) + "/shop.sql", kTable);
  }
  for (const char* workers : {"0", "1", "2", "8", "auto"}) {
    const json stats = load({std::string("--workers=") + workers});
    EXPECT_EQ(stats["load"]["sources_done"], 20) << workers;
    EXPECT_TRUE(exists("out/19/shop/tables/dbo.Product/dbo.Product.sql"));
    std::filesystem::remove_all(dir_ / "out");
  }
}

TEST_F(LoadCommand, ASecondRunLeavesEveryFileAlone) {
  dir_.write("in/shop.sql", kTable);
  load();
  const struct stat before = status_of(dir_ / "out/shop/tables/dbo.Product/dbo.Product.sql");
  EXPECT_EQ(load()["load"]["sources_unchanged"], 1);
  const json stats = load({"--force"});
  const struct stat after = status_of(dir_ / "out/shop/tables/dbo.Product/dbo.Product.sql");
  EXPECT_EQ(stats["load"]["outputs_written"], 0);
  EXPECT_EQ(stats["load"]["outputs_unchanged"], 1);
  EXPECT_EQ(before.st_ino, after.st_ino);
  EXPECT_EQ(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}

TEST_F(LoadCommand, NoOverwriteSkipsWhatHasATree) {
  dir_.write("in/shop.sql", kTable);
  load();
  dir_.write("in/shop.sql", "CREATE TABLE dbo.Other (Id int);\n");
  EXPECT_EQ(load({"--no-overwrite"})["load"]["sources_unchanged"], 1);
  EXPECT_TRUE(exists("out/shop/tables/dbo.Product"));
}

TEST_F(LoadCommand, ADryRunWritesNothing) {
  dir_.write("in/shop.sql", kTable);
  const json stats = load({"--dry-run"});
  EXPECT_EQ(stats["load"]["sources_done"], 1);
  EXPECT_EQ(stats["load"]["objects"], 1);
  EXPECT_FALSE(exists("out"));
}

TEST_F(LoadCommand, GlobsChooseTheSources) {
  for (const char* name : {"in/a.sql", "in/a.txt", "in/a_old.sql", "in/old/b.sql", "in/c.SQL"}) {
    dir_.write(name, kTable);
  }
  load({"--include=*.txt", "--exclude=*_old.sql", "--exclude=old/**"});
  EXPECT_TRUE(exists("out/a/manifest.json"));
  EXPECT_TRUE(exists("out/a.txt/manifest.json"));
  EXPECT_TRUE(exists("out/c/manifest.json"));
  EXPECT_FALSE(exists("out/a_old"));
  EXPECT_FALSE(exists("out/old"));
}

TEST_F(LoadCommand, AnEmptyFolderIsDoneAndSaysSo) {
  std::filesystem::create_directory(dir_ / "in");
  dir_.write("in/readme.txt", "");
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.err, HasSubstr("no SQL files"));
}

TEST_F(LoadCommand, WhatTheOptionsLeaveOutOrDoNotMatchIsTold) {
  dir_.write("in/a.sql", "SELECT 1;\n");
  dir_.write("in/x/b.sql", "SELECT 1;\n");
  EXPECT_THAT(run({"--exclude=*.sql", "--exclude=x", "in", "out"}).err,
              HasSubstr("in: no SQL files found; --exclude leaves out what there is"));
  const ProcessResult result =
      run({"--priority=a.sql=critical", "--priority=b.sql=batch", "--dialect=x/*=tsql",
           "--dialect=y/**=mysql", "--encoding=z*=latin1", "--include=*.txt", "in", "out"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(result.err,
            "engine: warning: --dialect: no source matches 'y/**'\n"
            "engine: warning: --encoding: no source matches 'z*'\n"
            "engine: warning: --include: no source matches '*.txt'\n");
}

TEST_F(LoadCommand, ADirectoryCalledLikeASourceIsADirectory) {
  dir_.write("in/x.sql/shop.sql", kTable);
  const json stats = load();
  EXPECT_EQ(stats["load"]["sources"], 1);
  EXPECT_TRUE(exists("out/x.sql/shop/manifest.json"));
}

TEST_F(LoadCommand, ABrokenArchiveFailsAloneAndIsNamed) {
  dir_.write("in/broken.sql.gz", "not gzip");
  dir_.write("in/shop.sql", kTable);
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
  EXPECT_THAT(result.err, HasSubstr("broken.sql.gz: "));
  EXPECT_TRUE(exists("out/shop/manifest.json"));
  EXPECT_FALSE(exists("out/broken.sql.gz"));
}

TEST_F(LoadCommand, FilesWithoutSqlAreNoFailure) {
  dir_.write("in/empty.sql", "");
  dir_.write("in/comments.sql", "-- nothing\n/* at all */\n");
  const json stats = load();
  EXPECT_EQ(stats["load"]["sources_done"], 2);
  EXPECT_EQ(stats["load"]["units"], 0);
  EXPECT_EQ(run({"join", "out/empty"}).out, "");
  EXPECT_EQ(run({"join", "out/comments"}).out, "-- nothing\n/* at all */\n");
}

// Root may read everything, so the program runs as nobody.
TEST_F(LoadCommand, WhatCannotBeReadFailsAloneAndIsNamed) {
  dir_.write("in/shop.sql", kTable);
  dir_.write("in/shut.sql", kTable);
  dir_.write("in/closed/a.sql", kTable);
  std::filesystem::create_directory(dir_ / "out");
  ASSERT_EQ(::chmod(dir_.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod((dir_ / "out").c_str(), 0777), 0);
  ASSERT_EQ(::chmod((dir_ / "in/shut.sql").c_str(), 0), 0);
  ASSERT_EQ(::chmod((dir_ / "in/closed").c_str(), 0), 0);
  RunOptions options;
  if (::getuid() == 0) options.user = 65534;
  const ProcessResult result = run({"--stats=json", "in", "out"}, options);
  ASSERT_EQ(::chmod((dir_ / "in/closed").c_str(), 0755), 0);
  if (result.exit_status == 127) GTEST_SKIP() << "nobody may not run the program where it lies";
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("shut.sql: "));
  EXPECT_THAT(result.err, HasSubstr("closed: "));
  const json stats = json::parse(result.out, nullptr, false);
  EXPECT_EQ(stats["load"]["sources"], 2);
  EXPECT_EQ(stats["load"]["sources_done"], 1);
  EXPECT_EQ(stats["load"]["sources_failed"], 1);
  EXPECT_EQ(stats["load"]["failures"], 2);  // the directory is no source
  EXPECT_TRUE(exists("out/shop/manifest.json"));
}

TEST_F(LoadCommand, AFileSizeLimitIsAFailureOfOneSource) {
  dir_.write("in/small.sql", kTable);
  std::string rows = "CREATE TABLE big (i int);\n";
  while (rows.size() < 3'000'000) rows += "INSERT INTO big VALUES (1);\n";
  dir_.write("in/big.sql", rows);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit limited = before;
  limited.rlim_cur = 1'000'000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limited), 0);
  const ProcessResult result = run({"--stats=json", "in", "out"});
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(result.exit_status, 1) << result.err;
  EXPECT_THAT(result.err, HasSubstr("big.sql: "));
  EXPECT_TRUE(exists("out/small/manifest.json"));
}

TEST_F(LoadCommand, AnOutputThatNobodyMayWriteIsUnusable) {
  dir_.write("in/shop.sql", kTable);
  std::filesystem::create_directory(dir_ / "out");
  ASSERT_EQ(::chmod(dir_.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod((dir_ / "out").c_str(), 0555), 0);
  RunOptions options;
  if (::getuid() == 0) options.user = 65534;
  const ProcessResult result = run({"in", "out"}, options);
  if (result.exit_status == 127) GTEST_SKIP() << "nobody may not run the program where it lies";
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
  EXPECT_THAT(result.err, HasSubstr("OUTPUT_DIR"));
}

TEST_F(LoadCommand, AnInputThatNobodyMayReadIsSaidBeforeAnythingIsMade) {
  dir_.write("in/shop.sql", kTable);
  ASSERT_EQ(::chmod(dir_.path().c_str(), 0777), 0);
  ASSERT_EQ(::chmod((dir_ / "in").c_str(), 0), 0);
  RunOptions options;
  if (::getuid() == 0) options.user = 65534;
  const ProcessResult result = run({"in", "out"}, options);
  ASSERT_EQ(::chmod((dir_ / "in").c_str(), 0755), 0);
  if (result.exit_status == 127) GTEST_SKIP() << "nobody may not run the program where it lies";
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_TRUE(is_one_line(result.err)) << result.err;
  EXPECT_THAT(result.err, HasSubstr("in: cannot be read"));
  EXPECT_FALSE(exists("out"));
}

TEST_F(LoadCommand, ANameWithControlCharactersIsShownHarmless) {
  dir_.write("in/\x1b[31m.sql.gz", "not gzip");
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_FALSE(has_control_characters(result.out)) << result.out;
  EXPECT_FALSE(has_control_characters(result.err)) << result.err;
  EXPECT_THAT(result.err, HasSubstr("\\x1b[31m.sql.gz"));
}

TEST_F(LoadCommand, CriticalSourcesGoFirst) {
  for (int i = 0; i < 50; ++i) dir_.write("in/a" + std::to_string(i) + ".sql", kTable);
  dir_.write("in/z.sql.gz", "not gzip");
  dir_.write("in/a.sql.gz", "not gzip");
  const ProcessResult result = run({"--workers=1", "--priority=z*=critical", "in", "out"});
  EXPECT_LT(result.err.find("z.sql.gz"), result.err.find("a.sql.gz")) << result.err;
}

// A stop in the middle: enough sources that a load cannot end between the first tree and the
// signal.
TEST_F(LoadCommand, AnInterruptFinishesWhatRunsAndCountsTheRest) {
  constexpr int kSources = 4000;
  for (int i = 0; i < kSources; ++i) dir_.write("in/" + std::to_string(i) + ".sql", kTable);
  for (const char* workers : {"--workers=2", "--workers=0"}) {
    std::filesystem::remove_all(dir_ / "out");
    RunningProcess process(command({workers, (dir_ / "in").string(), (dir_ / "out").string()}), {});
    const auto has_tree = [&] {
      std::error_code ignored;  // OUTPUT is not there from the begin
      for (const auto& entry : std::filesystem::directory_iterator(dir_ / "out", ignored)) {
        if (entry.path().filename() != ".engine") return true;
      }
      return false;
    };
    while (!has_tree()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    process.send(SIGINT);
    const ProcessResult result = process.wait();
    EXPECT_EQ(result.exit_status, 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr("stopping"));
    EXPECT_THAT(result.err, HasSubstr("of 4,000 sources not processed"));
    EXPECT_THAT(result.out, HasSubstr("not processed"));
    EXPECT_FALSE(exists("out/.engine/build") &&
                 !std::filesystem::is_empty(dir_ / "out/.engine/build"));
  }
  const json rest = load();
  EXPECT_EQ(rest["load"]["sources"], kSources);
  EXPECT_EQ(rest["load"]["sources_failed"], 0);
  EXPECT_GT(rest["load"]["sources_done"], 0);
}

TEST_F(LoadCommand, ASourceWithManyWarningsLeavesRoomForThoseOfOthers) {
  std::string open;
  for (int i = 0; i < 30; ++i) open += "CREATE TABLE t (a varchar(3) DEFAULT 'x);\nGO\n";
  dir_.write("in/a.sql", open);
  dir_.write("in/z.sql", "CREATE TABLE t (a varchar(3) DEFAULT 'x);\nGO\n");
  const ProcessResult result = run({"--dialect=tsql", "in", "out"});
  EXPECT_THAT(result.out,
              HasSubstr("31 (at most three of each source; --log-level=debug names all)"));
  EXPECT_THAT(result.out, HasSubstr("  a.sql:1:38: "));
  EXPECT_THAT(result.out, HasSubstr("  z.sql:1:38: "));
  EXPECT_THAT(result.out, HasSubstr("  ... and 27 more\n"));
}

}  // namespace
}  // namespace engine::test
