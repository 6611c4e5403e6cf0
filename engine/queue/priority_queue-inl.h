// PriorityQueue: its operations. Included by engine/queue/priority_queue.h only.
//
// Thread contract: priority_queue.h.
// Errors: priority_queue.h.
// The four counts are seq_cst wherever EventCount needs it: where a condition that somebody sleeps
// for is changed or looked at. The items themselves are passed on by ConcurrentQueue.
#pragma once

#include "engine/queue/priority_queue.h"

namespace engine {

static_assert(sizeof(Padded<std::atomic<std::uint64_t>>) == kCacheLineSize);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

template <class T>
std::size_t PriorityQueue<T>::admit(Producer& producer, std::size_t wanted, bool* closed) noexcept {
  std::uint64_t admitted = admitted_.value.load(std::memory_order_relaxed);
  const auto free = [&] {
    const std::uint64_t taken =
        admitted > producer.completed_seen_ ? admitted - producer.completed_seen_ : 0;
    return taken < capacity_ ? capacity_ - static_cast<std::size_t>(taken) : 0;
  };
  for (;;) {
    *closed = (admitted & kClosedFlag) != 0;
    if (*closed) return 0;
    if (free() < wanted) {  // an old value only makes fewer credits
      // acquire: pairs with the fetch_add in complete(), so that what a task did is visible to
      // whoever pushes on its credit.
      producer.completed_seen_ = completed_.value.load(std::memory_order_acquire);
    }
    const std::size_t count = std::min(wanted, free());
    if (count == 0) return 0;
    // relaxed: a place in line, not yet an item; the drain in claim() reads it from this very
    // word, behind the flag of close(), and cannot miss it. `admitted` is current after a failure.
    if (admitted_.value.compare_exchange_weak(admitted, admitted + count,
                                              std::memory_order_relaxed)) {
      return count;
    }
  }
}

template <class T>
void PriorityQueue<T>::withdraw(std::size_t count) noexcept {
  // seq_cst: pairs with the loads in claim() and wait_for_credit()
  admitted_.value.fetch_sub(count, std::memory_order_seq_cst);
  credits_.notify_all();
  many_credits_.notify_all();
  items_.notify_all();  // a drain may have been waiting for this push alone
}

template <class T>
void PriorityQueue<T>::publish(std::size_t count) noexcept {
  // seq_cst: pairs with the load in claim()
  published_.value.fetch_add(count, std::memory_order_seq_cst);
  // After close() nobody else will wake the consumers that wait for the end of the drain. seq_cst:
  // pairs with the fetch_or in close(); if this misses it, then close() wakes them after us.
  const bool closed = (admitted_.value.load(std::memory_order_seq_cst) & kClosedFlag) != 0;
  if (closed) {
    items_.notify_all();
  } else {
    items_.notify(static_cast<std::uint32_t>(count));
  }
}

template <class T>
PushResult PriorityQueue<T>::try_push(Producer& producer, Priority priority, T&& item) {
  bool closed = false;
  if (admit(producer, 1, &closed) == 0) return closed ? PushResult::kClosed : PushResult::kFull;
  const std::size_t index = priority_index(priority);
  tsan_acquire(&queues_);  // pairs with the release in take()
  if (!queues_[index].enqueue(producer.token(index), std::move(item))) {
    withdraw(1);
    throw std::bad_alloc();
  }
  publish(1);
  return PushResult::kAccepted;
}

template <class T>
std::size_t PriorityQueue<T>::try_push_bulk(Producer& producer, Priority priority,
                                            std::span<T> items) {
  bool closed = false;
  const std::size_t count = admit(producer, items.size(), &closed);
  if (count == 0) return 0;
  const std::size_t index = priority_index(priority);
  tsan_acquire(&queues_);  // pairs with the release in take()
  if (!queues_[index].enqueue_bulk(producer.token(index), std::make_move_iterator(items.begin()),
                                   count)) {
    withdraw(count);
    throw std::bad_alloc();
  }
  publish(count);
  return count;
}

template <class T>
bool PriorityQueue<T>::wait_for_credit() {
  bool open = true;
  credits_.await([&] {
    open = !closed();
    return !open || outstanding() < capacity_;
  });
  return open;
}

template <class T>
bool PriorityQueue<T>::wait_for_credits(std::size_t wanted) {
  const std::size_t most = std::max<std::size_t>(capacity_ / 2, 1);
  wanted = std::clamp<std::size_t>(wanted, 1, most);
  if (wanted == 1) return wait_for_credit();
  bool open = true;
  // seq_cst: pairs with the load in complete(). Of several the last one's wish counts; it is at
  // most half of the capacity, which comes free if the consumers go on at all.
  many_wanted_.store(wanted, std::memory_order_seq_cst);
  many_credits_.await([&] {
    open = !closed();
    return !open || outstanding() + wanted <= capacity_;
  });
  return open;
}

template <class T>
typename PriorityQueue<T>::Claim PriorityQueue<T>::claim(Consumer& consumer, std::size_t wanted,
                                                         std::size_t* count) noexcept {
  std::uint64_t claimed = claimed_.value.load(std::memory_order_relaxed);
  for (;;) {
    if (consumer.published_seen_ < claimed + wanted) {
      // seq_cst: pairs with the fetch_add in publish()
      consumer.published_seen_ = published_.value.load(std::memory_order_seq_cst);
    }
    if (claimed < consumer.published_seen_) {
      const std::uint64_t taken =
          std::min<std::uint64_t>(wanted, consumer.published_seen_ - claimed);
      // release: pairs with the acquire in size(); `claimed` is current after a failure
      if (claimed_.value.compare_exchange_weak(claimed, claimed + taken, std::memory_order_release,
                                               std::memory_order_relaxed)) {
        *count = static_cast<std::size_t>(taken);
        return Claim::kItem;
      }
      continue;
    }
    // seq_cst: pairs with the store in close(). Whoever looks for work in vain leaves the line of
    // admitted_ to the producers.
    if (!closing_.load(std::memory_order_seq_cst)) return Claim::kNothing;
    // seq_cst: pairs with the changes in close() and withdraw(). Equal counts mean that no push is
    // under way; with the flag set, none will be.
    const std::uint64_t admitted = admitted_.value.load(std::memory_order_seq_cst);
    return admitted == (claimed | kClosedFlag) ? Claim::kDrained : Claim::kNothing;
  }
}

template <class T>
typename PriorityQueue<T>::Claim PriorityQueue<T>::claim_unless_discarding(
    Consumer& consumer, std::size_t wanted, std::size_t* count) noexcept {
  // seq_cst: pairs with the store in discard()
  if (discarding_.load(std::memory_order_seq_cst)) return Claim::kDrained;
  return claim(consumer, wanted, count);
}

template <class T>
void PriorityQueue<T>::take(Consumer& consumer, T* out) {
  const std::size_t first = kFirstLook[consumer.turn_ % kStarvationBound];
  std::size_t taken = dequeue(consumer, first, out);
  while (taken == kPriorityCount) {
    std::this_thread::yield();  // the claim says it is there: see the guarantees in the header
    taken = dequeue(consumer, first, out);
  }
  consumer.turn_ = turn_after(consumer.turn_, taken);
  // ConcurrentQueue gives an emptied slot back to its producer behind fences. Only this way is
  // told to the sanitizer; it goes on checking how an item gets from its producer to us.
  tsan_release(&queues_);
}

// The priority of the item; kPriorityCount where none was found.
template <class T>
std::size_t PriorityQueue<T>::dequeue(Consumer& consumer, std::size_t first, T* out) {
  if (queues_[first].try_dequeue(consumer.tokens_[first], *out)) return first;
  for (std::size_t index = 0; index < kPriorityCount; ++index) {
    if (index != first && queues_[index].try_dequeue(consumer.tokens_[index], *out)) return index;
  }
  return kPriorityCount;
}

// What is taken where something more urgent was looked at first has had its own next turn by that,
// unless one of what is less urgent comes before.
template <class T>
std::size_t PriorityQueue<T>::turn_after(std::size_t turn, std::size_t taken) noexcept {
  if (taken <= kFirstLook[turn % kStarvationBound]) return turn + 1;
  std::size_t next = turn;
  while (kFirstLook[next % kStarvationBound] < taken) ++next;
  return kFirstLook[next % kStarvationBound] == taken ? next + 1 : turn + 1;
}

// As many single pops would look at each priority first so often; what one does not have, the most
// urgent that has some gives. What the queues are thought to have may be out of date: a plan.
template <class T>
typename PriorityQueue<T>::Shares PriorityQueue<T>::shares(Consumer& consumer,
                                                           std::size_t wanted) const {
  Shares there{};
  for (std::size_t index = 0; index < kPriorityCount; ++index) {
    there[index] = queues_[index].size_approx();
  }
  const std::size_t odd = wanted % kStarvationBound;
  const std::size_t turn = std::exchange(consumer.turn_, consumer.turn_ + odd);
  const std::size_t most = *std::max_element(there.begin(), there.end());
  if (most == std::accumulate(there.begin(), there.end(), std::size_t{0})) return there;  // alone

  Shares share{};
  for (std::size_t i = 0; i < odd; ++i) ++share[kFirstLook[(turn + i) % kStarvationBound]];
  for (const std::uint8_t first : kFirstLook) share[first] += wanted / kStarvationBound;
  std::size_t rest = 0;
  for (std::size_t index = 0; index < kPriorityCount; ++index) {
    const std::size_t own = std::min(share[index], there[index]);
    rest += share[index] - own;
    share[index] = own;
  }
  for (std::size_t index = 0; index < kPriorityCount; ++index) {
    const std::size_t more = std::min(rest, there[index] - share[index]);
    share[index] += more;
    rest -= more;
  }
  return share;
}

template <class T>
void PriorityQueue<T>::take_bulk(Consumer& consumer, std::span<T> out) {
  Shares most = shares(consumer, out.size());
  for (std::size_t found = 0;;) {
    const std::size_t before = found;
    for (std::size_t index = 0; index < kPriorityCount; ++index) {
      const std::size_t wanted = std::min(most[index], out.size() - found);
      if (wanted == 0) continue;
      found += queues_[index].try_dequeue_bulk(consumer.tokens_[index], out.data() + found, wanted);
    }
    if (found == out.size()) break;
    // The claim says they are there: see the guarantees in the header. Whoever has them gives.
    most.fill(out.size());
    if (found == before) std::this_thread::yield();
  }
  tsan_release(&queues_);  // as in take()
}

template <class T>
std::size_t PriorityQueue<T>::pop_bulk(Consumer& consumer, std::span<T> out) {
  if (out.empty()) return 0;
  Claim result = Claim::kNothing;
  std::size_t count = 0;
  const auto ready = [&] {
    result = claim_unless_discarding(consumer, out.size(), &count);
    return result != Claim::kNothing;
  };
  items_.await(ready, kBulkLooks);
  if (result != Claim::kItem) return 0;
  take_bulk(consumer, out.first(count));
  return count;
}

template <class T>
bool PriorityQueue<T>::pop(Consumer& consumer, T* out) {
  return pop_unless(consumer, out, [] { return false; }) == Popped::kItem;
}

template <class T>
template <class Other>
typename PriorityQueue<T>::Popped PriorityQueue<T>::pop_unless(Consumer& consumer, T* out,
                                                               Other other, int looks) {
  Claim result = Claim::kNothing;
  std::size_t count = 0;
  items_.await(
      [&] {
        result = claim_unless_discarding(consumer, 1, &count);
        return result != Claim::kNothing || other();
      },
      looks);
  if (result == Claim::kNothing) return Popped::kNothing;
  if (result == Claim::kDrained) return Popped::kDrained;
  take(consumer, out);
  return Popped::kItem;
}

template <class T>
bool PriorityQueue<T>::try_pop(Consumer& consumer, T* out) {
  std::size_t count = 0;
  if (claim_unless_discarding(consumer, 1, &count) != Claim::kItem) return false;
  take(consumer, out);
  return true;
}

template <class T>
void PriorityQueue<T>::complete(std::size_t count) noexcept {
  // seq_cst: pairs with the loads in admit() and outstanding()
  completed_.value.fetch_add(count, std::memory_order_seq_cst);
  credits_.notify(static_cast<std::uint32_t>(count));
  // seq_cst: pairs with the store in wait_for_credits()
  if (many_credits_.has_waiters() &&
      outstanding() + many_wanted_.load(std::memory_order_seq_cst) <= capacity_) {
    many_credits_.notify_all();
  }
}

template <class T>
void PriorityQueue<T>::close() noexcept {
  // seq_cst: pairs with the loads in claim(), publish() and closed()
  admitted_.value.fetch_or(kClosedFlag, std::memory_order_seq_cst);
  closing_.store(true, std::memory_order_seq_cst);  // pairs with the load in claim()
  items_.notify_all();
  credits_.notify_all();
  many_credits_.notify_all();
}

template <class T>
std::size_t PriorityQueue<T>::discard() {
  // seq_cst: pairs with the load in claim_unless_discarding(); close() wakes who has to look
  discarding_.store(true, std::memory_order_seq_cst);
  close();
  Consumer consumer(*this);
  std::size_t dropped = 0;
  for (Claim result = Claim::kNothing;;) {
    std::size_t count = 0;
    items_.await([&] { return (result = claim(consumer, 1, &count)) != Claim::kNothing; });
    if (result == Claim::kDrained) return dropped;
    T item;
    take(consumer, &item);
    complete();
    ++dropped;
  }
}

template <class T>
bool PriorityQueue<T>::closed() const noexcept {
  // seq_cst: pairs with the fetch_or in close()
  return (admitted_.value.load(std::memory_order_seq_cst) & kClosedFlag) != 0;
}

template <class T>
std::uint64_t PriorityQueue<T>::pushed() const noexcept {
  return admitted_.value.load(std::memory_order_relaxed) & ~kClosedFlag;
}

// Each difference reads the count that is never the greater first, so it cannot come out negative.
template <class T>
std::size_t PriorityQueue<T>::size() const noexcept {
  // acquire: pairs with the release in claim()
  const std::uint64_t claimed = claimed_.value.load(std::memory_order_acquire);
  // seq_cst: pairs with the fetch_add in publish()
  const std::uint64_t published = published_.value.load(std::memory_order_seq_cst);
  return static_cast<std::size_t>(published - claimed);
}

template <class T>
std::size_t PriorityQueue<T>::in_flight() const noexcept {
  // acquire: pairs with the fetch_add in complete()
  const std::uint64_t completed = completed_.value.load(std::memory_order_acquire);
  const std::uint64_t claimed = claimed_.value.load(std::memory_order_relaxed);
  return static_cast<std::size_t>(claimed - completed);
}

template <class T>
std::size_t PriorityQueue<T>::outstanding() const noexcept {
  // seq_cst: pairs with the fetch_add in complete()
  const std::uint64_t completed = completed_.value.load(std::memory_order_seq_cst);
  const std::uint64_t admitted = admitted_.value.load(std::memory_order_seq_cst) & ~kClosedFlag;
  return static_cast<std::size_t>(admitted - completed);
}

}  // namespace engine
