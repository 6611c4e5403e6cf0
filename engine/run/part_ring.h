// PartRing: the parts of a text on their way from the splitter to the organizer, a batch at a time.
// What a batch asks is answered while it is in the ring, several batches at once, in any order; it
// leaves in the order in which it came.
//
// Thread contract: one thread at a time fills, and one at a time empties; whoever hands either side
// over to another thread orders that. Any thread answers. The questions from any thread, fit for
// EventCount::await().
// Memory: kBatches batches, which are used again and again.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/run/part_batch.h"

namespace engine::run {

class PartRing {
 public:
  bool has_room() const { return size() < kBatches; }
  /// The next one to be emptied has no question left. Long ones are not for everybody.
  bool has_batch(bool also_long) const;
  /// It is worth while to begin to fill, or to empty: so much can be done before the other side is
  /// waited for. One of them always is, but for what is not answered.
  bool is_low() const { return size() <= kBatches / 2; }
  bool is_high() const { return size() >= kBatches / 2; }
  bool empty() const { return size() == 0; }
  /// take_question() would return one, unless another thread takes it first.
  bool has_question() const;

  /// REQUIRES: has_room().
  PartBatch& to_fill() { return slot(filled_.load(std::memory_order_relaxed)).batch; }
  void fill();

  /// The number of the oldest batch that nobody answers yet, which this thread is to answer.
  std::optional<std::uint64_t> take_question();
  /// REQUIRES: the number is of take_question(), and not answered yet.
  PartBatch& to_answer(std::uint64_t question) { return slot(question).batch; }
  void answered(std::uint64_t question);

  /// REQUIRES: has_batch().
  PartBatch& to_empty() { return slot(emptied_.load(std::memory_order_relaxed)).batch; }
  void pop();

 private:
  static constexpr std::size_t kBatches = 16;
  enum class State : std::uint8_t { kAsks, kIsAnswered, kReady, kLong };
  struct Slot {
    PartBatch batch;
    std::atomic<State> state{State::kReady};
  };

  std::uint64_t size() const;
  Slot& slot(std::uint64_t number) { return slots_[number % kBatches]; }
  const Slot& slot(std::uint64_t number) const { return slots_[number % kBatches]; }

  // All seq_cst, as EventCount asks for; they also order what is in the batches.
  std::array<Slot, kBatches> slots_;
  std::atomic<std::uint64_t> filled_{0};
  std::atomic<std::uint64_t> emptied_{0};
};

}  // namespace engine::run
