#include "io/cli/log.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <mutex>
#include <string_view>
#include <vector>

#include "io/cli/console.h"

namespace engine::io {
namespace {

// "engine: text", "engine: error: text".
class ConsoleSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit ConsoleSink(Console& console) : console_(console) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    std::string line = "engine: ";
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

}  // namespace

Result<Logger> open_log(const std::string& level, const std::optional<std::string>& file,
                        Console& console) {
  auto on_console = std::make_shared<ConsoleSink>(console);
  std::vector<spdlog::sink_ptr> sinks = {on_console};
  if (file) {
    try {
      sinks.push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(*file));
    } catch (const spdlog::spdlog_ex&) {
      return fail(ErrorCode::kUnwritable,
                  *file + ": cannot be opened for writing: choose another --log-file");
    }
    on_console->set_level(spdlog::level::err);
  }
  auto logger = std::make_shared<spdlog::logger>("engine", sinks.begin(), sinks.end());
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::info);
  return logger;
}

}  // namespace engine::io
