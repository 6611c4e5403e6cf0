// Outputs that share blocks with their source, on images of the file systems that can do that.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "io/base/descriptor.h"
#include "io/file/source_folder.h"
#include "io/file/tree_writer.h"
#include "tests/cli/program.h"

namespace engine::test {
namespace {

// Two tables, with two megabytes of rows and with not much more than one.
std::string dump(const std::string& line_end = "\n") {
  const std::string remark(400, 'r');
  std::string text;
  for (const std::string table : {"first", "second"}) {
    text += "CREATE TABLE `" + table + "` (`id` int, `t` text);" + line_end;
    const int rows = table == "first" ? 5'000 : 2'700;
    for (int i = 0; i < rows; ++i) {
      text += "INSERT INTO `" + table + "` VALUES (" + std::to_string(i * 7919L) + ",'It''s " +
              remark + "');" + line_end;
    }
  }
  return text;
}

std::map<std::string, std::string> files_of(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().filename() == "manifest.json") continue;
    files[entry.path().lexically_relative(folder).string()] = read_file(entry.path());
  }
  return files;
}

std::string without_lead_in(std::string text) {
  const auto cut = [&](const std::string& line) {
    const std::size_t begin = text.find('\n' + line) + 1;
    const std::size_t end = begin == 0 ? 0 : text.find('\n', begin) + 1;
    text.erase(begin, end - begin);
    return begin != 0;
  };
  cut("-- Filled up");
  while (cut("-- .")) continue;
  return text;
}

// How many bytes of the file lie in blocks that another file has as well.
std::uint64_t shared_bytes(const std::filesystem::path& path) {
  const io::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  constexpr unsigned kMost = 512;
  std::vector<char> room(sizeof(fiemap) + kMost * sizeof(fiemap_extent));
  auto* map = reinterpret_cast<fiemap*>(room.data());
  map->fm_length = FIEMAP_MAX_OFFSET;
  map->fm_flags = FIEMAP_FLAG_SYNC;
  map->fm_extent_count = kMost;
  EXPECT_EQ(::ioctl(file.get(), FS_IOC_FIEMAP, map), 0) << path;
  std::uint64_t shared = 0;
  for (unsigned i = 0; i < map->fm_mapped_extents; ++i) {
    const fiemap_extent& extent = map->fm_extents[i];
    if ((extent.fe_flags & FIEMAP_EXTENT_SHARED) != 0) shared += extent.fe_length;
  }
  return shared;
}

class Reflink : public Program, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    const std::string image = dir_.write("image", "").string();
    ASSERT_EQ(::truncate(image.c_str(), 320 << 20), 0);
    std::filesystem::create_directory(disk());
    const std::string make = std::string("/sbin/mkfs.") + GetParam();
    is_mounted_ = std::filesystem::exists(make) &&
                  run_process({make, "-q", image}).exit_status == 0 &&
                  run_process({"/bin/mount", "-o", "loop", image, disk()}).exit_status == 0;
    if (!is_mounted_) GTEST_SKIP() << "needs " << make << " and the right to mount";
  }
  void TearDown() override {
    if (is_mounted_) ::umount2(disk().c_str(), MNT_DETACH);
  }

  std::string disk() const { return (dir_ / "disk").string(); }
  std::string join(const std::string& tree) const { return run({"join", tree}).out; }
  void load(const std::string& output, std::vector<std::string> options = {}) const {
    options.insert(options.end(), {"disk/in", output});
    const ProcessResult done = run(options);
    ASSERT_EQ(done.exit_status, 0) << done.err;
    EXPECT_EQ(run({"verify", output, "--input=disk/in"}).exit_status, 0);
  }
  std::uint64_t shared_in(const std::string& folder) const {
    std::uint64_t shared = 0;
    for (const auto& [path, text] : files_of(dir_ / folder)) {
      shared += shared_bytes(dir_ / folder / path);
    }
    return shared;
  }

  bool is_mounted_ = false;
};

TEST_P(Reflink, OutputsDifferInNothingButTheLeadIn) {
  for (const std::string mark : {"", "\xef\xbb\xbf"}) {
    const std::string text = mark + dump();
    dir_.write("disk/in/a.sql", text);
    load("disk/auto");
    load("disk/never", {"--reflink=never"});
    EXPECT_EQ(join("disk/auto/a"), text);
    const auto never = files_of(dir_ / "disk/never/a");
    auto shared = files_of(dir_ / "disk/auto/a");
    for (auto& [path, bytes] : shared) bytes = without_lead_in(bytes);
    EXPECT_EQ(shared, never);
    // All but the ends, which fill no block.
    EXPECT_GT(shared_in("disk/auto/a"), text.size() * 9 / 10);
    EXPECT_EQ(shared_in("disk/never/a"), 0);
  }
}

