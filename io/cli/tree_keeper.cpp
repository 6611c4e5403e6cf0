#include "io/cli/tree_keeper.h"

#include <utility>

#include "io/cli/load_places.h"

namespace engine::io {

void TreeKeeper::place(const std::string& source, const std::string& tree_path) {
  const bool moves = folder_.tree_path(source) != tree_path;
  folder_.set_tree_path(source, tree_path);
  if (writer_ == nullptr) return;
  if (!moves && !writer_->has_tree(other_place({source, tree_path, 0}))) return;
  {
    const std::lock_guard lock(mutex_);
    misplaced_.insert(source);
  }
  put(source);
}

void TreeKeeper::put(const std::string& source) {
  const HasSource is_source = [this](const std::string& path) { return folder_.has(path); };
  put_tree({source, folder_.tree_path(source), 0}, is_source, *writer_, report_);
}

void TreeKeeper::renamed(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  renamed_.insert_or_assign(from, to);
}

void TreeKeeper::finished(const SourceReport& report) {
  if (writer_ == nullptr) return;
  if (report.status == SourceStatus::kGone) return gone(report.path);
  {
    const std::lock_guard lock(mutex_);
    renamed_.erase(report.path);  // it is there again
    if (misplaced_.erase(report.path) == 0) return;
  }
  put(report.path);
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
    }
  }
  const std::string tree_path = folder_.tree_path(source);
  if (to.empty()) {
    if (on_delete_ == OnDelete::kRemove) tell(writer_->remove_tree(tree_path, source));
    return;
  }
  // The tree of the new name may have been made meanwhile; else the old one goes there first, so
  // that outputs which stay the same are kept.
  const std::string new_path = folder_.tree_path(to);
  if (!writer_->has_tree(new_path) && writer_->move_tree(tree_path, new_path, source)) return;
  tell(writer_->remove_tree(tree_path, source));
}

void TreeKeeper::tell(const Result<void>& done) {
  if (!done) report_.add_failure(done.error().message);
}

}  // namespace engine::io
