// That libhwy measures no timer when it is loaded: it is bound to what the program has instead.

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace engine::test {
namespace {

class UnusedTimer : public Program {
 protected:
  // What the dynamic linker binds libhwy's own call of it to.
  std::vector<std::string> bindings() const {
    const ProcessResult started =
        run_process({"/usr/bin/env", "LD_BIND_NOW=1", "LD_DEBUG=bindings",
                     "LD_DEBUG_OUTPUT=" + (dir_ / "bound").string(), ENGINE_PROGRAM, "--version"});
    EXPECT_EQ(started.exit_status, 0) << started.err;
    std::vector<std::string> lines;
    for (const auto& file : std::filesystem::directory_iterator(dir_.str())) {
      std::istringstream all(read_file(file.path()));
      for (std::string line; std::getline(all, line);) {
        const std::size_t name = line.find("TimerResolution");
        const std::size_t from = line.find("binding file ");
        if (name != std::string::npos && line.find("/libhwy", from) < line.find(" to ", from)) {
          lines.push_back(line);
        }
      }
    }
    return lines;
  }
};

TEST_F(UnusedTimer, StandsInThePlaceOfTheOneThatIsMeasured) {
  const std::vector<std::string> found = bindings();
  if (found.empty()) GTEST_SKIP() << "this libhwy measures none: io/cli/unused_timer.cpp can go";
  for (const std::string& line : found) {
    EXPECT_NE(line.find(std::string(" to ") + ENGINE_PROGRAM + " ["), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace engine::test
