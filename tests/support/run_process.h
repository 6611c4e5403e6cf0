// run_process: a program run to its end, with what it wrote.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace engine::test {

struct ProcessResult {
  int exit_status = -1;  ///< -1 when a signal ended it
  int signal = 0;
  std::string out;
  std::string err;
};

struct RunOptions {
  std::string directory = {};      ///< to stand in; empty: the test's
  std::optional<uid_t> user = {};  ///< to run as
  bool error_is_terminal = false;  ///< standard error is a pseudo-terminal
  unsigned short terminal_width = 120;
  bool forbids_io_uring = false;  ///< as the seccomp filter of a container does
};

/// A program that runs; wait() must be called.
class RunningProcess {
 public:
  RunningProcess(const std::vector<std::string>& command, const RunOptions& options);
  RunningProcess(const RunningProcess&) = delete;
  RunningProcess& operator=(const RunningProcess&) = delete;

  void send(int signal) const;
  pid_t pid() const { return pid_; }
  bool runs() const;  ///< it has not ended
  /// What it has written to its standard output by now; wait() gives that, too.
  const std::string& out_so_far();
  /// Nothing more goes into what its descriptor writes to, a pipe or terminal, until somebody
  /// reads.
  bool is_held_up(int descriptor) const;
  ProcessResult wait();

 private:
  std::string out_text_;
  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
};

/// The same of a pipe that has a name.
bool is_full(const std::string& path);

ProcessResult run_process(const std::vector<std::string>& command, const RunOptions& options = {});

}  // namespace engine::test
