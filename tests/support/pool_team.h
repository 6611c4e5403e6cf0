// by_a_team(): a task of a WorkerPool, which the pool's idle workers help with.
#pragma once

#include <gtest/gtest.h>

#include <functional>

#include "engine/run/worker_pool.h"
#include "engine/team.h"

namespace engine::test {

/// Runs `job` as the one task of a pool with so many workers, to its end.
inline void by_a_team(unsigned workers, const std::function<void(Team& team)>& job) {
  NoMemoryPressure memory;
  NoThreadPlacement placement;
  WorkerPool* pool_at = nullptr;
  WorkerPool pool(
      {.workers = workers},
      [&](Task&, unsigned) {
        job(pool_at->team());
        return true;
      },
      memory, placement);
  pool_at = &pool;
  ASSERT_TRUE(pool.start());
  ASSERT_TRUE(pool.submit({"s.sql", Priority::kNormal}));
  pool.shutdown(true);
  EXPECT_EQ(pool.stats().tasks_completed, 1u);
}

}  // namespace engine::test
