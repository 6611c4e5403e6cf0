// FaultProgram: the program over a folder of 20 sources, with a library that makes one of its
// system calls fail; and what must hold however it ends.
#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/program.h"
#include "tests/support/in_memory.h"
#include "tests/support/output_files.h"

namespace engine::test {

class FaultProgram : public Program {
 protected:
  static constexpr int kSources = 20;

  void SetUp() override {
    for (int i = 0; i < kSources; ++i) {
      const std::string number = std::to_string(i);
      std::string text = "CREATE TABLE dbo.t" + number + " (i int)\nGO\nINSERT dbo.t" + number +
                         " VALUES (1)\nGO\nCREATE VIEW v" + number + " AS SELECT 1 x\nGO\n";
      if (i % 5 == 0) text.append(300'000, '-');  // so large that it is mapped
      if (i == 10) text = utf16(text);            // and decoded into a file without a name
      const auto file = dir_.write("in/" + std::to_string(i % 3) + "/s" + number + ".sql", text);
      if (i == 11) {
        ASSERT_EQ(run_process({"/bin/gzip", "-n", file.string()}).exit_status, 0);
      }
    }
    ASSERT_EQ(run({"in", "quiet"}).exit_status, 0);
    expected_ = output_files(dir_ / "quiet");
    ASSERT_EQ(trees(expected_).size(), static_cast<std::size_t>(kSources));
  }

  static std::string utf16(const std::string& text) {
    std::string made = "\xff\xfe";
    for (const char c : text) made.append({c, '\0'});
    return made;
  }

  static std::map<std::string, std::map<std::string, std::string>> trees(
      const std::map<std::string, std::string>& files) {
    std::map<std::string, std::map<std::string, std::string>> found;
    for (const auto& [path, bytes] : files) {
      const std::size_t end = path.find('/', path.find('/') + 1);
      found[path.substr(0, end)][path] = bytes;
    }
    return found;
  }

  ProcessResult run_with(const std::vector<std::string>& environment,
                         const std::vector<std::string>& arguments) const {
    std::vector<std::string> line{"/usr/bin/env", "LD_PRELOAD=" ENGINE_FAULT_LIBRARY};
    line.insert(line.end(), environment.begin(), environment.end());
    line.push_back(ENGINE_PROGRAM);
    line.insert(line.end(), arguments.begin(), arguments.end());
    RunOptions options;
    options.directory = dir_.str();
    return run_process(line, options);
  }

  std::map<std::string, long> counts(const std::vector<std::string>& arguments) const {
    std::filesystem::remove_all(dir_ / "out");
    const ProcessResult result =
        run_with({"ENGINE_FAULT_COUNTS=" + (dir_ / "counts").string()}, arguments);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return read_counts();
  }
  std::map<std::string, long> read_counts() const {
    std::map<std::string, long> found;
    std::istringstream lines(read_file(dir_ / "counts"));
    std::string name;
    for (long count = 0; lines >> name >> count;) found[name] = count;
    return found;
  }

  // What must hold however a load ended.
  void expect_sound(const ProcessResult& result, const std::string& fault) const {
    EXPECT_EQ(result.signal, 0) << fault << '\n' << result.err;
    EXPECT_GE(result.exit_status, 0) << fault;
    EXPECT_LE(result.exit_status, 2) << fault;
    const auto wanted = trees(expected_);
    const auto made = trees(output_files(dir_ / "out"));
    for (const auto& [tree, files] : made) {
      ASSERT_TRUE(wanted.contains(tree)) << fault << ": " << tree;
      EXPECT_TRUE(wanted.at(tree) == files) << fault << ": " << tree << " is wrong";
    }
    if (result.exit_status == 2) {
      EXPECT_THAT(result.err, ::testing::HasSubstr("engine: ")) << fault;
      return;
    }
    for (const auto& [tree, files] : wanted) {
      if (made.contains(tree)) continue;
      EXPECT_EQ(result.exit_status, 1) << fault << ": " << tree << " is missing";
      const std::string directory = tree.substr(0, tree.find('/'));
      EXPECT_TRUE(result.err.find(tree) != std::string::npos ||
                  result.err.find(directory + ": ") != std::string::npos ||
                  result.err.find("error: in: ") != std::string::npos)
          << fault << ": " << tree << " is missing and not named: " << result.err;
    }
  }

  void expect_mended(const std::string& fault) const {
    const ProcessResult again = run({"in", "out"});
    EXPECT_EQ(again.exit_status, 0) << fault << '\n' << again.err;
    EXPECT_TRUE(output_files(dir_ / "out") == expected_) << fault;
    EXPECT_TRUE(std::filesystem::is_empty(dir_ / "out/.engine/build")) << fault;
  }

  // Every call of a run with each error, in random order; of them as many as are to be tried.
  std::vector<std::string> draw_faults(const std::map<std::string, long>& calls, long most,
                                       unsigned seed) const {
    std::vector<std::string> faults;
    for (const auto& [call, count] : calls) {
      for (long n = 1; n <= count; ++n) {
        for (const int error : {ENOSPC, EIO, EMFILE, EINTR, EACCES, EDQUOT}) {
          faults.push_back(call + ':' + std::to_string(n) + ':' + std::to_string(error));
        }
      }
    }
    std::mt19937 random(seed);
    std::shuffle(faults.begin(), faults.end(), random);
    if (most != 0) faults.resize(std::min(faults.size(), static_cast<std::size_t>(most)));
    return faults;
  }

  // How many faults are tried; 0: all there are.
  static long most() {
    const char* const text = std::getenv("ENGINE_FAULTS");
    return text == nullptr ? 25 : std::atol(text);
  }

  std::map<std::string, std::string> expected_;
};

}  // namespace engine::test
