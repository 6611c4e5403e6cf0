#include "engine/run/shared_work.h"

#include <algorithm>
#include <utility>

namespace engine::run {
namespace {

// Before a turn sleeps: what another thread of the team is at is done in some ten microseconds
// mostly, a sleeper awake after as many more.
constexpr int kLooksInATurn = 256;

}  // namespace

// On the stack of the thread that shares it.
struct SharedWork::Job {
  const Work* work;
  std::exception_ptr error;          // the first of a helper; guarded by mutex_
  std::atomic<unsigned> helpers{0};  // grows under mutex_, while the job is in jobs_
  std::atomic<bool> closed{false};   // helpers are to leave
};

class SharedWork::OwnTurn final : public Turn {
 public:
  explicit OwnTurn(SharedWork& shared) : shared_(shared) {}
  bool is_over() const override { return false; }
  bool is_own() const override { return true; }
  void await(const std::function<bool()>& ready) const override {
    shared_.turns_.await(ready, kLooksInATurn);
  }

 private:
  SharedWork& shared_;
};

class SharedWork::HelpersTurn final : public Turn {
 public:
  HelpersTurn(SharedWork& shared, const Job& job) : shared_(shared), job_(job) {}
  bool is_over() const override {
    // seq_cst: pairs with the store in close()
    return job_.closed.load(std::memory_order_seq_cst) || shared_.workers_.task_waits();
  }
  bool is_own() const override { return false; }
  void await(const std::function<bool()>& ready) const override {
    shared_.turns_.await([&] { return is_over() || ready(); }, kLooksInATurn);
  }

 private:
  SharedWork& shared_;
  const Job& job_;
};

SharedWork::SharedWork(unsigned count, Workers workers)
    : count_(count), workers_(std::move(workers)) {}

void SharedWork::share(const Work& work) {
  if (is_alone()) {
    work(OwnTurn(*this));
    return;
  }
  Job job{&work, nullptr};
  // However the work ends here, helpers still hold what it refers to.
  struct Offer {
    SharedWork* shared;
    Job* job;
    ~Offer() {
      {
        const std::lock_guard lock(shared->mutex_);
        shared->close(job);
      }
      // seq_cst: pairs with the fetch_sub in help()
      shared->left_.await([this] { return job->helpers.load(std::memory_order_seq_cst) == 0; });
    }
  };
  {
    const Offer offer{this, &job};
    {
      const std::lock_guard lock(mutex_);
      jobs_.push_back(&job);
      count_open();
    }
    workers_.wake();
    work(OwnTurn(*this));
  }
  if (job.error) std::rethrow_exception(job.error);
}

void SharedWork::expect() {
  if (is_alone()) return;
  expected_.store(true, std::memory_order_seq_cst);  // pairs with the load in is_open()
  workers_.wake();
}

void SharedWork::help() {
  expected_.store(false, std::memory_order_relaxed);  // whoever has come looks by himself
  Job* job = nullptr;
  {
    const std::lock_guard lock(mutex_);
    const auto helpers = [](const Job* one) {
      return one->helpers.load(std::memory_order_relaxed);
    };
    const auto least = std::min_element(
        jobs_.begin(), jobs_.end(),
        [&](const Job* one, const Job* other) { return helpers(one) < helpers(other); });
    if (least == jobs_.end()) return;
    job = *least;
    job->helpers.fetch_add(1, std::memory_order_relaxed);  // mutex_ orders it before close()
  }
  bool none_left = true;
  std::exception_ptr error;
  try {
    none_left = (*job->work)(HelpersTurn(*this, *job));
  } catch (...) {
    error = std::current_exception();
  }
  {
    const std::lock_guard lock(mutex_);
    if (none_left) close(job);
    if (!job->error) job->error = std::move(error);
  }
  // seq_cst: pairs with the load in share(), which may end from here on: the job is gone.
  job->helpers.fetch_sub(1, std::memory_order_seq_cst);
  left_.notify_all();
}

// REQUIRES: mutex_ is held.
void SharedWork::close(Job* job) {
  std::erase(jobs_, job);
  job->closed.store(true, std::memory_order_seq_cst);  // pairs with the load in is_over()
  wake();
  count_open();
}

void SharedWork::count_open() {
  // seq_cst: pairs with the load in is_open()
  open_.store(jobs_.size(), std::memory_order_seq_cst);
}

}  // namespace engine::run
