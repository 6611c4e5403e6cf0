#include "io/file/durable_trees.h"

#include <utility>

#include "io/file/remove_all.h"

namespace engine::io {

Result<void> DurableTrees::sync_published() {
  std::vector<std::string> replaced;
  {
    const std::lock_guard lock(mutex_);
    replaced.swap(discarded_);
  }
  const Result<void> synced = sync_.sync(failures_seen_);
  if (!synced) {
    failures_seen_ = sync_.failures();
    return synced;
  }
  for (const std::string& name : replaced) remove_all(build_, name);
  return {};
}

bool DurableTrees::trusts(const std::string& tree_path) const {
  const std::lock_guard lock(mutex_);
  return trusted_.contains(tree_path);
}

void DurableTrees::trust(const std::string& tree_path) {
  const std::lock_guard lock(mutex_);
  trusted_.insert(tree_path);
}

void DurableTrees::distrust(const std::string& tree_path) {
  const std::lock_guard lock(mutex_);
  trusted_.erase(tree_path);
}

void DurableTrees::discard(std::string name) {
  const std::lock_guard lock(mutex_);
  discarded_.push_back(std::move(name));
}

}  // namespace engine::io
