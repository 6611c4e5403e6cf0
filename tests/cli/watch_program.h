// WatchCommand: the built program as a watch over dir_/in, and the ways to wait for what it does.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/cli/program.h"

namespace engine::test {

inline constexpr uid_t kNobody = 65534;

/// A script of two objects.
inline std::string table(const std::string& name) {
  return "CREATE TABLE dbo." + name + " (Id int NOT NULL);\nGO\nCREATE INDEX ix ON dbo." + name +
         " (Id);\nGO\n";
}

class WatchCommand : public Program {
 protected:
  void SetUp() override { std::filesystem::create_directory(dir_ / "in"); }
  void TearDown() override {
    if (process_) end(SIGKILL);
  }

  // Until it hears signals: one that comes before that ends it, as it ends any program.
  void start(std::vector<std::string> arguments, std::optional<uid_t> user = std::nullopt) {
    arguments.insert(arguments.end(), {"--stats=json", "in", output_});
    if (user) {
      ASSERT_EQ(::chmod(dir_.path().c_str(), 0777), 0);
      ASSERT_EQ(::chmod((dir_ / "in").c_str(), 0777), 0);
    }
    RunOptions options = options_;
    options.directory = dir_.str();
    options.user = user;
    process_ = std::make_unique<RunningProcess>(command(arguments), options);
    ASSERT_TRUE(until([&] { return hears_signals() || !process_->runs(); }));
  }
  bool hears_signals() const {
    const std::string status = read_file("/proc/" + std::to_string(process_->pid()) + "/status");
    const std::size_t line = status.find("SigBlk:");
    if (line == std::string::npos) return false;
    const unsigned long long held = std::stoull(status.substr(line + 7), nullptr, 16);
    // A sanitizer's runtime holds all signals while it starts.
    return (held >> (SIGTERM - 1) & 1) != 0 && (held >> (SIGUSR2 - 1) & 1) == 0;
  }
  ProcessResult end(int signal = SIGTERM) {
    process_->send(signal);
    ProcessResult result = process_->wait();
    process_.reset();
    return result;
  }
  static nlohmann::json last_line(const std::string& out) {
    const std::string text = out.substr(0, out.size() - 1);
    return nlohmann::json::parse(text.substr(text.rfind('\n') + 1), nullptr, false);
  }

  static bool until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }
  // How many sources `engine status` counts in this state; -1 before there is a state store.
  int recorded(const char* state) const {
    const nlohmann::json counts =
        nlohmann::json::parse(run({"status", "--format=json", output_}).out, nullptr, false);
    return counts.is_object() ? counts[state].get<int>() : -1;
  }
  bool until_done(int sources) const {
    return until([&] {
      return recorded("done") == sources && recorded("pending") == 0 && recorded("running") == 0;
    });
  }
  // With --log-file=log.
  bool until_logged(const std::string& text) const {
    return until(
        [&] { return exists("log") && read_file(dir_ / "log").find(text) != std::string::npos; });
  }
  // The statistics of now.
  nlohmann::json statistics() {
    const std::size_t before = process_->out_so_far().size();
    process_->send(SIGUSR1);
    if (!until([&] { return process_->out_so_far().find('\n', before) != std::string::npos; })) {
      return {};
    }
    return last_line(process_->out_so_far());
  }
  // A tree is being made that is not there yet.
  bool is_in_work() const {
    std::error_code error;
    const std::filesystem::path build = dir_ / output_ / ".engine/build";
    return std::filesystem::exists(build, error) && !std::filesystem::is_empty(build, error) &&
           !error;
  }
  bool until_counted(const char* what, int count) {
    return until([&] { return statistics()["watch"][what] == count; });
  }
  bool until_tree(const std::string& tree) const {
    return until([&] { return exists(output_ + "/" + tree + "/manifest.json"); });
  }

  // Every file below OUTPUT but the engine's own, with its bytes. Read while they change.
  std::map<std::string, std::string> files(const std::string& output) const {
    std::map<std::string, std::string> found;
    std::error_code error;
    auto entry = std::filesystem::recursive_directory_iterator(dir_ / output, error);
    for (; !error && entry != std::filesystem::recursive_directory_iterator();
         entry.increment(error)) {
      const std::string path = entry->path().lexically_relative(dir_ / output).string();
      if (path.rfind(".engine", 0) == 0 || !entry->is_regular_file(error)) continue;
      std::ifstream stream(entry->path(), std::ios::binary);
      found[path].assign(std::istreambuf_iterator<char>(stream), {});
    }
    return found;
  }
  // True as soon as OUTPUT is what one load makes of the folder as it is now.
  ::testing::AssertionResult becomes_what_a_load_makes() {
    std::filesystem::remove_all(dir_ / "quiet");
    const ProcessResult quiet = run({"in", "quiet"});
    const auto expected = files("quiet");
    if (until([&] { return files(output_) == expected; })) return ::testing::AssertionSuccess();
    auto failure = ::testing::AssertionFailure() << quiet.err;
    const auto found = files(output_);
    for (const auto& [path, text] : expected) {
      if (found.count(path) == 0)
        failure << path << " is missing\n";
      else if (found.at(path) != text)
        failure << path << " is another\n";
    }
    for (const auto& [path, text] : found) {
      if (expected.count(path) == 0) failure << path << " is too much\n";
    }
    return failure;
  }

  std::string output_ = "out";
  RunOptions options_;  // but for directory and user
  std::unique_ptr<RunningProcess> process_;
};

}  // namespace engine::test
