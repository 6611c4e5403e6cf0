#include "io/cli/run_marks.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <utility>

#include "io/base/descriptor.h"
#include "io/base/output_directory.h"

namespace engine::io {

RunMarks::RunMarks(const std::string& output)
    : watching_(output + '/' + in_engine_directory(kWatchingName)),
      missing_(output + '/' + in_engine_directory(kMissingName)) {
  if (std::int64_t since_ns = 0; std::ifstream(missing_) >> since_ns) missing_since_ns_ = since_ns;
}

bool RunMarks::is_watching() const { return ::access(watching_.c_str(), F_OK) == 0; }

void RunMarks::set_watching() const {
  Descriptor(::open(watching_.c_str(), O_WRONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0644));
}

void RunMarks::clear_watching() const { ::unlink(watching_.c_str()); }

void RunMarks::set_missing_since(std::optional<std::int64_t> since_ns) {
  if (std::exchange(missing_since_ns_, since_ns) == since_ns) return;
  if (since_ns) {
    std::ofstream(missing_) << *since_ns << '\n';
  } else {
    ::unlink(missing_.c_str());
  }
}

}  // namespace engine::io
