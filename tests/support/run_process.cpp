#include "tests/support/run_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <utility>

namespace engine::test {
namespace {

struct Channel {
  int read = -1;
  int write = -1;
};

Channel open_pipe() {
  std::array<int, 2> ends{-1, -1};
  EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  return {ends[0], ends[1]};
}

Channel open_terminal(unsigned short width) {
  Channel channel;
  const winsize size{24, width, 0, 0};
  EXPECT_EQ(::openpty(&channel.read, &channel.write, nullptr, nullptr, &size), 0);
  ::fcntl(channel.read, F_SETFD, FD_CLOEXEC);
  ::fcntl(channel.write, F_SETFD, FD_CLOEXEC);
  return channel;
}

bool forbid_io_uring() {
  constexpr unsigned kForbidden = SECCOMP_RET_ERRNO | EPERM;
  std::array<sock_filter, 4> steps = {
      {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
       BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
       BPF_STMT(BPF_RET | BPF_K, kForbidden), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)}};
  sock_fprog program{static_cast<unsigned short>(steps.size()), steps.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

[[noreturn]] void become(const std::vector<std::string>& command, const RunOptions& options,
                         int out, int err) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const bool ready = ::dup2(out, STDOUT_FILENO) >= 0 && ::dup2(err, STDERR_FILENO) >= 0 &&
                     (options.directory.empty() || ::chdir(options.directory.c_str()) == 0) &&
                     (!options.user || ::setuid(*options.user) == 0) &&
                     (!options.forbids_io_uring || forbid_io_uring());
  ::setenv("TERM", "xterm", 1);
  if (ready) ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

}  // namespace

RunningProcess::RunningProcess(const std::vector<std::string>& command, const RunOptions& options) {
  const Channel out = open_pipe();
  const Channel err =
      options.error_is_terminal ? open_terminal(options.terminal_width) : open_pipe();
  pid_ = ::fork();
  EXPECT_GE(pid_, 0);
  if (pid_ == 0) become(command, options, out.write, err.write);
  ::close(out.write);
  ::close(err.write);
  out_ = out.read;
  err_ = err.read;
}

void RunningProcess::send(int signal) const { EXPECT_EQ(::kill(pid_, signal), 0); }

bool RunningProcess::runs() const {
  siginfo_t ended{};
  EXPECT_EQ(::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT), 0);
  return ended.si_pid == 0;
}

const std::string& RunningProcess::out_so_far() {
  for (pollfd file{out_, POLLIN, 0}; ::poll(&file, 1, 0) == 1;) {
    std::array<char, 65536> buffer;
    const ssize_t count = ::read(out_, buffer.data(), buffer.size());
    if (count <= 0) break;
    out_text_.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return out_text_;
}

bool RunningProcess::is_held_up(int descriptor) const {
  return is_full("/proc/" + std::to_string(pid_) + "/fd/" + std::to_string(descriptor));
}

ProcessResult RunningProcess::wait() {
  ProcessResult result;
  result.out = std::move(out_text_);
  std::array<pollfd, 2> files = {{{out_, POLLIN, 0}, {err_, POLLIN, 0}}};
  while (files[0].fd >= 0 || files[1].fd >= 0) {
    if (::poll(files.data(), files.size(), -1) < 0 && errno != EINTR) break;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (files[i].fd < 0 || files[i].revents == 0) continue;
      std::array<char, 65536> buffer;
      const ssize_t count = ::read(files[i].fd, buffer.data(), buffer.size());
      if (count > 0) {
        (i == 0 ? result.out : result.err).append(buffer.data(), static_cast<std::size_t>(count));
      } else {  // a terminal whose other end is closed says EIO
        ::close(files[i].fd);
        files[i].fd = -1;
      }
    }
  }
  int status = 0;
  EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
  if (WIFEXITED(status)) result.exit_status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  return result;
}

bool is_full(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  pollfd writing{file, POLLOUT, 0};
  const bool is_full = file >= 0 && ::poll(&writing, 1, 0) == 0;
  if (file >= 0) ::close(file);
  return is_full;
}

ProcessResult run_process(const std::vector<std::string>& command, const RunOptions& options) {
  return RunningProcess(command, options).wait();
}

}  // namespace engine::test
