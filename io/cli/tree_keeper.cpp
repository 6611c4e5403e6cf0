#include "io/cli/tree_keeper.h"

#include <utility>
#include <vector>

#include "io/cli/load_places.h"

namespace engine::io {

void TreeKeeper::place(const std::string& source, const std::string& tree_path) {
  const bool moves = folder_.tree_path(source) != tree_path;
  folder_.set_tree_path(source, tree_path);
  if (writer_ == nullptr) return;
  if (!moves && !writer_->has_tree(other_place({source, tree_path, {}}))) return;
  {
    const std::lock_guard lock(mutex_);
    misplaced_.insert(source);
  }
  put(source);
}

void TreeKeeper::put(const std::string& source) {
  const HasSource is_source = [this](const std::string& path) { return folder_.has(path); };
  put_tree({source, folder_.tree_path(source), {}}, is_source, *writer_, report_);
}

void TreeKeeper::renamed(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  renamed_.insert_or_assign(from, to);
}

void TreeKeeper::finished(const SourceReport& report) {
  if (writer_ == nullptr) return;
  if (report.status == SourceStatus::kGone) return gone(report.path);
  if (report.status == SourceStatus::kFailed) return;
  bool is_misplaced = false;
  {
    const std::lock_guard lock(mutex_);
    renamed_.erase(report.path);  // it is there again
    is_misplaced = misplaced_.erase(report.path) != 0;
  }
  if (is_misplaced) put(report.path);
  drop_former(report.path);
}

void TreeKeeper::gone(const std::string& source) {
  if (folder_.has(source)) return;  // it is back, and its turn comes
  std::string to;
  {
    const std::lock_guard lock(mutex_);
    misplaced_.erase(source);
    const auto renamed = renamed_.find(source);
    if (renamed != renamed_.end()) {
      to = std::move(renamed->second);
      renamed_.erase(renamed);
      // The old tree stays until there is one of the new name, so that a reader always finds one.
      const auto [first, last] = former_.equal_range(source);
      std::vector<std::string> names = {source};
      for (auto each = first; each != last; ++each) names.push_back(std::move(each->second));
      former_.erase(first, last);
      for (std::string& name : names) former_.emplace(to, std::move(name));
    }
  }
  if (!to.empty()) {
    const bool is_gone = !folder_.has(to) && on_delete_ == OnDelete::kRemove;
    if (is_gone || writer_->has_tree(folder_.tree_path(to))) drop_former(to);
  } else if (on_delete_ == OnDelete::kRemove) {
    drop_former(source);
    drop(source);
  } else if (writer_->has_tree(folder_.tree_path(source))) {
    drop_former(source);
  } else {  // it went before it had a tree of its own: the one of its former name is kept
    const std::lock_guard lock(mutex_);
    former_.erase(source);
  }
}

void TreeKeeper::drop_former(const std::string& source) {
  std::vector<std::string> former;
  {
    const std::lock_guard lock(mutex_);
    const auto [first, last] = former_.equal_range(source);
    for (auto each = first; each != last; ++each) former.push_back(each->second);
    former_.erase(first, last);
  }
  for (const std::string& name : former) drop(name);
}

void TreeKeeper::drop(const std::string& source) {
  if (!folder_.has(source)) tell(writer_->remove_tree(folder_.tree_path(source), source));
}

void TreeKeeper::tell(const Result<void>& done) {
  if (!done) report_.add_failure(done.error().message);
}

}  // namespace engine::io
