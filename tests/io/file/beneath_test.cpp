#include "io/file/beneath.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using test::TempDir;

// openat2 and the walk that stands in for it must agree.
using Open = Descriptor (*)(int, const std::string&, int, mode_t);

class Beneath : public testing::TestWithParam<Open> {
 protected:
  int error_of(const std::string& path, int flags = O_RDONLY) const {
    errno = 0;
    return GetParam()(root_.get(), path, flags, 0666) ? 0 : errno;
  }
  void SetUp() override {
    outside_.write("secret.sql", "secret");
    inside_.write("a/b.sql", "SELECT 1;");
    std::filesystem::create_symlink(outside_.path(), inside_ / "link");
    std::filesystem::create_symlink(inside_ / "a/b.sql", inside_ / "b.sql");
    root_ = Descriptor(::open(inside_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  TempDir outside_;
  TempDir inside_;
  Descriptor root_;
};

TEST_P(Beneath, OpensWhatLiesBelow) {
  EXPECT_EQ(error_of("a/b.sql"), 0);
  EXPECT_EQ(error_of("a/none.sql"), ENOENT);
  EXPECT_EQ(error_of("a/b.sql/c"), ENOTDIR);
}

TEST_P(Beneath, DoesNotLeadOut) {
  EXPECT_EQ(error_of((outside_ / "secret.sql").string()), EXDEV);
  EXPECT_EQ(error_of("../" + outside_.path().filename().string() + "/secret.sql"), EXDEV);
  EXPECT_EQ(error_of("a/../../x", O_WRONLY | O_CREAT), EXDEV);
}

TEST_P(Beneath, DoesNotFollowLinks) {
  EXPECT_EQ(error_of("b.sql"), ELOOP);
  const int behind = error_of("link/secret.sql");
  EXPECT_TRUE(behind == ELOOP || behind == ENOTDIR) << behind;
  const int created = error_of("link/new.sql", O_WRONLY | O_CREAT);
  EXPECT_TRUE(created == ELOOP || created == ENOTDIR) << created;
  EXPECT_FALSE(std::filesystem::exists(outside_ / "new.sql"));
}

TEST_P(Beneath, RefusesANulInThePath) { EXPECT_NE(error_of(std::string("a\0b", 3)), 0); }

INSTANTIATE_TEST_SUITE_P(Ways, Beneath, testing::Values(open_beneath, open_beneath_by_walk));

TEST(IsPlainPath, HasNoComponentThatMoves) {
  for (const char* good : {"a", "a/b.sql", "...", "a/..b", ".engine", "a b/c"}) {
    EXPECT_TRUE(is_plain_path(good)) << good;
  }
  for (const char* bad : {"", ".", "..", "/a", "a/", "a//b", "a/./b", "a/..", "../a"}) {
    EXPECT_FALSE(is_plain_path(bad)) << bad;
  }
}

}  // namespace
}  // namespace engine::io
