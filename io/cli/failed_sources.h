// FailedSources: the sources whose last attempt failed, and why. One that is done later is none.
//
// All are counted, and of the first in the order of paths the reason is kept, so that the list is
// the same after every run, and small after a bad one.
// Thread contract: confined to one thread, or guarded by the caller.
#pragma once

#include <cstddef>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace engine::io {

class FailedSources {
 public:
  static constexpr std::size_t kReasons = 1000;

  void failed(const std::string& path, std::string reason) {
    paths_.insert(path);
    reasons_.insert_or_assign(path, std::move(reason));
    if (reasons_.size() > kReasons) reasons_.erase(std::prev(reasons_.end()));
  }
  /// True: it had failed.
  bool done(const std::string& path) {
    if (paths_.erase(path) == 0) return false;
    reasons_.erase(path);
    return true;
  }

  bool has(const std::string& path) const { return paths_.contains(path); }
  std::size_t count() const { return paths_.size(); }
  /// By path.
  const std::map<std::string, std::string>& reasons() const { return reasons_; }

 private:
  std::set<std::string> paths_;
  std::map<std::string, std::string> reasons_;
};

}  // namespace engine::io
