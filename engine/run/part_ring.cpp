#include "engine/run/part_ring.h"

namespace engine::run {

// What has been emptied is read first, so that it is never the greater.
std::uint64_t PartRing::size() const {
  const std::uint64_t emptied = emptied_.load(std::memory_order_seq_cst);  // pairs with pop()
  return filled_.load(std::memory_order_seq_cst) - emptied;                // pairs with fill()
}

bool PartRing::has_batch(bool also_long) const {
  const std::uint64_t emptied = emptied_.load(std::memory_order_seq_cst);  // pairs with pop()
  if (filled_.load(std::memory_order_seq_cst) == emptied) return false;    // pairs with fill()
  // seq_cst: pairs with fill() and answered()
  const State state = slot(emptied).state.load(std::memory_order_seq_cst);
  return state == State::kReady || (also_long && state == State::kLong);
}

void PartRing::fill() {
  const std::uint64_t number = filled_.load(std::memory_order_relaxed);
  Slot& filled = slot(number);
  // seq_cst: pairs with the loads in has_batch(), has_question(), take_question()
  filled.state.store(filled.batch.is_long()         ? State::kLong
                     : filled.batch.has_questions() ? State::kAsks
                                                    : State::kReady,
                     std::memory_order_seq_cst);
  filled_.store(number + 1, std::memory_order_seq_cst);  // pairs with the loads of it
}

// A slot that is emptied and filled meanwhile asks all the same.
bool PartRing::has_question() const {
  const std::uint64_t emptied = emptied_.load(std::memory_order_seq_cst);  // pairs with pop()
  const std::uint64_t filled = filled_.load(std::memory_order_seq_cst);    // pairs with fill()
  for (std::uint64_t number = emptied; number < filled; ++number) {
    // seq_cst: pairs with the stores in fill() and answered()
    if (slot(number).state.load(std::memory_order_seq_cst) == State::kAsks) return true;
  }
  return false;
}

std::optional<std::uint64_t> PartRing::take_question() {
  const std::uint64_t emptied = emptied_.load(std::memory_order_seq_cst);  // pairs with pop()
  const std::uint64_t filled = filled_.load(std::memory_order_seq_cst);    // pairs with fill()
  for (std::uint64_t number = emptied; number < filled; ++number) {
    State asks = State::kAsks;
    // seq_cst: pairs with fill(), so what is in the batch is seen
    if (slot(number).state.compare_exchange_strong(asks, State::kIsAnswered,
                                                   std::memory_order_seq_cst)) {
      return number;
    }
  }
  return std::nullopt;
}

void PartRing::answered(std::uint64_t question) {
  // seq_cst: pairs with the load in has_batch()
  slot(question).state.store(State::kReady, std::memory_order_seq_cst);
}

void PartRing::pop() {
  // seq_cst: pairs with the loads of it
  emptied_.store(emptied_.load(std::memory_order_relaxed) + 1, std::memory_order_seq_cst);
}

}  // namespace engine::run
