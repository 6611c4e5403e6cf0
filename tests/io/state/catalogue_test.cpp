#include "io/state/catalogue.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using ::testing::ElementsAre;

constexpr const char* kManifest = R"json({
  "version": 1,
  "source": {"path": "a.sql", "size": 9, "hash": "", "dialect": "postgresql"},
  "units": 3,
  "outputs": [
    {"path": "tables/s.t/s.t.sql", "kind": "definition", "size": 1, "hash": "", "units": 2,
     "objects": [
       {"action": "create", "type": "table", "database": null, "schema": "s", "name": "t",
        "parent": null},
       {"action": "create", "type": "constraint", "database": null, "schema": "s", "name": null,
        "parent": "t", "constraint_kind": "foreign_key"},
       {"action": "comment", "type": "comment", "database": null, "schema": "s", "name": "t",
        "parent": null}],
     "references": [
       {"kind": "references", "object": 0, "name": "u", "line": 4, "columns": ["a", "b"],
        "target_columns": ["c", "d"]},
       {"kind": "calls", "object": 2, "name": "nobody", "line": 5},
       {"kind": "calls", "object": 0, "schema": "s", "name": "f", "line": 6,
        "in_expression": true}],
     "pieces": [{"offset": 0, "length": 9, "line": 3, "output_offset": 0}]},
    {"path": "views/w/w.sql", "kind": "definition", "size": 1, "hash": "", "units": 1,
     "objects": [
       {"action": "alter", "type": "view", "database": null, "schema": null, "name": "w",
        "parent": null}],
     "references": [{"kind": "reads", "object": 0, "name": "t", "line": 8}],
     "pieces": [{"offset": 12, "length": 1, "line": 12, "output_offset": 0}]},
    {"path": "tables/s.t/data/0001.sql", "kind": "segment", "size": 7, "hash": "", "units": 2,
     "objects": [
       {"action": "insert", "type": "table", "database": null, "schema": "s", "name": "t",
        "parent": null}],
     "pieces": [{"offset": 9, "length": 1, "line": 9, "output_offset": 0},
                {"offset": 10, "length": 2, "line": 10, "output_offset": 1}]},
    {"path": "other/0001.sql", "kind": "other", "size": 1, "hash": "", "units": 1, "pieces": []}
  ],
  "warnings": [],
  "checksum": ""
}
)json";

CatalogueTree parsed(const std::string& path, std::string_view text = kManifest) {
  Result<CatalogueTree> tree = parse_catalogue_tree(path, text);
  EXPECT_TRUE(tree) << tree.error().message;
  return tree ? *tree : CatalogueTree();
}

std::vector<std::string> names(Catalogue& catalogue) {
  std::vector<std::string> names;
  EXPECT_TRUE(catalogue.each_object([&](RecordedObject&& object) {
    names.push_back(object.tree + ":" + object.object.name.value_or("-"));
  }));
  return names;
}

// Tree, path, object, as any reader of the file sees them.
std::vector<std::string> segments(const std::string& path) {
  Database database;
  Statement statement;
  EXPECT_EQ(database.open(path, SQLITE_OPEN_READONLY), SQLITE_OK);
  EXPECT_EQ(database.prepare("SELECT t.path || ' ' || s.path || ' ' || coalesce(o.name, '-')"
                             " FROM segments s JOIN trees t ON t.id = s.tree"
                             " LEFT JOIN objects o ON o.id = s.object ORDER BY t.path, s.position",
                             statement),
            SQLITE_OK);
  std::vector<std::string> rows;
  while (statement.step() == SQLITE_ROW) rows.emplace_back(statement.text(0));
  return rows;
}

TEST(CatalogueTree, HoldsWhatIsCreatedAndItsReferences) {
  const CatalogueTree tree = parsed("a");
  EXPECT_EQ(tree.source, "a.sql");
  EXPECT_EQ(tree.dialect, Dialect::kPostgresql);
  ASSERT_EQ(tree.objects.size(), 3u);
  EXPECT_EQ(tree.objects[0].output, "tables/s.t/s.t.sql");
  EXPECT_EQ(tree.objects[0].line, 3u);
  EXPECT_EQ(tree.objects[1].constraint_kind, "foreign_key");
  EXPECT_EQ(tree.objects[1].name, std::nullopt);
  EXPECT_FALSE(tree.objects[2].defined) << "it is altered";
  ASSERT_EQ(tree.references.size(), 3u) << "what is only commented on refers to nothing";
  EXPECT_EQ(tree.references[0].reference.kind, ReferenceKind::kReferences);
  EXPECT_THAT(tree.references[0].reference.columns, ElementsAre("a", "b"));
  EXPECT_TRUE(tree.references[1].reference.in_expression);
  EXPECT_EQ(tree.references[2].object, 2u);
}

TEST(CatalogueTree, PropertiesOfOneNameOfSeveralColumnsAreSeveralObjects) {
  std::string objects;
  for (const char* minor : {R"("column Price")", R"("column Weight")", R"("column Price")"}) {
    objects += objects.empty() ? "" : ", ";
    objects += R"({"action": "create", "type": "extended_property", "name": "MS_Description",
                   "parent": "Product", "minor": )" +
               std::string(minor) + "}";
  }
  const CatalogueTree tree =
      parsed("a", R"({"version": 1, "outputs": [{"path": "p.sql", "pieces": [], "objects": [)" +
                      objects + "]}]}");
  ASSERT_EQ(tree.objects.size(), 2u);
  EXPECT_EQ(tree.objects[0].minor, "column Price");
  EXPECT_EQ(tree.objects[1].minor, "column Weight");
}

