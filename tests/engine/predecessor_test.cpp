// What the system before this one lost or garbled, one test for each.
#include <gmock/gmock.h>

#include <string>

#include "tests/support/loaded_folder.h"

namespace engine {
namespace {

using test::LoadedFolder;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

Options plain(Dialect dialect = Dialect::kTsql) {
  Options options;
  options.workers = 1;
  options.dialect = dialect;
  options.no_metadata = true;
  return options;
}

std::string utf16le(std::u16string_view text) {
  std::string out = "\xff\xfe";
  for (const char16_t unit : text) {
    out += static_cast<char>(unit & 0xff);
    out += static_cast<char>(unit >> 8);
  }
  return out;
}

TEST(Predecessor, Utf16WithMarkBecomesUtf8AndComesBack) {
  LoadedFolder folder(plain());
  const std::string source = utf16le(u"CREATE TABLE dbo.[\u00fcml\u00e4ut] (i int)\r\nGO\r\n");
  EXPECT_THAT(folder.outputs_of("a.sql", source),
              ElementsAre(Pair("tables/dbo.\xc3\xbcml\xc3\xa4ut/dbo.\xc3\xbcml\xc3\xa4ut.sql",
                               "CREATE TABLE dbo.[\xc3\xbcml\xc3\xa4ut] (i int)\r\nGO\r\n")));
  EXPECT_EQ(folder.joined("a"), source);
}

TEST(Predecessor, ASingleLegacyByteIsKept) {
  LoadedFolder folder(plain());
  const std::string source = "CREATE VIEW v AS SELECT 'caf\xe9' AS a\nGO\n";
  EXPECT_THAT(folder.outputs_of("a.sql", source), ElementsAre(Pair("views/v/v.sql", source)));
  EXPECT_EQ(folder.joined("a"), source);
}

TEST(Predecessor, TheSameNameInTwoSchemasIsTwoObjects) {
  LoadedFolder folder(plain());
  EXPECT_THAT(
      folder.outputs_of("a.sql", "CREATE TABLE a.t (i int)\nGO\nCREATE TABLE b.t (i int)\nGO\n"),
      ElementsAre(Key("tables/a.t/a.t.sql"), Key("tables/b.t/b.t.sql")));
}

TEST(Predecessor, AnIndexWhoseTableIsElsewhereLiesWhereItWouldLie) {
  LoadedFolder folder(plain());
  EXPECT_THAT(folder.outputs_of("a.sql", "CREATE INDEX ix ON dbo.far (i)\nGO\n"),
              ElementsAre(Key("tables/dbo.far/indexes/ix.sql")));
}

TEST(Predecessor, TextBeforeTheFirstHeaderIsKept) {
  LoadedFolder folder(plain());
  const std::string source =
      "-- made by hand\nUSE d\nGO\n/****** Object:  Table [dbo].[t]    Script Date: 1/2/2024 "
      "******/\n"
      "CREATE TABLE [dbo].[t] (i int)\nGO\n";
  EXPECT_THAT(folder.outputs_of("a.sql", source),
              ElementsAre(Pair("other/0001.sql", "-- made by hand\nUSE d\nGO\n"),
                          Pair("tables/dbo.t/dbo.t.sql", HasSubstr("/****** Object:  Table"))));
}

TEST(Predecessor, PlainTsqlNeedsNoHeaders) {
  LoadedFolder folder(plain());
  EXPECT_THAT(folder.outputs_of("a.sql",
                                "CREATE TABLE t (i int)\nCREATE INDEX ix ON t (i)\n"
                                "INSERT t VALUES (1)\n"),
              ElementsAre(Key("tables/t/data/0001.sql"), Key("tables/t/indexes/ix.sql"),
                          Key("tables/t/t.sql")));
}

TEST(Predecessor, OddNamesAreFilesOfTheirOwn) {
  LoadedFolder folder(plain());
  const std::string source =
      "CREATE TABLE [dbo].[a b] (i int)\nGO\nCREATE TABLE [dbo].[a-b] (i int)\nGO\n"
      "CREATE TABLE [dbo].[a$b] (i int)\nGO\nCREATE TABLE [dbo].[a#b] (i int)\nGO\n"
      "CREATE TABLE [dbo].[a.b] (i int)\nGO\nCREATE TABLE [dbo].[a]]b] (i int)\nGO\n"
      "CREATE TABLE [..] (i int)\nGO\nCREATE TABLE [x/y] (i int)\nGO\n";
  EXPECT_THAT(
      folder.outputs_of("a.sql", source),
      UnorderedElementsAre(Key("tables/dbo.a b/dbo.a b.sql"), Key("tables/dbo.a-b/dbo.a-b.sql"),
                           Key("tables/dbo.a$b/dbo.a$b.sql"), Key("tables/dbo.a#b/dbo.a#b.sql"),
                           Key("tables/dbo.a.b/dbo.a.b.sql"), Key("tables/dbo.a]b/dbo.a]b.sql"),
                           Key("tables/%2E%2E/%2E%2E.sql"), Key("tables/x%2Fy/x%2Fy.sql")));
  EXPECT_EQ(folder.joined("a"), source);
}

TEST(Predecessor, AHeaderInsideAStringIsText) {
  LoadedFolder folder(plain());
  const std::string source =
      "CREATE PROCEDURE p AS\nSELECT '\n/****** Object:  Table [dbo].[no] ******/\nGO\n'\nGO\n";
  EXPECT_THAT(folder.outputs_of("a.sql", source),
              ElementsAre(Pair("stored_procedures/p/p.sql", source)));
}

TEST(Predecessor, ATableKeepsItsOwnAlter) {
  LoadedFolder folder(plain());
  const std::string source = "CREATE TABLE t (i int)\nGO\nALTER TABLE t ADD j int\nGO\n";
  EXPECT_THAT(folder.outputs_of("a.sql", source), ElementsAre(Pair("tables/t/t.sql", source)));
}

TEST(Predecessor, ANameOf300BytesFitsAndItsTwinToo) {
  LoadedFolder folder(plain());
  const std::string name(300, 'n');
  const std::string source =
      "CREATE TABLE [" + name + "1] (i int)\nGO\nCREATE TABLE [" + name + "2] (i int)\nGO\n";
  const auto outputs = folder.outputs_of("a.sql", source);
  ASSERT_EQ(outputs.size(), 2u);
  EXPECT_THAT(outputs.rbegin()->first, HasSubstr("~2.sql"));
  EXPECT_EQ(folder.joined("a"), source);
  EXPECT_THAT(test::read_file(folder.output() / "a/manifest.json"), HasSubstr(name + "2\""));
}

TEST(Predecessor, TwoProceduresOfOneNameAreBothKept) {
  LoadedFolder folder(plain());
  const std::string source =
      "CREATE PROCEDURE p AS SELECT 1\nGO\nCREATE TABLE t (i int)\nGO\nCREATE PROCEDURE p AS "
      "SELECT "
      "2\nGO\n";
  const auto outputs = folder.outputs_of("a.sql", source);
  EXPECT_EQ(outputs.at("stored_procedures/p/p.sql"),
            "CREATE PROCEDURE p AS SELECT 1\nGO\nCREATE PROCEDURE p AS SELECT 2\nGO\n");
}

TEST(Predecessor, NamesThatDifferByCaseOnlyMeetNowhere) {
  LoadedFolder folder(plain(Dialect::kPostgresql));
  EXPECT_THAT(folder.outputs_of("a.sql", "CREATE TABLE \"T\" (i int);\nCREATE TABLE t (i int);\n"),
              ElementsAre(Key("tables/T/T.sql"), Key("tables/t~2/t~2.sql")));
}

TEST(Predecessor, CarriageReturnsAreKept) {
  LoadedFolder folder(plain());
  const std::string source = "CREATE TABLE t (\r\n  i int\r\n)\r\nGO\r\n";
  EXPECT_THAT(folder.outputs_of("a.sql", source), ElementsAre(Pair("tables/t/t.sql", source)));
}

TEST(Predecessor, SevenFilesBelowTheThresholdWaitForNothing) {
  Options options = plain();
  options.batch_size_threshold = 50;
  options.debounce_window = std::chrono::milliseconds(20);
  LoadedFolder folder(options);
  auto sink = io::TreeWriter::open(folder.output().string());
  ASSERT_TRUE(sink);
  auto files = io::SourceFolder::open(folder.input().string(), (*sink)->temp_directory());
  ASSERT_TRUE(files);
  test::ReportKeeper reports;
  Ports ports;
  ports.files = files->get();
  ports.sink = sink->get();
  ports.observer = &reports;
  Engine engine(options, ports);
  ASSERT_TRUE(engine.start());
  for (char c = '1'; c <= '7'; ++c) {
    const std::string name = std::string(1, c) + ".sql";
    folder.write(name, "SELECT 1\nGO\n");
    engine.observe({name, Priority::kNormal});
  }
  // Nothing flushes them but their window.
  while (engine.stats().load.sources_done < 7) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(reports.size(), 7u);
  EXPECT_EQ(engine.stats().batch.pending_files, 0u);
  engine.shutdown(true);
}

TEST(Predecessor, ASecondRunRemovesWhatIsNoLongerDefined) {
  LoadedFolder folder(plain());
  folder.outputs_of("a.sql", "CREATE TABLE t (i int)\nGO\nCREATE TABLE u (i int)\nGO\n");
  const auto inode = test::status_of(folder.output() / "a/tables/t/t.sql").st_ino;
  EXPECT_THAT(folder.outputs_of("a.sql", "CREATE TABLE t (i int)\nGO\n"),
              ElementsAre(Key("tables/t/t.sql")));
  EXPECT_EQ(test::status_of(folder.output() / "a/tables/t/t.sql").st_ino, inode);
  EXPECT_EQ(folder.stats().load.outputs_unchanged, 1u);
  EXPECT_THAT(folder.differences(), IsEmpty());
}

}  // namespace
}  // namespace engine
