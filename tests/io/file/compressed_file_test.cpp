#include "io/file/compressed_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <gtest/gtest.h>

#include <stop_token>

#include "engine/file_source.h"
#include "io/base/descriptor.h"
#include "io/file/decompressor.h"
#include "io/file/unnamed_file.h"
#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using test::TempDir;

std::string sql_of_size(std::size_t size) {
  std::string text;
  for (unsigned i = 0; text.size() < size; ++i) {
    text += "INSERT INTO t VALUES (" + std::to_string(i * 2654435761u) + ");\n";
  }
  text.resize(size);
  return text;
}

class CompressedFileTest : public testing::TestWithParam<std::string> {
 protected:
  // Compresses with the same library that reads; the formats are checked by their magic below.
  std::string compressed(const std::string& text) const {
    archive* writer = archive_write_new();
    archive_write_set_format_raw(writer);
    const std::string suffix = GetParam();
    if (suffix == ".gz") archive_write_add_filter_gzip(writer);
    if (suffix == ".zst") archive_write_add_filter_zstd(writer);
    if (suffix == ".xz") archive_write_add_filter_xz(writer);
    if (suffix == ".bz2") archive_write_add_filter_bzip2(writer);
    const std::string file = (dir_ / "packed").string();
    EXPECT_EQ(archive_write_open_filename(writer, file.c_str()), ARCHIVE_OK);
    archive_entry* entry = archive_entry_new();
    archive_entry_set_filetype(entry, AE_IFREG);
    EXPECT_EQ(archive_write_header(writer, entry), ARCHIVE_OK);
    archive_write_data(writer, text.data(), text.size());
    archive_entry_free(entry);
    archive_write_close(writer);
    archive_write_free(writer);
    return test::read_file(file);
  }
  std::string name() const { return "dump.sql" + GetParam(); }
  Result<CompressedFile> open(const std::stop_token& given_up = {}) const {
    return CompressedFile::open(*open_regular_file(root_.get(), name()), root_.get(), name(),
                                dir_.str(), given_up);
  }
  TempDir dir_;
  Descriptor root_{::open(dir_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
};

TEST_P(CompressedFileTest, GivesTheDecompressedBytesSmallAndLarge) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{5000}, kInMemoryLimit,
                                 kInMemoryLimit + 1, 3 * kInMemoryLimit + 4096}) {
    const std::string text = sql_of_size(size);
    dir_.write(name(), compressed(text));
    const Result<CompressedFile> file = open();
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_TRUE(file->view() == text) << size;
    const volatile char* behind = file->view().data() + size;
    for (std::size_t i = 0; i < kReadablePadding; ++i) (void)behind[i];
    EXPECT_TRUE(file->check_unchanged());
  }
}

TEST_P(CompressedFileTest, LeavesNothingInTheTemporaryDirectory) {
  dir_.write(name(), compressed(sql_of_size(2 * kInMemoryLimit)));
  const TempDir temp;
  const auto file = CompressedFile::open(*open_regular_file(root_.get(), name()), root_.get(),
                                         name(), temp.str(), {});
  ASSERT_TRUE(file);
  EXPECT_TRUE(std::filesystem::is_empty(temp.path()));
}

TEST_P(CompressedFileTest, EndsWhereItIsGivenUp) {
  dir_.write(name(), compressed(sql_of_size(3 * kInMemoryLimit)));
  std::stop_source given_up;
  given_up.request_stop();
  const Result<CompressedFile> file = open(given_up.get_token());
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kStopped);
}

TEST_P(CompressedFileTest, OfNothingIsNothing) {
  const std::string empty = compressed("");
  ASSERT_FALSE(empty.empty());
  dir_.write(name(), empty);
  const Result<CompressedFile> file = open();
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->view(), "");
}

TEST_P(CompressedFileTest, BrokenTruncatedOrNotCompressedIsOneClearLine) {
  const std::string whole = compressed(sql_of_size(200'000));
  std::string flipped = whole;
  for (std::size_t i = whole.size() / 2; i < whole.size() / 2 + 64; ++i) flipped[i] ^= 0x55;
  for (const std::string& bad :
       {whole.substr(0, whole.size() / 2), whole.substr(0, 8), whole.substr(0, whole.size() - 4),
        flipped, std::string("SELECT 1;"), std::string()}) {
    dir_.write(name(), bad);
    const Result<CompressedFile> file = open();
    ASSERT_FALSE(file) << bad.size();
    EXPECT_EQ(file.error().code, ErrorCode::kUnreadable);
    EXPECT_EQ(file.error().message.find(name() + ": "), 0u) << file.error().message;
    EXPECT_EQ(file.error().message.find('\n'), std::string::npos);
  }
}

// As pbzip2 writes them, and `cat a.gz b.gz`. Tapes fill the rest of a block with zeros.
TEST_P(CompressedFileTest, PartsFollowEachOtherAndZerosAreNoPart) {
  const std::string text = sql_of_size(200'000);
  const std::string part = compressed(text);
  for (const std::string& behind : {std::string(), std::string(5000, '\0')}) {
    dir_.write(name(), part + part + behind);
    const Result<CompressedFile> file = open();
    if (GetParam() == ".zst" && !behind.empty()) {  // zstd knows no padding
      EXPECT_FALSE(file);
      continue;
    }
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_TRUE(file->view() == text + text);
  }
}

// The decompressors take such a part for the end of the file, and say nothing of what is missing.
TEST_P(CompressedFileTest, ADamagedPartIsNotTheEnd) {
  const std::string part = compressed(sql_of_size(200'000));
  std::string damaged = part;
  damaged[1] ^= 0x10;
  for (const std::string& bad : {part + damaged, compressed("") + damaged, part + part.substr(0, 1),
                                 part + part.substr(0, 3), part + part.substr(0, 8),
                                 part + std::string(2000, '\0') + part, part + "-- the end"}) {
    if (GetParam() == ".xz" && bad.size() > 2 * part.size()) continue;  // which knows such padding
    dir_.write(name(), bad);
    const Result<CompressedFile> file = open();
    ASSERT_FALSE(file) << bad.size() - part.size();
    EXPECT_EQ(file.error().message.find(name() + ": cannot decompress: "), 0u);
  }
}

TEST_P(CompressedFileTest, ChangeIsChangeOfTheCompressedFile) {
  dir_.write(name(), compressed("SELECT 1;"));
  const Result<CompressedFile> file = open();
  ASSERT_TRUE(file);
  dir_.write(name(), compressed("SELECT 22;"));
  const Result<void> unchanged = file->check_unchanged();
  ASSERT_FALSE(unchanged);
  EXPECT_EQ(unchanged.error().code, ErrorCode::kChanged);
}

INSTANTIATE_TEST_SUITE_P(Kinds, CompressedFileTest, testing::Values(".gz", ".zst", ".xz", ".bz2"),
                         [](const auto& kind) { return kind.param.substr(1); });

TEST(CompressedFile, ReadsWhatGzipItselfWrote) {
  // printf 'SELECT 1;\n' | gzip -n, twice: members follow each other.
  const std::string member(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x0b\x76\xf5\x71\x75\x0e\x51\x30\xb4\xe6"
      "\x02\x00\x7f\xa9\x0e\x50\x0a\x00\x00\x00",
      30);
  const TempDir dir;
  dir.write("a.sql.gz", member + member);
  const Descriptor root(::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const auto file = CompressedFile::open(*open_regular_file(root.get(), "a.sql.gz"), root.get(),
                                         "a.sql.gz", dir.str(), {});
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->view(), "SELECT 1;\nSELECT 1;\n");
}

}  // namespace
}  // namespace engine::io
