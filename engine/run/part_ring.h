// PartRing: the parts of a text on their way from the splitter to the organizer, a batch at a time.
//
// Thread contract: one thread at a time fills, and one at a time empties; whoever hands either side
// over to another thread orders that. The questions from any thread, fit for EventCount::await().
// Memory: kBatches batches, which are used again and again.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/sql/split_part.h"

namespace engine::run {

class PartRing {
 public:
  using Batch = std::vector<sql::SplitPart>;

  bool has_room() const { return size() < kBatches; }
  bool has_batch() const { return size() != 0; }
  /// It is worth while to begin to fill, or to empty: so much can be done before the other side is
  /// waited for. One of them always is.
  bool is_low() const { return size() <= kBatches / 2; }
  bool is_high() const { return size() >= kBatches / 2; }

  /// REQUIRES: has_room().
  Batch& to_fill() { return batches_[filled_.load(std::memory_order_relaxed) % kBatches]; }
  void fill() { filled_.fetch_add(1, std::memory_order_seq_cst); }  // pairs with size()

  /// REQUIRES: has_batch().
  const Batch& to_empty() const {
    return batches_[emptied_.load(std::memory_order_relaxed) % kBatches];
  }
  void empty() { emptied_.fetch_add(1, std::memory_order_seq_cst); }  // pairs with size()

 private:
  static constexpr std::size_t kBatches = 16;

  // seq_cst, as EventCount asks for: pairs with fill() and empty(), which also order what is in the
  // batches. What has been emptied is read first, so that it is never the greater.
  std::uint64_t size() const {
    const std::uint64_t emptied = emptied_.load(std::memory_order_seq_cst);
    return filled_.load(std::memory_order_seq_cst) - emptied;  // pairs with fill()
  }

  std::array<Batch, kBatches> batches_;
  std::atomic<std::uint64_t> filled_{0};
  std::atomic<std::uint64_t> emptied_{0};
};

}  // namespace engine::run