TEST(CatalogueTree, AnOutputThatIsNoObjectsOwnIsASegment) {
  const CatalogueTree tree = parsed("a");
  ASSERT_EQ(tree.segments.size(), 2u);
  const CatalogueSegment& rows = tree.segments[0];
  EXPECT_EQ(rows.position, 2u);
  EXPECT_EQ(rows.path, "tables/s.t/data/0001.sql");
  EXPECT_EQ(rows.kind, "segment");
  EXPECT_EQ(rows.object, 0u);
  EXPECT_EQ(rows.line, 9u);
  EXPECT_EQ(rows.next_line, 12u) << "where the view begins";
  EXPECT_EQ(rows.size, 7u);
  EXPECT_EQ(rows.units, 2u);
  const CatalogueSegment& other = tree.segments[1];
  EXPECT_EQ(other.kind, "other");
  EXPECT_EQ(other.line, 0u) << "nothing of the source is in it";
  EXPECT_EQ(other.object, std::nullopt);
  EXPECT_EQ(other.next_line, 3u);
}

TEST(CatalogueTree, WhatIsNoManifestIsAnError) {
  const Result<CatalogueTree> tree = parse_catalogue_tree("a", "{\"version\": 1");
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().message,
            "a/manifest.json: damaged; engine retry OUTPUT_DIR SOURCE has it loaded again");
}

TEST(CatalogueTree, AManifestOfAnotherVersionIsNotRead) {
  for (const char* text : {"{\"version\": 2, \"outputs\": []}", "{\"outputs\": []}"}) {
    const Result<CatalogueTree> tree = parse_catalogue_tree("a", text);
    ASSERT_FALSE(tree) << text;
    EXPECT_THAT(tree.error().message, testing::HasSubstr("this program reads version 1"));
  }
}

TEST(Catalogue, KeepsWhatItIsGivenAndForgetsWhatIsGone) {
  const test::TempDir dir;
  const std::string path = (dir / "engine.db").string();
  {
    Result<Catalogue> catalogue = Catalogue::open(path);
    ASSERT_TRUE(catalogue) << catalogue.error().message;
    const std::vector<Catalogue::Changed> changed = {{parsed("a"), {1, 2, 3}},
                                                     {parsed("b"), {4, 5, 6}}};
    ASSERT_TRUE(catalogue->apply(changed, {}));
  }
  EXPECT_THAT(segments(path), ElementsAre("a tables/s.t/data/0001.sql t", "a other/0001.sql -",
                                          "b tables/s.t/data/0001.sql t", "b other/0001.sql -"));
  Result<Catalogue> catalogue = Catalogue::open(path);
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  auto stamps = catalogue->stamps();
  ASSERT_TRUE(stamps);
  EXPECT_EQ(stamps->size(), 2u);
  EXPECT_EQ(stamps->at("b"), (ManifestStamp{4, 5, 6}));
  EXPECT_THAT(names(*catalogue), ElementsAre("a:t", "a:-", "a:w", "b:t", "b:-", "b:w"));

  const std::vector<std::string> gone = {"a"};
  const std::vector<Catalogue::Changed> again = {{parsed("b"), {7, 8, 9}}};
  ASSERT_TRUE(catalogue->apply(again, gone));
  EXPECT_THAT(names(*catalogue), ElementsAre("b:t", "b:-", "b:w"));
  EXPECT_THAT(segments(path), ElementsAre("b tables/s.t/data/0001.sql t", "b other/0001.sql -"));
  std::vector<std::string> said;
  ASSERT_TRUE(catalogue->each_reference([&](std::int64_t, Reference&& reference) {
    said.push_back(std::string(reference_kind_name(reference.kind)) + " " + reference.name);
    if (reference.kind == ReferenceKind::kReferences) {
      EXPECT_THAT(reference.target_columns, ElementsAre("c", "d"));
    }
  }));
  EXPECT_THAT(said, ElementsAre("references u", "calls f", "reads t"));
}

TEST(Catalogue, AnOutputThatCannotBeWrittenCanBeAsked) {
  Result<Catalogue> catalogue = Catalogue::open("/proc/engine.db");
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  const std::vector<Catalogue::Changed> changed = {{parsed("a"), {1, 2, 3}}};
  ASSERT_TRUE(catalogue->apply(changed, {}));
  EXPECT_THAT(names(*catalogue), ElementsAre("a:t", "a:-", "a:w"));
}

TEST(Catalogue, SomebodyElsesDatabaseIsLeftAlone) {
  const test::TempDir dir;
  const std::string path = (dir / "engine.db").string();
  Database other;
  ASSERT_EQ(other.open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE), SQLITE_OK);
  ASSERT_EQ(other.execute("CREATE TABLE t (a)"), SQLITE_OK);
  const Result<Catalogue> catalogue = Catalogue::open(path);
  ASSERT_FALSE(catalogue);
  EXPECT_EQ(catalogue.error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace engine::io
