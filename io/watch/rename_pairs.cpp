#include "io/watch/rename_pairs.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace engine::io {

void RenamePairs::Waiting::add(Seen seen) {
  forget(seen.path);
  in_order_.push_back(std::move(seen));
  const auto added = std::prev(in_order_.end());
  by_file_.emplace(added->file, added);
  by_path_.emplace(added->path, added);
}

void RenamePairs::Waiting::erase(std::list<Seen>::iterator seen) {
  const auto [first, last] = by_file_.equal_range(seen->file);
  by_file_.erase(std::find_if(first, last, [&](const auto& each) { return each.second == seen; }));
  by_path_.erase(seen->path);
  in_order_.erase(seen);
}

std::optional<std::string> RenamePairs::Waiting::take(const File& file) {
  const auto found = by_file_.find(file);
  if (found == by_file_.end()) return std::nullopt;
  std::string path = found->second->path;
  erase(found->second);
  return path;
}

void RenamePairs::Waiting::forget(const std::string& path) {
  const auto found = by_path_.find(path);
  if (found != by_path_.end()) erase(found->second);
}

std::optional<RenamePairs::Seen> RenamePairs::Waiting::take_due(TimePoint now) {
  if (in_order_.empty() || in_order_.front().until > now) return std::nullopt;
  Seen seen = in_order_.front();
  erase(in_order_.begin());
  return seen;
}

std::optional<TimePoint> RenamePairs::Waiting::next_deadline() const {
  if (in_order_.empty()) return std::nullopt;
  return in_order_.front().until;
}

std::optional<std::string> RenamePairs::departed(const std::string& path,
                                                 const SourceVersion& version, TimePoint now) {
  arrived_.forget(path);
  std::optional<std::string> partner = arrived_.take(file_of(version));
  if (!partner) departed_.add({file_of(version), path, now + patience_});
  return partner;
}

std::optional<std::string> RenamePairs::arrived(const std::string& path,
                                                const SourceVersion& version, TimePoint now) {
  departed_.forget(path);  // it is back: nobody has to be told that it was gone
  std::optional<std::string> partner = departed_.take(file_of(version));
  if (!partner) arrived_.add({file_of(version), path, now + patience_});
  return partner;
}

std::vector<std::string> RenamePairs::take_gone(TimePoint now) {
  while (arrived_.take_due(now)) {
  }
  std::vector<std::string> gone;
  while (auto seen = departed_.take_due(now)) gone.push_back(std::move(seen->path));
  return gone;
}

std::optional<TimePoint> RenamePairs::next_deadline() const {
  const auto departed = departed_.next_deadline();
  const auto arrived = arrived_.next_deadline();
  if (!departed || !arrived) return departed ? departed : arrived;
  return std::min(*departed, *arrived);
}

}  // namespace engine::io
