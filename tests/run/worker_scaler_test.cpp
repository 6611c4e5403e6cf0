#include "engine/run/worker_scaler.h"

#include <gtest/gtest.h>

namespace engine::run {
namespace {

/// A machine on which `best` workers are the fastest; each step is a second of it.
class Machine {
 public:
  explicit Machine(unsigned best) : best_(best) {}
  WorkerScaler::Sample run(unsigned workers) {
    const unsigned useful = workers <= best_ ? workers : best_;
    sample_.bytes += 1000u * useful;
    return sample_;
  }
  WorkerScaler::Sample& sample() { return sample_; }
  TimePoint now() { return now_ += WorkerScaler::kStep; }

 private:
  const unsigned best_;
  WorkerScaler::Sample sample_{.work_waits = true};
  TimePoint now_{};
};

unsigned after(int steps, WorkerScaler& scaler, Machine& machine) {
  for (int i = 0; i < steps; ++i) {
    scaler.step(machine.now(), machine.run(scaler.workers()));
  }
  return scaler.workers();
}

TEST(WorkerScaler, GoesUpByOneWhileItPaysAndTakesTheLastStepBack) {
  Machine machine(5);
  WorkerScaler scaler(2, 16);
  EXPECT_EQ(after(1, scaler, machine), 3u);
  EXPECT_EQ(after(1, scaler, machine), 4u);
  EXPECT_EQ(after(2, scaler, machine), 6u);
  EXPECT_EQ(after(1, scaler, machine), 5u);  // the sixth brought nothing
  EXPECT_EQ(after(8, scaler, machine), 5u);  // and is not tried again for a while
}

TEST(WorkerScaler, NeverPassesTheMostAndNeverFallsBelowOne) {
  Machine machine(100);
  WorkerScaler scaler(9, 3);
  EXPECT_EQ(scaler.workers(), 3u);
  EXPECT_EQ(after(20, scaler, machine), 3u);
  machine.sample().memory_short = true;
  EXPECT_EQ(after(20, scaler, machine), 1u);
}

TEST(WorkerScaler, ShortMemoryAndStallsTakeAThirdAtOnce) {
  for (const int cause : {0, 1, 2}) {
    Machine machine(100);
    WorkerScaler scaler(10, 10);
    machine.sample().memory_short = cause == 0;
    machine.sample().stalls = {0, cause == 1 ? 11.0 : 0.0, cause == 2 ? 51.0 : 0.0};
    EXPECT_EQ(after(1, scaler, machine), 7u) << cause;
    EXPECT_EQ(after(1, scaler, machine), 4u) << cause;
    machine.sample().memory_short = false;
    machine.sample().stalls = {};
    EXPECT_EQ(after(9, scaler, machine), 4u) << cause;  // a rest
    EXPECT_EQ(after(2, scaler, machine), 6u) << cause;
  }
}

TEST(WorkerScaler, StaysWhenThereIsNotEnoughToDoOrNoCpuToHave) {
  Machine idle(100);
  idle.sample().work_waits = false;
  WorkerScaler first(2, 8);
  EXPECT_EQ(after(5, first, idle), 2u);
  Machine busy(100);
  busy.sample().stalls.cpu_percent = 60;
  WorkerScaler second(2, 8);
  EXPECT_EQ(after(5, second, busy), 2u);
}

}  // namespace
}  // namespace engine::run
