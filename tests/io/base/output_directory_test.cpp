#include "io/base/output_directory.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/temp_dir.h"

namespace engine::io {
namespace {

using test::TempDir;

// A name that ends in '/' is made as a directory.
bool is_output_with(const std::vector<std::string>& names) {
  const TempDir directory;
  for (const std::string& name : names) {
    if (name.back() == '/') {
      std::filesystem::create_directories(directory / name);
    } else {
      directory.write(name, "");
    }
  }
  return is_output_directory(AT_FDCWD, directory.str());
}

TEST(OutputDirectory, IsKnownByAnyTwoOfWhatAnEngineHasThere) {
  EXPECT_TRUE(is_output_with({".engine/lock", ".engine/build/"}));
  EXPECT_TRUE(is_output_with({".engine/lock", ".engine/build/", ".engine/engine.db"}));
  EXPECT_TRUE(is_output_with({".engine/engine.db", ".engine/build/"}));
  EXPECT_TRUE(is_output_with({".engine/engine.db", ".engine/lock"}));
}

TEST(OutputDirectory, IsNotKnownByItsNameAlone) {
  EXPECT_FALSE(is_output_with({}));
  EXPECT_FALSE(is_output_with({".engine"}));
  EXPECT_FALSE(is_output_with({".engine/"}));
  EXPECT_FALSE(is_output_with({".engine/build/x"}));
  EXPECT_FALSE(is_output_with({".engine/lock"}));
  EXPECT_FALSE(is_output_with({".engine/settings.ini", ".engine/cache/"}));
  EXPECT_FALSE(is_output_with({"lock", "build/", "engine.db"}));
}

// As trees of the sources build.sql and lock.sql in a directory of that name are.
TEST(OutputDirectory, IsNotKnownByWhatIsOfAnotherKind) {
  EXPECT_FALSE(is_output_with({".engine/lock/", ".engine/build/", ".engine/engine.db/"}));
  EXPECT_FALSE(is_output_with({".engine/lock", ".engine/build"}));
}

TEST(OutputDirectory, ALinkMakesNone) {
  const TempDir elsewhere;
  elsewhere.write(".engine/lock", "");
  elsewhere.write(".engine/build/x", "");
  const TempDir directory;
  std::filesystem::create_symlink(elsewhere / ".engine", directory / ".engine");
  EXPECT_FALSE(is_output_directory(AT_FDCWD, directory.str()));
}

}  // namespace
}  // namespace engine::io
