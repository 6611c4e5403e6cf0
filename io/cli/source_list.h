// SourceList: the sources of which something is true since their last attempt, that they failed or
// that their dialect is uncertain, say: of each a kind and a note.
//
// All are counted, and of the first in the order of paths the note is kept, so that the list is the
// same after every run. It may be true of a folder as a whole, so the others are known by the hash
// of their path: 40 bytes each, however long it is. Two of one hash (2^-64) count as one.
// Thread contract: confined to one thread, or guarded by the caller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

namespace engine::io {

template <class Kind, class Note>
class SourceList {
 public:
  static constexpr std::size_t kNoted = 1000;

  void put(const std::string& path, Kind kind, Note note) {
    kinds_.insert_or_assign(std::hash<std::string>{}(path), kind);
    notes_.insert_or_assign(path, std::move(note));
    if (notes_.size() > kNoted) notes_.erase(std::prev(notes_.end()));
  }
  /// True: it was there.
  bool remove(const std::string& path) {
    if (kinds_.erase(std::hash<std::string>{}(path)) == 0) return false;
    notes_.erase(path);
    return true;
  }

  bool has(const std::string& path) const {
    return kinds_.contains(std::hash<std::string>{}(path));
  }
  std::size_t count() const { return kinds_.size(); }
  std::map<Kind, std::uint64_t> count_by_kind() const {
    std::map<Kind, std::uint64_t> counts;
    for (const auto& [hash, kind] : kinds_) ++counts[kind];
    return counts;
  }
  /// By path.
  const std::map<std::string, Note>& notes() const { return notes_; }

 private:
  std::unordered_map<std::size_t, Kind> kinds_;  // by the hash of the path
  std::map<std::string, Note> notes_;
};

}  // namespace engine::io
