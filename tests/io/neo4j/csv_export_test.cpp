#include "io/neo4j/csv_export.h"

#include <gmock/gmock.h>

#include "io/graph/output_graph.h"
#include "tests/io/graph/scripted_catalogue.h"
#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using test::catalogue_of;
using test::Script;
using ::testing::HasSubstr;

class CsvExport : public ::testing::Test {
 protected:
  void write(const std::vector<Script>& scripts) {
    Catalogue catalogue = catalogue_of(scripts);
    const auto graph = OutputGraph::load(catalogue, "/nowhere/out");
    ASSERT_TRUE(graph);
    const auto written = export_csv((*graph)->properties(), dir_ / "csv");
    ASSERT_TRUE(written) << written.error().message;
  }
  std::string text(std::string_view file) const {
    return engine::test::read_file(dir_ / "csv" / file);
  }

  engine::test::TempDir dir_;
};

TEST_F(CsvExport, HasOneRowForEachNodeAndRelationship) {
  write({Script("a", Dialect::kTsql)
             .object("table", "dbo", "say \"t\"")
             .object("constraint", "dbo", "fk", "say \"t\"", "foreign_key")
             .says(ReferenceKind::kReferences, {}, "u")});
  EXPECT_EQ(text("sources.csv"),
            "key:ID,output,tree,path,dialect,:LABEL\n"
            "\"/nowhere/out/a\",\"/nowhere/out\",\"a\",\"a.sql\",\"tsql\",\"Source\"\n");
  EXPECT_THAT(text("objects.csv"),
              HasSubstr("\n\"/nowhere/out/a: table dbo.say \"\"t\"\"\",\"/nowhere/out\",\"a\","
                        "\"table\",,\"dbo\",\"say \"\"t\"\"\",,,,,\"tsql\",\"a.sql\",\"a/\",0,true,"
                        "\"Object;Table\"\n"));
  EXPECT_THAT(text("relationships.csv"),
              HasSubstr("\n\"/nowhere/out/a: constraint dbo.say \"\"t\"\": fk\","
                        "\"/nowhere/out: tsql external u\",\"REFERENCES\",0,,\n"));
  EXPECT_THAT(text("import.args"), HasSubstr("--array-delimiter=U+003B\n--multiline-fields=false"));
  EXPECT_THAT(text("constraints.cypher"), HasSubstr("REQUIRE n.key IS UNIQUE;\n"));
}

TEST_F(CsvExport, NamesThatTheUsualSettingsDoNotFitChangeThem) {
  write({Script("a", Dialect::kTsql).object("table", "dbo", "two\nlines; odd")});
  EXPECT_THAT(text("objects.csv"), HasSubstr("\"Object\x1fTable\"\n"));
  EXPECT_THAT(text("import.args"), HasSubstr("--array-delimiter=U+001F\n--multiline-fields=true"));
}

TEST_F(CsvExport, AFolderThatCannotBeMadeIsOneLine) {
  dir_.write("csv", "a file");
  Catalogue catalogue = catalogue_of({});
  const auto graph = OutputGraph::load(catalogue, "/nowhere/out");
  ASSERT_TRUE(graph);
  const auto written = export_csv((*graph)->properties(), dir_ / "csv");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, (dir_ / "csv").string() + ": cannot make it: Not a directory");
}

}  // namespace
}  // namespace engine::io
