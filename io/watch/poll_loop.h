// PollLoop: the EventLoop over poll(2) and read(2), which every kernel has.
//
// Thread contract, errors: event_loop.h.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "io/watch/event_loop.h"

namespace engine::io {

class PollLoop final : public EventLoop {
 public:
  PollLoop(std::string reason, std::span<const int> signals)
      : EventLoop(EventLoopKind::kPoll, std::move(reason), signals), buffer_(kReadSize) {}

  void read_from(int fd) override { fd_ = fd; }
  void set_reading(bool reading) override { reading_ = reading; }
  Result<Happened> wait(std::optional<std::chrono::nanoseconds> timeout,
                        const OnBytes& on_bytes) override;

 private:
  int fd_ = -1;
  bool reading_ = true;
  std::vector<char> buffer_;
};

}  // namespace engine::io
