#include "io/cli/log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <chrono>
#include <ctime>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/base/descriptor.h"
#include "io/base/os_error.h"
#include "io/cli/command_line.h"
#include "io/cli/console.h"
#include "io/cli/line_writer.h"

namespace engine::io {
namespace {

// To the millisecond, as a log file has it.
std::string local_time(std::chrono::system_clock::time_point time) {
  using std::chrono::milliseconds;
  const auto since_epoch = std::chrono::duration_cast<milliseconds>(time.time_since_epoch());
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm calendar{};
  ::localtime_r(&seconds, &calendar);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}", calendar.tm_year + 1900,
                     calendar.tm_mon + 1, calendar.tm_mday, calendar.tm_hour, calendar.tm_min,
                     calendar.tm_sec, since_epoch.count() % 1000);
}

// "engine: text", "engine: error: text"; with the time before the level, "engine: 2026-11-30
// 00:12:01.123 error: text".
class ConsoleSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  ConsoleSink(Console& console, bool with_time) : console_(console), with_time_(with_time) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    std::string line = "engine: ";
    if (with_time_) line.append(local_time(message.time)).push_back(' ');
    if (message.level != spdlog::level::info) {
      const spdlog::string_view_t level = spdlog::level::to_string_view(message.level);
      line.append(level.data(), level.size()).append(": ");
    }
    line.append(message.payload.data(), message.payload.size());
    console_.line(line);
  }
  void flush_() override {}

 private:
  Console& console_;
  const bool with_time_;
};

// Appends, each line with its time.
class FileSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  FileSink(Descriptor file, const ReaderPatience& patience)
      : file_(std::move(file)), out_(file_.get(), patience) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    out_.log({line.data(), line.size()});
  }
  void flush_() override {}

 private:
  const Descriptor file_;
  LineWriter out_;
};

}  // namespace

Result<Logger> open_log(const CommandLine& line, Console& console) {
  const std::optional<std::string>& file = line.log_file;
  auto on_console = std::make_shared<ConsoleSink>(console, line.command == Command::kWatch);
  std::vector<spdlog::sink_ptr> sinks = {on_console};
  if (file) {
    // A pipe that nobody reads is not waited for.
    constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK;
    Descriptor opened(::open(file->c_str(), kFlags, 0666));
    if (!opened && errno == ENXIO) {
      return fail(ErrorCode::kUnwritable, *file +
                                              ": nobody reads from it: start its reader first, "
                                              "or choose another --log-file");
    }
    if (!opened) {
      return fail(ErrorCode::kUnwritable, *file + ": cannot be opened for writing: " +
                                              errno_text(errno) + "; choose another --log-file");
    }
    sinks.push_back(std::make_shared<FileSink>(std::move(opened), console.patience()));
    on_console->set_level(spdlog::level::err);
  }
  auto logger = std::make_shared<spdlog::logger>("engine", sinks.begin(), sinks.end());
  logger->set_level(spdlog::level::from_str(line.log_level));
  return logger;
}

}  // namespace engine::io
