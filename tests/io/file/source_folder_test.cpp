#include "io/file/source_folder.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "io/file/unnamed_file.h"
#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using test::TempDir;

class SourceFolderTest : public testing::Test {
 protected:
  std::unique_ptr<SourceFolder> folder() const {
    auto opened = SourceFolder::open(dir_.str(), dir_.str());
    EXPECT_TRUE(opened);
    return std::move(*opened);
  }
  Error error_of(const std::string& path) const {
    const auto text = folder()->open(path, std::stop_token());
    EXPECT_FALSE(text) << path;
    return text ? Error{} : text.error();
  }
  TempDir dir_;
};

TEST_F(SourceFolderTest, OpensASourceByItsRelativePath) {
  dir_.write("sales/orders.SQL", "SELECT 1;");
  const auto source = folder();
  const auto text = source->open("sales/orders.SQL", std::stop_token());
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_EQ((*text)->bytes(), "SELECT 1;");
  EXPECT_EQ((*text)->tree_path(), "sales/orders");
  EXPECT_TRUE((*text)->check_unchanged());
}

TEST_F(SourceFolderTest, TellsWhatCannotBeASource) {
  std::filesystem::create_directory(dir_ / "x.sql");
  ASSERT_EQ(::mkfifo((dir_ / "fifo.sql").c_str(), 0600), 0);  // opening it must not hang
  std::filesystem::create_symlink("/etc/passwd", dir_ / "link.sql");
  std::filesystem::create_symlink("/dev/zero", dir_ / "zero.sql");
  EXPECT_EQ(error_of("x.sql").message, "x.sql: is a directory");
  EXPECT_EQ(error_of("x.sql").code, ErrorCode::kNotFound);
  EXPECT_EQ(error_of("fifo.sql").message, "fifo.sql: is not a regular file");
  EXPECT_EQ(error_of("fifo.sql").code, ErrorCode::kNotFound);
  EXPECT_EQ(error_of("link.sql").code, ErrorCode::kNotFound);
  EXPECT_EQ(error_of("zero.sql").code, ErrorCode::kNotFound);
  EXPECT_EQ(error_of("none.sql").code, ErrorCode::kNotFound);
  EXPECT_EQ(error_of("none.sql").message, "none.sql: no such file");
  EXPECT_EQ(error_of("../passwd").code, ErrorCode::kUnreadable);
  EXPECT_EQ(error_of("/etc/passwd").code, ErrorCode::kUnreadable);
}

// `pg_dump -Fc > shop.sql` is the usual one.
TEST_F(SourceFolderTest, TellsWhatIsCalledLikeAScriptAndIsNone) {
  using std::string_literals::operator""s;
  dir_.write("custom.sql", "PGDMP\x01\x0e");
  dir_.write("tar.sql", std::string(257, 'x') + "ustar\0" + std::string(250, '\0'));
  dir_.write("zip.sql", "PK\x03\x04");
  dir_.write("gz.sql", "\x1f\x8b\x08");
  dir_.write("lite.sql", "SQLite format 3\0"s);
  dir_.write("text.sql", "PK");
  EXPECT_EQ(
      error_of("custom.sql").message,
      "custom.sql: is pg_dump's custom format, not SQL; pg_restore -f FILE.sql makes SQL of it");
  EXPECT_EQ(error_of("custom.sql").code, ErrorCode::kUnreadable);
  EXPECT_EQ(error_of("tar.sql").message, "tar.sql: is a tar archive, not SQL; unpack it");
  EXPECT_EQ(error_of("zip.sql").message, "zip.sql: is a zip archive, not SQL; unpack it");
  EXPECT_EQ(
      error_of("gz.sql").message,
      "gz.sql: is compressed by gzip, not SQL; give it the suffix of its kind, or decompress it");
  EXPECT_EQ(error_of("lite.sql").message,
            "lite.sql: is a SQLite database, not SQL; sqlite3 FILE .dump makes SQL of it");
  EXPECT_TRUE(folder()->open("text.sql", std::stop_token()));
}

// A tree whose source is gone may be deleted, so it takes more than an error to be gone.
TEST_F(SourceFolderTest, WhatCannotBeLookedAtIsNotGone) {
  dir_.write("a.sql", "SELECT 1;");
  const auto opened = folder();
  EXPECT_TRUE(opened->has("a.sql"));
  EXPECT_FALSE(opened->has("b.sql"));
  EXPECT_FALSE(opened->has("a.sql/b.sql"));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const bool there = opened->has("a.sql");
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_TRUE(there);
}

TEST_F(SourceFolderTest, TellsWhatCannotBeAFolder) {
  dir_.write("file", "");
  EXPECT_EQ(SourceFolder::open((dir_ / "none").string(), "/tmp").error().code,
            ErrorCode::kNotFound);
  EXPECT_EQ(SourceFolder::open((dir_ / "file").string(), "/tmp").error().code, ErrorCode::kInvalid);
}

TEST_F(SourceFolderTest, TheTreePathDropsSqlWhereTheRestCanStand) {
  const auto path = SourceFolder::default_tree_path;
  EXPECT_EQ(path("a.sql"), "a");
  EXPECT_EQ(path("d/A.Sql"), "d/A");
  EXPECT_EQ(path("a.sql.sql"), "a.sql");
  EXPECT_EQ(path("a.ddl"), "a.ddl");
  EXPECT_EQ(path("a.sql.gz"), "a.sql.gz");
  EXPECT_EQ(path(".sql"), ".sql");
  EXPECT_EQ(path("d/.sql"), "d/.sql");
  EXPECT_EQ(path("..sql"), "..sql");
  EXPECT_EQ(path("d/...sql"), "d/...sql");
  EXPECT_EQ(path(".engine.sql"), ".engine.sql");
  EXPECT_EQ(path("d/.engine.sql"), "d/.engine.sql");
}

TEST_F(SourceFolderTest, ATreePathThatWasSetWins) {
  dir_.write("a.sql", "");
  const auto source = folder();
  source->set_tree_path("a.sql", "a.sql");
  EXPECT_EQ((*source->open("a.sql", std::stop_token()))->tree_path(), "a.sql");
  source->set_tree_path("a.sql", "a");
  EXPECT_EQ((*source->open("a.sql", std::stop_token()))->tree_path(), "a");
}

TEST_F(SourceFolderTest, ScratchIsWritableOfAnySizeAndHasNoName) {
  const auto source = folder();
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{100}, kInMemoryLimit, kInMemoryLimit + 1, 3 * kInMemoryLimit}) {
    const auto scratch = source->scratch(size);
    ASSERT_TRUE(scratch) << scratch.error().message;
    const std::span<char> bytes = (*scratch)->bytes();
    ASSERT_EQ(bytes.size(), size);
    std::fill(bytes.begin(), bytes.end(), 'x');
    EXPECT_EQ(std::count(bytes.begin(), bytes.end(), 'x'), static_cast<long>(size));
    const volatile char* behind = bytes.data() + size;
    for (std::size_t i = 0; i < kReadablePadding; ++i) (void)behind[i];
    EXPECT_TRUE(std::filesystem::is_empty(dir_.path()));
  }
}

TEST_F(SourceFolderTest, ScratchThatCannotBeMadeSaysWhere) {
  const auto source = SourceFolder::open(dir_.str(), (dir_ / "none").string());
  const auto scratch = (*source)->scratch(2 * kInMemoryLimit);
  ASSERT_FALSE(scratch);
  EXPECT_EQ(scratch.error().message.find((dir_ / "none").string() + ": "), 0u);
}

}  // namespace
}  // namespace engine::io
