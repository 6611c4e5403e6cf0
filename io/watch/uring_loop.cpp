#include "io/watch/uring_loop.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <new>
#include <thread>
#include <utility>

#include "io/base/os_error.h"

namespace engine::io {
namespace {

constexpr unsigned kEntries = 16;
constexpr unsigned kBuffers = 4;  // a power of two
constexpr unsigned kBufferGroup = 0;
// IORING_OP_READ_MULTISHOT, of Linux 6.7; the headers may be older than the kernel.
constexpr int kReadMultishot = 49;
// Of one wait(), so that events that never end do not keep it.
constexpr unsigned kMostCompletions = 64;
// In a row, before the system is believed to refuse.
constexpr unsigned kMostFailedWaits = 8;
constexpr std::chrono::milliseconds kPauseAfterFailedWait{10};

Result<void> unreadable(int error) {
  return os_error(ErrorCode::kInternal, "notification descriptor", "cannot be read", error);
}

void* allocate_pages(std::size_t size) {
  void* const memory = std::aligned_alloc(4096, (size + 4095) / 4096 * 4096);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

bool kernel_has_multishot_read(io_uring* ring) {
  io_uring_probe* const probe = io_uring_get_probe_ring(ring);
  if (probe == nullptr) return false;
  const bool has = io_uring_opcode_supported(probe, kReadMultishot) != 0;
  io_uring_free_probe(probe);
  return has;
}

}  // namespace

void UringLoop::Free::operator()(void* memory) const { std::free(memory); }

Result<std::unique_ptr<EventLoop>> UringLoop::open(std::string reason,
                                                   std::span<const int> signals) {
  std::unique_ptr<UringLoop> loop(new UringLoop(std::move(reason), signals));
  if (Result<void> ready = loop->set_up(); !ready) return tl::make_unexpected(ready.error());
  return std::unique_ptr<EventLoop>(std::move(loop));
}

Result<void> UringLoop::set_up() {
  // Completions are worked off when this thread waits, not by interrupting it (Linux 6.1).
  io_uring_params params{};
  params.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
  int error = io_uring_queue_init_params(kEntries, &ring_, &params);
  if (error == -EINVAL) {
    params = {};
    error = io_uring_queue_init_params(kEntries, &ring_, &params);
  }
  if (error != 0) {
    return os_error(ErrorCode::kInternal, "io_uring", "cannot be set up", -error);
  }
  is_set_up_ = true;
  buffers_.reset(static_cast<char*>(allocate_pages(kBuffers * kReadSize)));
  if (kernel_has_multishot_read(&ring_)) offer_buffers();
  add_reason(has_multishot_ ? ", multishot read" : ", a read at a time");
  return {};
}

void UringLoop::offer_buffers() {
  buffer_ring_.reset(
      static_cast<io_uring_buf_ring*>(allocate_pages(kBuffers * sizeof(io_uring_buf))));
  io_uring_buf_ring_init(buffer_ring_.get());
  io_uring_buf_reg registration{};
  registration.ring_addr = reinterpret_cast<std::uint64_t>(buffer_ring_.get());
  registration.ring_entries = kBuffers;
  registration.bgid = kBufferGroup;
  if (io_uring_register_buf_ring(&ring_, &registration, 0) != 0) return;
  for (unsigned i = 0; i < kBuffers; ++i) give_back(i);
  has_multishot_ = true;
}

void UringLoop::give_back(unsigned index) {
  io_uring_buf_ring_add(buffer_ring_.get(), buffer(index), kReadSize,
                        static_cast<unsigned short>(index), io_uring_buf_ring_mask(kBuffers), 0);
  io_uring_buf_ring_advance(buffer_ring_.get(), 1);
}

UringLoop::~UringLoop() {
  if (!is_set_up_) return;
  // No read may be left that would write into memory that is freed.
  read_from(-1);
  const OnBytes nobody = [](std::span<const char>) {};
  while (read_armed_ && wait(std::chrono::seconds(1), nobody)) {
  }
  io_uring_queue_exit(&ring_);
}

io_uring_sqe* UringLoop::submission() {
  io_uring_sqe* entry = io_uring_get_sqe(&ring_);
  if (entry == nullptr) {  // all are taken: hand them over
    io_uring_submit(&ring_);
    entry = io_uring_get_sqe(&ring_);
  }
  return entry;
}

void UringLoop::read_from(int fd) {
  if (read_armed_) {
    cancel_read();
    of_former_fd_ = true;
  }
  fd_ = fd;
}

void UringLoop::cancel_read() {
  if (cancelling_) return;
  cancelling_ = true;
  io_uring_sqe* const entry = submission();
  io_uring_prep_cancel64(entry, has_multishot_ ? kRead : kReadable, 0);
  io_uring_sqe_set_data64(entry, kCancel);
}

void UringLoop::arm_read() {
  read_armed_ = true;
  if (!has_multishot_) return arm_poll(fd_, kReadable);
  io_uring_sqe* const entry = submission();
  io_uring_prep_rw(kReadMultishot, entry, fd_, nullptr, 0, 0);
  entry->flags |= IOSQE_BUFFER_SELECT;
  entry->buf_group = kBufferGroup;
  io_uring_sqe_set_data64(entry, kRead);
}

void UringLoop::arm_poll(int fd, Tag tag) {
  io_uring_sqe* const entry = submission();
  io_uring_prep_poll_add(entry, fd, POLLIN);
  io_uring_sqe_set_data64(entry, tag);
}

void UringLoop::arm() {
  if (read_armed_ && !reading_) cancel_read();
  if (!read_armed_ && reading_ && fd_ >= 0) arm_read();
  if (!std::exchange(wake_armed_, true)) arm_poll(wake_fd(), kWake);
  if (signal_fd() >= 0 && !std::exchange(signal_armed_, true)) arm_poll(signal_fd(), kSignal);
}

Result<EventLoop::Happened> UringLoop::wait(std::optional<std::chrono::nanoseconds> timeout,
                                            const OnBytes& on_bytes) {
  arm();
  int error = 0;
  if (timeout) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*timeout);
    __kernel_timespec time{};
    time.tv_sec = seconds.count();
    time.tv_nsec = (*timeout - seconds).count();
    io_uring_cqe* first = nullptr;
    error = io_uring_submit_and_wait_timeout(&ring_, &first, 1, &time, nullptr);
  } else {
    error = io_uring_submit_and_wait(&ring_, 1);
  }
  const bool failed =
      error < 0 && error != -ETIME && error != -EINTR && error != -EAGAIN && error != -EBUSY;
  failed_waits_ = failed ? failed_waits_ + 1 : 0;
  if (failed && failed_waits_ > kMostFailedWaits) {
    return os_error(ErrorCode::kInternal, "io_uring", "cannot wait", -error);
  }
  // A wait that ended early; what was to be submitted is submitted by the next one.
  if (failed) std::this_thread::sleep_for(kPauseAfterFailedWait);
  Happened happened;
  io_uring_cqe* completion = nullptr;
  for (unsigned i = 0; i < kMostCompletions && io_uring_peek_cqe(&ring_, &completion) == 0; ++i) {
    const io_uring_cqe taken = *completion;
    io_uring_cqe_seen(&ring_, completion);
    if (Result<void> done = complete(taken, on_bytes, happened); !done) {
      return tl::make_unexpected(done.error());
    }
  }
  return happened;
}

