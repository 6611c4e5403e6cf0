#include "io/cli/log.h"

#include <fcntl.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <memory>
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

// "engine: text", "engine: error: text"; with the time before the level, "engine: 2026-11-30
// 00:12:01.123 error: text".
class ConsoleSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  ConsoleSink(Console& console, bool with_time)
      : base_sink(std::make_unique<spdlog::pattern_formatter>(
            with_time ? "%Y-%m-%d %H:%M:%S.%e " : "", spdlog::pattern_time_type::local, "")),
        console_(console) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    std::string line = "engine: ";
    spdlog::memory_buf_t time;
    formatter_->format(message, time);
    line.append(time.data(), time.size());
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
