// Every layout, with rows where they may go, over the sample databases: the source comes back, the
// trees are what their manifests say, nothing of the source is twice in a tree, and there is an
// order that is sure to load it.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "io/file/order.h"
#include "tests/support/loaded_folder.h"

namespace engine {
namespace {

using test::LoadedFolder;
namespace fs = std::filesystem;

class Layouts : public ::testing::TestWithParam<std::tuple<Layout, DataPlacement>> {};

TEST_P(Layouts, GiveBackEverySource) {
  const char* corpus = std::getenv("ENGINE_CORPUS");
  if (corpus == nullptr) GTEST_SKIP() << "ENGINE_CORPUS does not name the sample databases";
  Options options;
  std::tie(options.layout, options.data) = GetParam();
  LoadedFolder folder(options);
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(corpus)) {
    // The largest are rows and nothing else; they are in the test of the nested layout.
    constexpr std::uintmax_t kLargest = 2u << 20;
    if (!entry.is_regular_file() || entry.path().extension() != ".sql") continue;
    if (entry.file_size() < kLargest) found.push_back(entry.path());
  }
  // The regular form takes some of each database.
  const std::size_t step = std::getenv("ENGINE_LONG_TESTS") != nullptr ? 1 : 25;
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  for (std::size_t i = 0; i < found.size(); i += step) {
    const fs::path name = found[i].lexically_relative(corpus);
    fs::create_directories((folder.input() / name).parent_path());
    fs::copy_file(found[i], folder.input() / name);
    names.push_back(name.string());
  }
  folder.load(names);
  EXPECT_EQ(folder.stats().load.sources_failed, 0u);
  EXPECT_THAT(folder.differences(), ::testing::IsEmpty());
  for (const std::string& name : names) {
    const std::string tree = io::SourceFolder::default_tree_path(name);
    for (const LoadOrder by : {LoadOrder::kSource, LoadOrder::kDependency}) {
      const auto ordered = io::order((folder.output() / tree).string(), by);
      ASSERT_TRUE(ordered) << ordered.error().message;
      EXPECT_THAT(ordered->rings, ::testing::IsEmpty()) << name;
    }
    if (options.data != DataPlacement::kDrop) {
      EXPECT_EQ(folder.joined(tree), test::read_file(folder.input() / name)) << name;
      continue;
    }
    const auto refused = io::join((folder.output() / tree).string(),
                                  [](std::string_view) { return Result<void>(); });
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().code, ErrorCode::kUnreadable);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, Layouts,
    ::testing::Combine(::testing::Values(Layout::kNested, Layout::kCompact, Layout::kFlat),
                       ::testing::Values(DataPlacement::kSeparate, DataPlacement::kInline,
                                         DataPlacement::kDrop)),
    [](const auto& of) {
      return std::string(layout_name(std::get<0>(of.param))) + "_" +
             std::string(data_placement_name(std::get<1>(of.param)));
    });

}  // namespace
}  // namespace engine
