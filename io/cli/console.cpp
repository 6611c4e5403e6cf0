#include "io/cli/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace engine::io {
namespace {

bool is_capable_terminal() {
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && !(terminal && std::string_view(terminal) == "dumb");
}

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2) return 80;
  return size.ws_col;
}

}  // namespace

Console::Console() : shows_progress_(is_capable_terminal()), out_(STDERR_FILENO, patience_) {}

Console::~Console() { clear_progress(); }

void Console::line(std::string_view text) {
  const std::lock_guard lock(mutex_);
  std::string out;
  erase_progress(out);
  out.append(text).append("\n");
  out_.log(out);
}

void Console::progress(std::string_view text) {
  if (!shows_progress_) return;
  // Who draws it has to hear the signals, so it waits neither for the reader nor for who does.
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock) return;
  std::string out;
  erase_progress(out);
  out.append(text.substr(0, terminal_width() - 1));
  out_.write_now(out);
  progress_shown_ = true;
}

void Console::clear_progress() {
  const std::lock_guard lock(mutex_);
  std::string out;
  erase_progress(out);
  out_.write(out);
}

void Console::erase_progress(std::string& to) {
  if (progress_shown_) to += "\r\x1b[K";
  progress_shown_ = false;
}

bool print(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
         std::fflush(stdout) == 0;
}

}  // namespace engine::io
