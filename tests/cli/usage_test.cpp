// Wrong usage: one line that names what is wrong and what is allowed; exit status 2.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "io/file/tree_writer.h"
#include "tests/cli/program.h"

namespace engine::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class Usage : public Program {
 protected:
  void refuses(const std::vector<std::string>& arguments,
               const std::vector<std::string>& words) const {
    const ProcessResult result = run(arguments);
    EXPECT_EQ(result.exit_status, 2) << arguments.front();
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(is_one_line(result.err)) << result.err;
    EXPECT_THAT(result.err, StartsWith("engine: "));
    for (const std::string& word : words) EXPECT_THAT(result.err, HasSubstr(word));
    EXPECT_FALSE(has_control_characters(result.err));
  }
};

TEST_F(Usage, HelpNamesEveryOptionAndEveryCommandThatWorks) {
  const ProcessResult result = run({"--help"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.err, "");
  // Of the options, CLI11 names those that there are; style.options has the pages.
  for (const char* word : {"--workers", "--config", "--version", "INPUT_DIR", "OUTPUT_DIR",
                           "./data/raw", "./data/separated_sql", "engine inspect", "engine join",
                           "engine verify", "engine status", "engine retry", "engine deps",
                           "engine find", "engine export", "engine order", "Examples:"}) {
    EXPECT_THAT(result.out, HasSubstr(word));
  }
  EXPECT_FALSE(has_control_characters(result.out));
}

TEST_F(Usage, EveryCommandHasItsOwnHelp) {
  for (const char* command :
       {"inspect", "join", "verify", "status", "retry", "deps", "find", "order"}) {
    const ProcessResult result = run({command, "--help"});
    EXPECT_EQ(result.exit_status, 0);
    EXPECT_THAT(result.out, HasSubstr(std::string("Usage: engine ") + command));
  }
}

TEST_F(Usage, VersionIsOneLine) {
  const ProcessResult result = run({"--version"});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_TRUE(is_one_line(result.out));
  EXPECT_THAT(result.out, StartsWith("engine "));
}

TEST_F(Usage, AnUnknownOptionIsNamedAndTheNearestOneTold) {
  dir_.write("in/a.sql", kTable);
  refuses({"--wokers=2", "in", "out"}, {"--wokers", "--workers", "--help"});
  refuses({"--frobnicate", "in", "out"}, {"--frobnicate", "--help"});
  refuses({"-x", "in", "out"}, {"-x"});
  refuses({"inspect", "--frobnicate", "in/a.sql"}, {"--frobnicate"});
  EXPECT_FALSE(exists("out"));
}

TEST_F(Usage, AWrongValueIsNamedWithWhatIsAllowed) {
  dir_.write("in/a.sql", kTable);
  refuses({"--workers=many", "in", "out"}, {"--workers", "many", "auto"});
  refuses({"--workers=-1", "in", "out"}, {"--workers", "-1"});
  refuses({"--workers=99999", "in", "out"}, {"--workers", "1024"});
  refuses({"--memory-threshold=0", "in", "out"}, {"--memory-threshold", "1 to 100"});
  refuses({"--memory-threshold=101", "in", "out"}, {"--memory-threshold", "101"});
  refuses({"--max-queue-size=0", "in", "out"}, {"--max-queue-size"});
  refuses({"--debounce-window=soon", "in", "out"}, {"--debounce-window", "soon", "seconds"});
  refuses({"--max-delay=nan", "in", "out"}, {"--max-delay", "nan"});
  refuses({"--dialect=cobol", "in", "out"}, {"--dialect", "cobol", "postgresql", "firebird"});
  refuses({"--dialect=*.sql=cobol", "in", "out"}, {"--dialect", "cobol"});
  refuses({"--priority=urgent", "in", "out"}, {"--priority", "urgent", "GLOB=critical"});
  refuses({"--priority=*.sql=urgent", "in", "out"}, {"--priority", "urgent"});
  refuses({"--stats=xml", "in", "out"}, {"--stats", "xml", "json"});
  refuses({"--layout=round", "in", "out"}, {"--layout", "round", "nested"});
  refuses({"--data=gone", "in", "out"}, {"--data", "gone", "separate"});
  refuses({"--log-level=loud", "in", "out"}, {"--log-level", "loud", "debug"});
  refuses({"inspect", "--format=xml", "in/a.sql"}, {"--format", "xml", "json"});
  refuses({"inspect", "--dialect=cobol", "in/a.sql"}, {"--dialect", "cobol"});
  EXPECT_FALSE(exists("out"));
}

TEST_F(Usage, AnEmptyValueIsNamedAndTakesNoArgumentWithIt) {
  dir_.write("in/a.sql", kTable);
  for (const char* name : {"--exclude", "--include", "--priority", "--dialect", "--workers",
                           "--max-queue-size", "--memory-threshold", "--debounce-window",
                           "--batch-size-threshold", "--max-delay", "--stats", "--log-level",
                           "--log-file", "--layout", "--data", "--config", "--settle-time"}) {
    const std::string option = name;
    refuses({option + "=", "in", "out"}, {option + ": the value is empty"});
    refuses({option, "", "in", "out"}, {option});
  }
  refuses({"--exclude", "", "in", "out"}, {"--exclude: the value is empty"});
  refuses({"inspect", "--dialect=", "in/a.sql"}, {"--dialect: the value is empty"});
  refuses({"", "out"}, {"INPUT_DIR: the value is empty"});
  refuses({"in", ""}, {"OUTPUT_DIR: the value is empty"});
  refuses({"verify", ""}, {"OUTPUT_DIR: the value is empty"});
  refuses({"verify", "--input=", "out"}, {"--input: the value is empty"});
  EXPECT_FALSE(exists("out"));
}

TEST_F(Usage, AControlCharacterInAValueIsShownHarmless) {
  refuses({"--workers=\x1b[31m", "in", "out"}, {"\\x1b[31m"});
}

TEST_F(Usage, OneArgumentTooManyOrTooFew) {
  refuses({"in", "out", "more"}, {"more", "too many"});
  refuses({"inspect"}, {"FILE"});
  refuses({"join"}, {"TREE"});
  for (const char* command : {"verify", "status", "retry"}) refuses({command}, {"OUTPUT_DIR"});
  refuses({"find", "out"}, {"PATTERN"});
  refuses({"order"}, {"TREE"});
}

TEST_F(Usage, AnExportSaysWhereTo) {
  refuses({"export", "out"}, {"--neo4j-csv", "is missing"});
  refuses({"export", "--neo4j-csv=csv"}, {"OUTPUT_DIR", "is missing"});
}

TEST_F(Usage, WhatOnlyAWatchUnderstandsIsNamedWithoutOne) {
  dir_.write("in/a.sql", kTable);
  for (const char* option :
       {"--no-existing", "--on-delete=remove", "--settle-time=1", "--rescan-interval=1",
        "--event-source=inotify", "--event-loop=poll", "--stats-interval=1"}) {
    const std::string name(option);
    const ProcessResult result = run({option, "in", "out"});
    EXPECT_EQ(result.exit_status, 0);
    EXPECT_EQ(result.err, "engine: warning: " + name.substr(0, name.find('=')) +
                              ": has no effect without --watch\n");
  }
  refuses({"--watch", "--event-source=kqueue", "in", "out"}, {"--event-source", "inotify"});
  refuses({"--watch", "--event-loop=epoll", "in", "out"}, {"--event-loop", "io_uring"});
  refuses({"--watch", "--on-delete=ask", "in", "out"}, {"--on-delete", "keep"});
  refuses({"--watch", "missing", "out"}, {"missing", "no such directory"});
}

TEST_F(Usage, TheNameOfACommandMayBeADirectoryBehindTheFirstPlace) {
  dir_.write("in/a.sql", kTable);
  EXPECT_EQ(run({"in", "status"}).exit_status, 0);
  EXPECT_TRUE(exists("status/a/manifest.json"));
}

TEST_F(Usage, MissingInputIsSaid) {
  refuses({"missing", "out"}, {"missing", "no such directory"});
  refuses({"--log-level=warning", "retry", "out"}, {"retry", "comes first: engine retry"});
  refuses({}, {"./data/raw", "no such directory"});
  refuses({"inspect", "missing.sql"}, {"missing.sql"});
  refuses({"join", "missing"}, {"missing"});
  refuses({"verify", "missing"}, {"missing"});
  EXPECT_FALSE(exists("out"));
}

TEST_F(Usage, InputThatIsAFileIsSaid) {
  dir_.write("a.sql", kTable);
  refuses({"a.sql", "out"}, {"a.sql", "not a directory"});
  EXPECT_FALSE(exists("out"));
}

TEST_F(Usage, AnOutputThatCannotBeUsedIsSaid) {
  dir_.write("in/a.sql", kTable);
  dir_.write("file", "");
  refuses({"in", "file"}, {"file", "OUTPUT_DIR"});
  refuses({"in", "file/below"}, {"file", "OUTPUT_DIR"});
  refuses({"in", "/proc/engine-out"}, {"/proc/engine-out", "OUTPUT_DIR"});
}

TEST_F(Usage, AnOutputThatAnotherEngineHasIsSaidAndReadersTakeNoLock) {
  dir_.write("in/a.sql", kTable);
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  {
    const auto other = io::TreeWriter::open((dir_ / "out").string());
    ASSERT_TRUE(other);
    refuses({"in", "out"}, {"out: held by another engine (PID " + std::to_string(::getpid()) + ")",
                            "wait for it or stop it\n"});
    EXPECT_EQ(run({"verify", "out"}).exit_status, 0);
    EXPECT_EQ(run({"join", "out/a"}).exit_status, 0);
    EXPECT_EQ(run({"inspect", "in/a.sql"}).exit_status, 0);
    EXPECT_EQ(run({"--dry-run", "in", "out"}).exit_status, 0);
  }
  EXPECT_EQ(run({"in", "out"}).exit_status, 0);
}

TEST_F(Usage, InputAndOutputMustNotBeOneOrInputInside) {
  dir_.write("in/deep/a.sql", kTable);
  std::filesystem::create_directory_symlink("in", dir_ / "link");
  refuses({"in", "in"}, {"in", "OUTPUT_DIR"});
  refuses({"in", "link"}, {"link", "OUTPUT_DIR"});
  refuses({"in/deep", "in"}, {"in/deep", "inside"});
  EXPECT_FALSE(exists("in/.engine"));
}

TEST_F(Usage, OptionsMayStandInAConfigurationFile) {
  dir_.write("in/a.sql", kTable);
  dir_.write("in/b_old.sql", kTable);
  dir_.write("good.toml",
             "workers = 1\nexclude = [\"*_old.sql\", \"*.bak\"]\nno-metadata = true\n"
             "stats = \"json\"\nmax-queue-size = 7\n");
  const ProcessResult result = run({"--config=good.toml", "--max-queue-size=9", "in", "out"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("\"num_workers\":1"), HasSubstr("\"sources\":1"),
                                HasSubstr("\"max_queue_size\":9")));
  dir_.write("unknown.toml", "wokers = 1\n");
  refuses({"--config=unknown.toml", "in", "out"},
          {"--config: unknown.toml: wokers: no such option; did you mean workers?"});
  dir_.write("wrong.toml", "workers = \"many\"\n");
  refuses({"--config=wrong.toml", "in", "out"}, {"--config: wrong.toml: workers: ", "many"});
  refuses({"--config=good.toml", "--workers=few", "in", "out"}, {"engine: --workers: ", "few"});
  dir_.write("flag.toml", "dry-run = \"perhaps\"\n");
  refuses({"--config=flag.toml", "in", "out"}, {"flag.toml: dry-run: ", "perhaps", "true"});
  dir_.write("empty.toml", "exclude = \"\"\n");
  refuses({"--config=empty.toml", "in", "out"}, {"empty.toml: exclude: the value is empty"});
  dir_.write("words.toml", "workers 2 4\n");
  refuses({"--config=words.toml", "in", "out"}, {"words.toml: 'workers 2 4'", "NAME = VALUE"});
  dir_.write("table.toml", "[machine]\nworkers = 2\n");
  refuses({"--config=table.toml", "in", "out"}, {"table.toml: [machine]: "});
  refuses({"--config=missing.toml", "in", "out"}, {"--config: missing.toml: cannot be read"});
}

TEST_F(Usage, ALogFileTakesTheLinesAndErrorsAreStillSeen) {
  dir_.write("in/broken.sql.gz", "not gzip");
  const ProcessResult result = run({"--log-file=log.txt", "--log-level=debug", "in", "out"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("broken.sql.gz"));
  EXPECT_THAT(read_file(dir_ / "log.txt"), HasSubstr("broken.sql.gz"));
  refuses({"--log-file=in", "in", "out"}, {"in", "--log-file"});
  refuses({"--log-file=no/log", "in", "out"}, {"no/log", "No such file or directory"});
}

TEST_F(Usage, AGlobMayBeginAtTheFolderAndEndInASlash) {
  for (const char* path : {"in/sub/a.sql", "in/x/sub/b.sql", "in/c.sql"}) dir_.write(path, kTable);
  ASSERT_EQ(run({"--exclude=./sub/", "in", "first"}).exit_status, 0);
  EXPECT_FALSE(exists("first/sub"));
  EXPECT_TRUE(exists("first/x/sub/b"));
  ASSERT_EQ(run({"--exclude=sub/", "in", "second"}).exit_status, 0);
  EXPECT_FALSE(exists("second/x/sub"));
  EXPECT_TRUE(exists("second/c"));
}

TEST_F(Usage, AFolderThatNoLoadHasWrittenIsNotAnOutput) {
  dir_.write("in/a.sql", kTable);
  for (const char* command : {"deps", "verify"}) {
    refuses({command, "in"}, {"in: is not an output directory"});
  }
  refuses({"find", "in", "*"}, {"in: is not an output directory"});
  EXPECT_FALSE(exists("in/.engine"));
}

TEST_F(Usage, AnOptionThatHasNoEffectIsNamed) {
  dir_.write("in/a.sql", kTable);
  const auto names = [&](std::vector<std::string> options, const std::string& why) {
    const std::string option = options.back().substr(0, options.back().find('='));
    options.insert(options.end(), {"in", "out"});
    const ProcessResult result = run(options);
    EXPECT_EQ(result.exit_status, 0);
    EXPECT_EQ(result.err, "engine: warning: " + option + ": has no effect " + why + '\n');
  };
  names({"--max-delay=9"}, "without --watch: a load never waits");
  names({"--neo4j-database=x"}, "without --neo4j");
  names({"--neo4j-timeout=5"}, "without --neo4j");
  names({"--dry-run", "--catalog"}, "with --dry-run: nothing is written");
  EXPECT_THAT(run({"in", "out"}).err, Not(HasSubstr("no effect")));
  refuses({"--batch-size=9", "in", "out"}, {"did you mean --batch-size-threshold?"});
  refuses({"deps", "--reverse", "out"}, {"--reverse", "NAME"});
  refuses({"deps", "--depth=1", "out"}, {"--depth", "NAME"});
  EXPECT_EQ(run({"deps", "--depth=1", "out", "*"}).exit_status, 0);
}

TEST_F(Usage, AWholeOutputIsNoTree) {
  dir_.write("in/a.sql", kTable);
  ASSERT_EQ(run({"in", "out"}).exit_status, 0);
  for (const char* command : {"join", "order"}) {
    refuses({command, "out"}, {"out: is a whole output directory", "manifest.json"});
  }
}

}  // namespace
}  // namespace engine::test
