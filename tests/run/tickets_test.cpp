#include "engine/run/tickets.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace engine::run {
namespace {

Task take_for_good(Tickets& tickets) {
  Task task = *tickets.take();
  tickets.hand_over(task.priority);
  return task;
}

TEST(Tickets, OfOnePriorityTheFirstInComesOutFirst) {
  Tickets tickets;
  EXPECT_TRUE(tickets.empty());
  EXPECT_FALSE(tickets.take());
  for (const char* path : {"a", "b", "c"}) tickets.add(path, Priority::kNormal);
  Task first = *tickets.take();
  EXPECT_EQ(first.path, "a");
  tickets.put_back(std::move(first));
  for (const char* path : {"a", "b", "c"}) EXPECT_EQ(take_for_good(tickets).path, path);
  EXPECT_TRUE(tickets.empty());
}

TEST(Tickets, WhatIsLessUrgentHasItsTurns) {
  Tickets tickets;
  for (int i = 0; i < 32; ++i) {
    for (const Priority each : {Priority::kCritical, Priority::kNormal, Priority::kBatch}) {
      tickets.add("p", each);
    }
  }
  EXPECT_TRUE(tickets.has_critical());
  std::map<Priority, int> taken;
  for (int i = 0; i < 32; ++i) {
    Task task = *tickets.take();
    tickets.put_back(task);  // for want of room: that was no turn
    const Task again = take_for_good(tickets);
    EXPECT_EQ(task.priority, again.priority);
    ++taken[again.priority];
  }
  EXPECT_EQ(taken[Priority::kCritical], 28);
  EXPECT_EQ(taken[Priority::kNormal], 2);
  EXPECT_EQ(taken[Priority::kBatch], 2);
}

TEST(Tickets, WhatIsUrgentGoesFirstWhereverItComesIntoAFloodOfTheRest) {
  for (const Priority flood : {Priority::kNormal, Priority::kBatch}) {
    Tickets tickets;
    for (int i = 0; i < 400; ++i) tickets.add("p", flood);
    for (int round = 0; round < 64; ++round) {
      for (int i = 0; i <= round % 5; ++i) take_for_good(tickets);
      tickets.add("urgent", Priority::kCritical);
      ASSERT_EQ(take_for_good(tickets).path, "urgent") << round;
    }
  }
}

}  // namespace
}  // namespace engine::run
