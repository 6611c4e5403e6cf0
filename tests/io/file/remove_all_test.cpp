#include "io/file/remove_all.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "io/base/descriptor.h"
#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

TEST(RemoveAll, InAHurryItLeavesTheRestToTheNextOne) {
  const test::TempDir dir;
  for (const char* name : {"tree/a", "tree/d/b", "tree/d/c"}) dir.write(name, "x");
  const Descriptor in(::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  std::stop_source hurry;
  hurry.request_stop();
  const std::chrono::milliseconds none{0};
  EXPECT_EQ(remove_all(in.get(), "tree", hurry.get_token(), none), ECANCELED);
  EXPECT_TRUE(std::filesystem::exists(dir / "tree"));
  EXPECT_EQ(remove_all(in.get(), "tree", hurry.get_token()), 0);  // that little it does
  EXPECT_FALSE(std::filesystem::exists(dir / "tree"));
  EXPECT_EQ(remove_all(in.get(), "tree"), 0);
}

}  // namespace
}  // namespace engine::io
