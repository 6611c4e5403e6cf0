// OtherNames: which names the entries of a directory claim that are no sources: their own and the
// one without ".sql" (tree_names.h).
//
// It knows what a listing and the events since then have told, and forgets nothing until the next
// listing; so it may say yes of a name that is free again, but never no of one that is claimed.
// Most directories have few such entries. Where there are very many, or nobody tells of them, all
// names may be claimed: the disk has to be asked.
// Thread contract: belongs to one thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <unordered_set>

#include "io/base/tree_name.h"

namespace engine::io {

class OtherNames {
 public:
  /// From now on every entry is told of, beginning with those that are there.
  void begin() {
    claims_.clear();
    is_known_ = true;
  }
  void lose() {
    claims_.clear();
    is_known_ = false;
  }
  void add(std::string_view name) {
    if (!is_known_) return;
    claims_.insert(std::hash<std::string_view>()(name));
    claims_.insert(std::hash<std::string_view>()(without_sql(name)));
    if (claims_.size() > kMost) lose();
  }
  bool may_claim(std::string_view name) const {
    return !is_known_ || claims_.contains(std::hash<std::string_view>()(name));
  }

 private:
  static constexpr std::size_t kMost = 4096;

  std::unordered_set<std::size_t> claims_;
  bool is_known_ = false;
};

}  // namespace engine::io