Result<void> UringLoop::complete(const io_uring_cqe& completion, const OnBytes& on_bytes,
                                 Happened& happened) {
  switch (completion.user_data) {
    case kRead:
      return complete_read(completion, on_bytes);
    case kReadable:
      read_armed_ = cancelling_ = false;
      if (!std::exchange(of_former_fd_, false) && completion.res > 0) return read_now(on_bytes);
      break;
    case kWake:
      wake_armed_ = false;
      take_wake(happened);
      break;
    case kSignal:
      signal_armed_ = false;
      take_signals(happened);
      break;
    default:  // a cancellation: the read's own completion says what came of it
      break;
  }
  return {};
}

Result<void> UringLoop::complete_read(const io_uring_cqe& completion, const OnBytes& on_bytes) {
  const bool has_buffer = (completion.flags & IORING_CQE_F_BUFFER) != 0;
  const unsigned index = has_buffer ? completion.flags >> IORING_CQE_BUFFER_SHIFT : 0;
  if (completion.res > 0 && !of_former_fd_) {
    on_bytes({buffer(index), static_cast<std::size_t>(completion.res)});
  }
  if (has_buffer) give_back(index);
  if ((completion.flags & IORING_CQE_F_MORE) == 0) {
    read_armed_ = cancelling_ = of_former_fd_ = false;
  }
  switch (completion.res) {
    case -EINVAL:  // the kernel knows multishot reads, this descriptor does not
    case -EOPNOTSUPP:
      has_multishot_ = false;
      return {};
    case -ENOBUFS:  // all buffers were full; they are given back by now
    case -ECANCELED:
    case -EINTR:
    case -EAGAIN:
      return {};
    default:
      return completion.res >= 0 ? Result<void>() : unreadable(-completion.res);
  }
}

Result<void> UringLoop::read_now(const OnBytes& on_bytes) {
  const ssize_t size = ::read(fd_, buffer(0), kReadSize);
  if (size > 0) on_bytes({buffer(0), static_cast<std::size_t>(size)});
  if (size < 0 && errno != EAGAIN && errno != EINTR) return unreadable(errno);
  return {};
}

}  // namespace engine::io
