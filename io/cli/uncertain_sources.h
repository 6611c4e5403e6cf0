// UncertainSources: the sources whose dialect was uncertain at their last attempt, and what each
// was taken for. All are counted, the first in the order of paths are named, so that the list is
// the same after every run. A folder may be uncertain as a whole, so the others are known by the
// hash of their path: 40 bytes each, however long it is. Two of one hash (2^-64) count as one.
//
// Thread contract: confined to one thread, or guarded by the caller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <unordered_map>

#include "engine/dialect.h"

namespace engine::io {

class UncertainSources {
 public:
  static constexpr std::size_t kNamed = 1000;

  void uncertain(const std::string& path, Dialect dialect) {
    all_.insert_or_assign(std::hash<std::string>{}(path), dialect);
    named_.insert_or_assign(path, dialect);
    if (named_.size() > kNamed) named_.erase(std::prev(named_.end()));
  }
  void certain(const std::string& path) {
    if (all_.erase(std::hash<std::string>{}(path)) != 0) named_.erase(path);
  }

  std::size_t count() const { return all_.size(); }
  /// By path.
  const std::map<std::string, Dialect>& named() const { return named_; }
  std::map<Dialect, std::uint64_t> count_by_dialect() const {
    std::map<Dialect, std::uint64_t> counts;
    for (const auto& [hash, dialect] : all_) ++counts[dialect];
    return counts;
  }

 private:
  std::unordered_map<std::size_t, Dialect> all_;  // by the hash of the path
  std::map<std::string, Dialect> named_;
};

}  // namespace engine::io
