#include "engine/run/worker_scaler.h"

#include <algorithm>

namespace engine::run {

WorkerScaler::WorkerScaler(unsigned first, unsigned most)
    : most_(std::max(most, 1u)), workers_(std::clamp(first, 1u, most_)) {}

unsigned WorkerScaler::step(TimePoint now, const Sample& sample) {
  const double seconds = std::chrono::duration<double>(now - last_).count();
  const double rate = seconds <= 0 ? 0 : static_cast<double>(sample.bytes - last_bytes_) / seconds;
  last_ = now;
  last_bytes_ = sample.bytes;
  if (rest_ > 0) --rest_;

  if (sample.memory_short || sample.stalls.memory_percent > kMostMemoryStall ||
      sample.stalls.io_percent > kMostIoStall) {
    workers_ = std::max(1u, static_cast<unsigned>(workers_ * kKept));
    tried_ = false;
    rest_ = kRestAfterFailure;
    return workers_;
  }
  if (!sample.work_waits) {  // the rate says nothing: there was not enough to do
    tried_ = false;
    return workers_;
  }
  if (tried_ && rate < rate_before_ * kWorthIt) {
    --workers_;
    tried_ = false;
    rest_ = kRestAfterFailure;
    return workers_;
  }
  tried_ = rest_ == 0 && workers_ < most_ && sample.stalls.cpu_percent <= kMostCpuStall;
  if (tried_) {
    rate_before_ = rate;
    ++workers_;
  }
  return workers_;
}

}  // namespace engine::run
