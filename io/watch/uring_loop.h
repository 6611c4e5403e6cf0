// UringLoop: the EventLoop over one io_uring.
//
// The notification descriptor is read by a multishot read into a ring of buffers where the kernel
// has that (6.7); elsewhere a poll tells when to read. The wake and the signals are polls of the
// same ring, time is the timeout of the one wait.
// Thread contract, errors: event_loop.h.
// Source: io_uring_enter(2), io_uring_prep_read_multishot(3), liburing 2.3.
#pragma once

#include <liburing.h>

#include <memory>
#include <span>
#include <string>

#include "io/watch/event_loop.h"

namespace engine::io {

class UringLoop final : public EventLoop {
 public:
  static Result<std::unique_ptr<EventLoop>> open(std::string reason, std::span<const int> signals);
  ~UringLoop() override;

  void read_from(int fd) override;
  void set_reading(bool reading) override { reading_ = reading; }
  Result<Happened> wait(std::optional<std::chrono::nanoseconds> timeout,
                        const OnBytes& on_bytes) override;

 private:
  UringLoop(std::string reason, std::span<const int> signals)
      : EventLoop(EventLoopKind::kIoUring, std::move(reason), signals) {}

  /// What a completion is of.
  enum Tag : std::uint64_t { kRead, kReadable, kWake, kSignal, kCancel };
  struct Free {
    void operator()(void* memory) const;
  };

  Result<void> set_up();
  void offer_buffers();
  io_uring_sqe* submission();
  void arm();
  void arm_read();
  void arm_poll(int fd, Tag tag);
  void cancel_read();
  Result<void> complete(const io_uring_cqe& completion, const OnBytes& on_bytes,
                        Happened& happened);
  Result<void> complete_read(const io_uring_cqe& completion, const OnBytes& on_bytes);
  Result<void> read_now(const OnBytes& on_bytes);
  void give_back(unsigned index);
  char* buffer(unsigned index) { return buffers_.get() + index * kReadSize; }

  io_uring ring_{};
  bool is_set_up_ = false;
  bool has_multishot_ = false;
  // Of multishot reads; another read takes the first buffer.
  std::unique_ptr<io_uring_buf_ring, Free> buffer_ring_;
  std::unique_ptr<char, Free> buffers_;

  int fd_ = -1;
  bool reading_ = true;
  bool read_armed_ = false;
  bool cancelling_ = false;
  bool of_former_fd_ = false;  // what the armed read gives is nobody's
  bool wake_armed_ = false;
  bool signal_armed_ = false;
  unsigned failed_waits_ = 0;  // in a row
};

}  // namespace engine::io
