// Real sample databases through the whole engine: every source's bytes come back from its tree
// alone, and what the catalogue of two of them holds is in its place.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/support/loaded_folder.h"

namespace engine {
namespace {

using test::LoadedFolder;
namespace fs = std::filesystem;

// Copies the corpus' SQL into the folder, so that it can be taken away again.
std::vector<std::string> copy_corpus(const fs::path& corpus, const fs::path& input) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(corpus)) {
    const std::string suffix = entry.path().extension().string();
    if (!entry.is_regular_file()) continue;
    if (suffix != ".sql" && suffix != ".SQL" && suffix != ".txt" && suffix != ".dat") continue;
    const fs::path name = entry.path().lexically_relative(corpus);
    fs::create_directories((input / name).parent_path());
    fs::copy_file(entry.path(), input / name);
    names.push_back(name.string());
  }
  return names;
}

std::size_t count_entries(const fs::path& directory, const std::string& suffix = "") {
  if (!fs::exists(directory)) return 0;
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    count += name.size() >= suffix.size() &&
             name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0;
  }
  return count;
}

// Files in a child folder of every object of a kind: indexes of all tables and views.
std::size_t count_children(const fs::path& tree, const std::string& child) {
  std::size_t count = 0;
  for (const char* kind : {"tables", "views"}) {
    if (!fs::exists(tree / kind)) continue;
    for (const auto& object : fs::directory_iterator(tree / kind)) {
      count += count_entries(object.path() / child);
    }
  }
  return count;
}

class Corpus : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* corpus = std::getenv("ENGINE_CORPUS");
    if (corpus == nullptr) GTEST_SKIP() << "ENGINE_CORPUS does not name the sample databases";
    corpus_ = corpus;
  }
  std::string corpus_;
};

TEST_F(Corpus, EverySourceComesBackFromItsTreeAlone) {
  LoadedFolder folder;
  const std::vector<std::string> names = copy_corpus(corpus_, folder.input());
  ASSERT_GE(names.size(), 590u);
  folder.load(names);
  EXPECT_EQ(folder.stats().load.sources_done, names.size());
  EXPECT_EQ(folder.stats().load.sources_failed, 0u);
  fs::remove_all(folder.input());
  for (const std::string& name : names) {
    const std::string tree = io::SourceFolder::default_tree_path(name);
    EXPECT_EQ(folder.joined(tree), test::read_file(fs::path(corpus_) / name)) << name;
  }
}

TEST_F(Corpus, AdventureWorksLtIsWhatItsDatabaseHolds) {
  LoadedFolder folder;
  folder.outputs_of("lt.sql",
                    test::read_file(corpus_ + "/tsql/adventure-works-lt/AdventureWorksLT.sql"));
  const fs::path tree = folder.output() / "lt";
  EXPECT_EQ(count_entries(tree / "tables"), 12u);
  EXPECT_EQ(count_entries(tree / "views"), 3u);
  EXPECT_EQ(count_entries(tree / "functions"), 3u);
  EXPECT_EQ(count_entries(tree / "stored_procedures"), 2u);
  EXPECT_EQ(count_entries(tree / "types"), 6u);
  EXPECT_EQ(count_entries(tree / "sequences"), 1u);
  EXPECT_EQ(count_entries(tree / "schemas"), 1u);
  EXPECT_EQ(count_children(tree, "indexes"), 6u);
  EXPECT_EQ(count_children(tree, "foreign_keys"), 12u);
  EXPECT_EQ(count_children(tree, "defaults"), 32u);
  EXPECT_EQ(count_children(tree, "check_constraints"), 13u);
  EXPECT_EQ(count_children(tree, "unique_constraints"), 15u);
  EXPECT_EQ(count_children(tree, "constraints"), 0u);  // none whose kind is not known
}

// 97 ALTER TABLE statements, each in a file of its own table; 21 index headers before what they
// head.
TEST_F(Corpus, AdventureWorksLtAltersAndHeadersAreWithTheirTables) {
  LoadedFolder folder;
  const auto outputs = folder.outputs_of(
      "lt.sql", test::read_file(corpus_ + "/tsql/adventure-works-lt/AdventureWorksLT.sql"));
  std::size_t alters = 0, headers = 0;
  for (const auto& [path, text] : outputs) {
    constexpr std::string_view kAlter = "\nALTER TABLE [";
    for (std::size_t at = text.find(kAlter); at != std::string::npos;
         at = text.find(kAlter, at + 1)) {
      const std::size_t name = at + kAlter.size();
      const std::size_t dot = text.find("].[", name);
      const std::string table = text.substr(name, dot - name) + "." +
                                text.substr(dot + 3, text.find(']', dot + 3) - dot - 3);
      EXPECT_THAT(path, ::testing::StartsWith("tables/" + table + "/"));
      ++alters;
    }
    const std::size_t header = text.find("/****** Object:  Index [");
    if (header == std::string::npos) continue;
    const std::string index = text.substr(header + 24, text.find(']', header) - header - 24);
    EXPECT_THAT(path, ::testing::EndsWith("/" + index + ".sql"));
    ++headers;
  }
  EXPECT_EQ(alters, 97u);
  EXPECT_EQ(headers, 21u);
}

TEST_F(Corpus, NorthwindIsWhatItsDatabaseHolds) {
  LoadedFolder folder;
  folder.outputs_of("nw.sql", test::read_file(corpus_ + "/tsql/northwind-pubs/instnwnd.sql"));
  const fs::path tree = folder.output() / "nw";
  EXPECT_EQ(count_entries(tree / "tables"), 13u);
  EXPECT_EQ(count_entries(tree / "views"), 16u);
  EXPECT_EQ(count_entries(tree / "stored_procedures"), 7u);
  EXPECT_EQ(count_children(tree, "indexes"), 26u);
}

}  // namespace
}  // namespace engine
