#include "io/cli/sources_at_work.h"

#include <optional>
#include <thread>

#include "io/cli/source_records.h"
#include "io/file/output_lock.h"
#include "io/state/state_reader.h"

namespace engine::io {

bool SourcesAtWork::has(const std::string& source) {
  if (!is_output_locked(line_.output)) return false;
  Result<StateReader> reader = StateReader::open(state_path(line_));
  if (!reader) return false;
  const auto begin_ns =
      std::chrono::duration_cast<std::chrono::nanoseconds>(begin_.time_since_epoch()).count();
  constexpr std::chrono::milliseconds kPause{50};
  for (;; patience_ -= kPause) {
    const std::optional<SourceRecord> record = reader->find(source);
    if (record) {
      const SourceState state = record->state;
      if (state == SourceState::kPending || state == SourceState::kRunning) return true;
      if (state == SourceState::kDone && record->finished_ns >= begin_ns) return true;
    }
    if (patience_ <= kPause) return false;
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace engine::io
