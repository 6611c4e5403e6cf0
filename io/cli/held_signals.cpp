#include "io/cli/held_signals.h"

#include <pthread.h>

#include <cstdlib>
#include <initializer_list>
#include <string>
#include <system_error>
#include <utility>

namespace engine::io {
namespace {

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : signals) ::sigaddset(&set, signal);
  return set;
}

[[noreturn]] void end_process(int signal) {
  const sigset_t set = set_of({signal});
  ::signal(signal, SIG_DFL);
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  ::raise(signal);
  std::abort();  // not reached
}

}  // namespace

HeldSignals::HeldSignals() {
  const sigset_t set = set_of({SIGINT, SIGTERM, kWatchSignals[0], kWatchSignals[1]});
  ::pthread_sigmask(SIG_BLOCK, &set, &before_);
}

// What is still held stays so: at the end of a watch nobody wants statistics any more.
HeldSignals::~HeldSignals() {
  if (!thread_.joinable()) return;
  over_.store(true, std::memory_order_relaxed);
  ::pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
}

void HeldSignals::release() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

Result<void> HeldSignals::listen() {
  try {
    thread_ = std::thread([this] { hear(); });
  } catch (const std::system_error& error) {
    return fail(ErrorCode::kInternal, std::string("cannot start a thread: ") + error.what());
  }
  return {};
}

void HeldSignals::hear() {
  const sigset_t set = set_of({SIGINT, SIGTERM});
  for (int signal = 0; ::sigwait(&set, &signal) == 0;) {
    if (over_.load(std::memory_order_relaxed)) return;
    if (is_end_asked()) end_process(signal);
    ask_for_end();
  }
}

void HeldSignals::ask_for_end() {
  const std::lock_guard lock(mutex_);
  end_asked_.store(true, std::memory_order_release);  // pairs with is_end_asked()
  if (call_) call_();
}

void HeldSignals::call_at_end(std::function<void()> call) {
  const std::lock_guard lock(mutex_);
  call_ = std::move(call);
  if (call_ && is_end_asked()) call_();
}

}  // namespace engine::io
