#include "engine/run/settler.h"

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <vector>

namespace engine::run {
namespace {

// Whoever brings the event, or the settler's own thread, finds no memory for a block of the queue.
TEST(Settler, ATicketThatThereWasNoMemoryForIsHandedOnLater) {
  constexpr int kFailures = 5;
  SteadyClock clock;
  NoMemoryPressure memory;
  Ports ports;
  ports.clock = &clock;
  ports.memory = &memory;
  Options options;
  options.workers = 1;
  options.disable_batching = true;
  PathStates states;
  std::mutex mutex;
  int failures = 0;
  std::vector<std::string> pushed;
  Settler::Workers workers;
  workers.push = [&](Task& task) {
    const std::lock_guard lock(mutex);
    if (failures++ < kFailures) throw std::bad_alloc();
    pushed.push_back(std::move(task.path));
    return PushResult::kAccepted;
  };
  workers.outstanding = [] { return std::size_t{0}; };
  workers.drop_waiting = workers.give_up = [] {};
  Settler settler(options, ports, states, std::move(workers));
  ASSERT_TRUE(settler.start());
  for (const char* path : {"a.sql", "b.sql"}) settler.observe({path});
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  const auto have_come = [&] {
    const std::lock_guard lock(mutex);
    return pushed.size() == 2;
  };
  while (!have_come() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ASSERT_EQ(pushed, (std::vector<std::string>{"a.sql", "b.sql"}));
  for (const std::string& path : pushed) {
    EXPECT_TRUE(states.begin(path, Priority::kNormal));
    states.finish(path);
  }
  settler.stop(true);
  EXPECT_EQ(states.active(), 0u);
}

}  // namespace
}  // namespace engine::run
