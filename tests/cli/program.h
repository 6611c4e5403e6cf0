// Program: the built executable, in a directory of its own for each test.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/run_process.h"
#include "tests/support/temp_dir.h"

namespace engine::test {

class Program : public ::testing::Test {
 protected:
  static std::vector<std::string> command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), ENGINE_PROGRAM);
    return arguments;
  }

  /// Where the test stands: paths may be relative to dir_.
  ProcessResult run(const std::vector<std::string>& arguments, RunOptions options = {}) const {
    options.directory = dir_.str();
    return run_process(command(arguments), options);
  }

  bool exists(std::string_view path) const { return std::filesystem::exists(dir_ / path); }

  TempDir dir_;
};

inline bool is_one_line(const std::string& text) {
  return !text.empty() && text.back() == '\n' && std::count(text.begin(), text.end(), '\n') == 1;
}

/// Line ends apart.
inline bool has_control_characters(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n') || byte == 0x7f;
  });
}

inline constexpr const char* kTable =
    "CREATE TABLE dbo.Product (Id int NOT NULL, Name text);\nGO\n";

}  // namespace engine::test