TEST_P(Reflink, LinesOfAnyEndAreFilledUp) {
  const std::string text = dump("\r\n");
  dir_.write("disk/in/a.sql", text);
  load("disk/auto");
  EXPECT_EQ(join("disk/auto/a"), text);
  EXPECT_GT(shared_in("disk/auto/a"), text.size() * 9 / 10);
  for (const auto& [path, bytes] : files_of(dir_ / "disk/auto/a")) {
    EXPECT_EQ(std::count(bytes.begin(), bytes.end(), '\r'),
              std::count(bytes.begin(), bytes.end(), '\n'))
        << path;
  }
}

// Nothing is added; what lies at the same place by itself may be shared.
TEST_P(Reflink, WithoutAHeaderNothingIsAdded) {
  const std::string text = dump();
  dir_.write("disk/in/a.sql", text);
  load("disk/auto", {"--no-metadata"});
  load("disk/never", {"--no-metadata", "--reflink=never"});
  EXPECT_EQ(files_of(dir_ / "disk/auto/a"), files_of(dir_ / "disk/never/a"));
}

TEST_P(Reflink, TheSourceMayBeWrittenOverAfterwards) {
  dir_.write("disk/in/a.sql", dump());
  load("disk/auto");
  const auto before = files_of(dir_ / "disk/auto/a");
  const io::Descriptor source(::open((dir_ / "disk/in/a.sql").c_str(), O_WRONLY | O_CLOEXEC));
  const std::string other(8 << 20, 'x');
  ASSERT_EQ(::pwrite(source.get(), other.data(), other.size(), 0), other.size());
  ASSERT_EQ(::fsync(source.get()), 0);
  EXPECT_EQ(files_of(dir_ / "disk/auto/a"), before);
  EXPECT_EQ(run({"verify", "disk/auto"}).exit_status, 0);
}

// To share blocks is no change of the source; to write to it afterwards is one.
TEST_P(Reflink, ASourceThatChangesMeanwhileIsNotPublished) {
  const std::string text = dump();
  const auto path = dir_.write("disk/in/a.sql", text);
  auto folder = io::SourceFolder::open(disk() + "/in", disk());
  auto writer = io::TreeWriter::open(disk() + "/out");
  ASSERT_TRUE(folder && writer);
  const auto source = (*folder)->open_when_settled("a.sql");
  ASSERT_TRUE(source) << source.error().message;
  const Result<std::size_t> block = (*writer)->block_shared_with(**source);
  ASSERT_TRUE(block) << block.error().message;
  EXPECT_EQ(*block, 4096);
  Tree tree;
  tree.path = "a";
  const std::string_view pieces[] = {(*source)->bytes()};
  tree.outputs = {{"a.sql", pieces}};
  tree.shared = source->get();
  const auto staged = (*writer)->stage(tree);
  ASSERT_TRUE(staged) << staged.error().message;
  EXPECT_TRUE((*source)->check_unchanged());
  std::ofstream(path, std::ios::app) << "-- more\n";
  EXPECT_FALSE((*source)->check_unchanged());
  ASSERT_TRUE((*staged)->commit());
  EXPECT_EQ(read_file(dir_ / "disk/out/a/a.sql"), text);
  EXPECT_GE(shared_in("disk/out/a"), text.size() / 4096 * 4096);
}

// What was not shared is the same on any file system, to the last byte of the manifest.
TEST_P(Reflink, OnAnotherFileSystemAllIsWritten) {
  dir_.write("disk/in/a.sql", dump());
  load("auto");
  load("never", {"--reflink=never"});
  EXPECT_EQ(files_of(dir_ / "auto/a"), files_of(dir_ / "never/a"));
  EXPECT_EQ(read_file(dir_ / "auto/a/manifest.json"), read_file(dir_ / "never/a/manifest.json"));
}

TEST_P(Reflink, SecondRunsKeepWhatIsThere) {
  dir_.write("disk/in/a.sql", dump());
  load("disk/auto");
  const ProcessResult again = run({"--force", "--stats=json", "disk/in", "disk/auto"});
  EXPECT_THAT(again.out, testing::HasSubstr("\"outputs_written\":0"));
  EXPECT_EQ(run({"--reflink=never", "disk/in", "disk/auto"}).exit_status, 0);
  load("disk/never", {"--reflink=never"});
  EXPECT_EQ(files_of(dir_ / "disk/auto/a"), files_of(dir_ / "disk/never/a"));
}

INSTANTIATE_TEST_SUITE_P(Disks, Reflink, testing::Values("xfs", "btrfs"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace engine::test
