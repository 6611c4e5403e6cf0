// On a terminal one line tells how far a load has come, and leaves nothing behind.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/program.h"

namespace engine::test {
namespace {

using ::testing::HasSubstr;

// What a terminal shows after it was sent `bytes`, as far as this program needs one.
std::string screen_after(const std::string& bytes, std::size_t width) {
  std::vector<std::string> lines(1);
  std::size_t column = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes.compare(i, 3, "\x1b[K") == 0) {
      lines.back().resize(std::min(column, lines.back().size()));
      i += 2;
    } else if (bytes[i] == '\r') {
      column = 0;
    } else if (bytes[i] == '\n') {
      lines.emplace_back();
      column = 0;
    } else {
      if (lines.back().size() <= column) lines.back().resize(column + 1, ' ');
      lines.back()[column++] = bytes[i];
      EXPECT_LT(column, width) << "the line wraps";
    }
  }
  std::string screen;
  for (const std::string& line : lines) screen += line + "\n";
  return screen;
}

class Terminal : public Program {
 protected:
  ProcessResult run_on_terminal(const std::vector<std::string>& arguments,
                                unsigned short width = 120) const {
    RunOptions options;
    options.error_is_terminal = true;
    options.terminal_width = width;
    return run(arguments, options);
  }
};

TEST_F(Terminal, AProgressLineIsShownAndGoneWhenDone) {
  for (int i = 0; i < 50; ++i) dir_.write("in/" + std::to_string(i) + ".sql", kTable);
  const ProcessResult result = run_on_terminal({"in", "out"});
  EXPECT_EQ(result.exit_status, 0);
  for (const char* words : {"/50 files", "MB", "objects", "files/s", "MB/s", "ETA"}) {
    EXPECT_THAT(result.err, HasSubstr(words));
  }
  EXPECT_EQ(screen_after(result.err, 120), "\n");
  EXPECT_FALSE(has_control_characters(result.out));
}

TEST_F(Terminal, ALineOfTheLogStandsAboveTheProgress) {
  dir_.write("in/broken.sql.gz", "not gzip");
  dir_.write("in/shop.sql", kTable);
  const ProcessResult result = run_on_terminal({"in", "out"}, 200);
  EXPECT_EQ(result.exit_status, 1);
  const std::string screen = screen_after(result.err, 200);
  EXPECT_THAT(screen, HasSubstr("engine: error: broken.sql.gz: "));
  EXPECT_EQ(screen.find("ETA"), std::string::npos) << screen;
}

TEST_F(Terminal, ANarrowOneCutsTheLine) {
  for (int i = 0; i < 50; ++i) dir_.write("in/" + std::to_string(i) + ".sql", kTable);
  const ProcessResult result = run_on_terminal({"in", "out"}, 24);
  EXPECT_THAT(result.err, HasSubstr("/50 files"));
  EXPECT_EQ(screen_after(result.err, 24), "\n");
}

TEST_F(Terminal, ElsewhereThereIsNoProgress) {
  dir_.write("in/shop.sql", kTable);
  const ProcessResult result = run({"in", "out"});
  EXPECT_EQ(result.err, "");
}

}  // namespace
}  // namespace engine::test
