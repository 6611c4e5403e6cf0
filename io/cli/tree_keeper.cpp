#include "io/cli/tree_keeper.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "io/cli/tree_places.h"

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

// One whose tree has moved is done once more, as a load does it, so that whoever keeps records of
// trees hears of it. Where another source's tree is in the way, which may move too, it is written
// there as soon as it can be.
void TreeKeeper::put(const std::string& source) {
  const TreeMove move = put_tree({source, folder_.tree_path(source), {}}, *writer_, report_);
  if (move == TreeMove::kNone) return;
  if (move == TreeMove::kInTheWay) {
    const std::lock_guard lock(mutex_);
    misplaced_.insert(source);
  }
  retries_.ask(source);
}

// Of a source that is gone nobody tells any more where its tree belongs, and what is on record may
// be older than what lies there.
std::array<std::string, 2> TreeKeeper::places_of(const std::string& source) const {
  std::string place = folder_.tree_path(source);
  std::string other = other_place({source, place, {}});
  return {std::move(place), std::move(other)};
}

bool TreeKeeper::has(const std::string& source) const {
  return names_.matches(source) && folder_.has(source);
}

// A tree that is to be deleted, or whose text there is elsewhere, needs not be kept. That a source
// is not there does not say that its tree is to be deleted: the watcher does.
bool TreeKeeper::keeps(const std::string& source, const std::string& successor) {
  if (on_delete_ == OnDelete::kRemove && doubts_.is_gone(source)) return false;
  const std::lock_guard lock(mutex_);
  const auto renamed = successor_.find(source);
  return renamed == successor_.end() ||
         (renamed->second != successor && !writer_->has_tree(folder_.tree_path(renamed->second)));
}

void TreeKeeper::made_way(const std::string& path, const std::vector<PlacedTree>& trees,
                          const std::string& successor, const std::string& aside) {
  const bool go_with_their_sources = !aside.empty() && on_delete_ == OnDelete::kRemove;
  if (go_with_their_sources) {
    aside_.add(trees);
  } else {
    const std::lock_guard lock(mutex_);
    for (const PlacedTree& tree : trees) forget(tree.source);
  }
  // It may have been away for a moment only, in which nobody but the one that takes its place has
  // seen that: unchanged it would be told to nobody.
  for (const PlacedTree& tree : trees) {
    if (names_.matches(tree.source)) retries_.ask(tree.source);
  }
  if (aside.empty()) return;
  const std::string text = made_way_text(path, trees.size(), successor, aside);
  if (go_with_their_sources) {
    report_.note(text + ", and deleted there when it is certain that its source is gone");
  } else {
    report_.warn(text);
  }
}

// The old tree stays until there is one of the new name, so that a reader always finds one; and so
// does that of a name before it.
void TreeKeeper::renamed(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  renamed_.insert(from);
  renamed_.erase(to);
  forget(to);
  const auto [first, last] = former_.equal_range(from);
  std::vector<std::string> names = {from};
  for (auto each = first; each != last; ++each) names.push_back(std::move(each->second.name));
  former_.erase(first, last);
  for (std::string& name : names) {
    if (name == to) continue;
    former_.emplace(to, Former{name});
    successor_.insert_or_assign(std::move(name), to);
  }
}

// It has a tree of its own, or none that anybody waits for.
void TreeKeeper::forget(const std::string& name) {
  const auto successor = successor_.find(name);
  if (successor == successor_.end()) return;
  const auto [first, last] = former_.equal_range(successor->second);
  const auto found =
      std::find_if(first, last, [&](const auto& each) { return each.second.name == name; });
  if (found != last) former_.erase(found);
  successor_.erase(successor);
}

bool TreeKeeper::leaves_trees() {
  const std::lock_guard lock(mutex_);
  return !former_.empty() || !held_.empty() || !undropped_.empty();
}

// What the engine does not find may only be hidden: it is gone for the records, and so for the next
// start, when the watcher says so too.
void TreeKeeper::tell(const SourceReport& report, bool is_doubtful) {
  if (is_doubtful && report.status == SourceStatus::kGone && records_ != nullptr) {
    records_->missed(report);
  } else {
    next_.source_finished(report);
  }
}

bool TreeKeeper::finished(const SourceReport& report, bool is_doubtful) {
  if (report.status == SourceStatus::kGone) return !is_doubtful && gone(report.path);
  if (writer_ == nullptr || report.status == SourceStatus::kFailed) return false;
  bool is_misplaced = false;
  {
    const std::lock_guard lock(mutex_);
    if (!is_doubtful) {
      renamed_.erase(report.path);  // it is there again
      held_.erase(report.path);
      forget(report.path);
    }
    is_misplaced = misplaced_.erase(report.path) != 0;
  }
  if (is_misplaced) put(report.path);
  if (!is_doubtful && aside_.has(report.path) && writer_->has_tree(report.tree_path)) {
    static_cast<void>(aside_.remove(report.path, *writer_));  // what fails is left for its end
  }
  // Its place has become another while it was written: what lies there may be the tree before.
  const bool is_elsewhere = report.tree_path != folder_.tree_path(report.path);
  if (is_elsewhere && report.status == SourceStatus::kDone) retries_.ask(report.path);
  drop_former(report.path, report.path);
  return false;
}

bool TreeKeeper::gone(const std::string& source) {
  if (folder_.has(source)) {
    doubts_.found_again(source);
    return false;
  }
  bool was_held = false;
  bool was_renamed = false;
  bool is_replaced = false;
  std::string to;
  {
    const std::lock_guard lock(mutex_);
    misplaced_.erase(source);
    was_held = held_.erase(source) != 0;
    was_renamed = renamed_.erase(source) != 0;
    const auto successor = successor_.find(source);
    if (was_renamed && successor != successor_.end()) {
      to = successor->second;
      const auto [first, last] = former_.equal_range(to);
      is_replaced = std::any_of(first, last, [&](const auto& each) {
        return each.second.name == source && each.second.is_replaced;
      });
    }
  }
  const bool had_tree = has_tree_of(source);
  if (writer_ == nullptr) {
    // Nothing is moved or deleted.
  } else if (!to.empty()) {
    // It may have been published before anybody knew what it was called before.
    const std::string tree = folder_.tree_path(to);
    const auto places = places_of(source);
    const bool is_done = on_delete_ == OnDelete::kRemove
                             ? !folder_.has(to) || writer_->has_tree(tree)
                             : std::any_of(places.begin(), places.end(), [&](const auto& place) {
                                 return place != tree && writer_->are_of_same_bytes(tree, place);
                               });
    if (is_done || is_replaced) drop_former(to, source);
  } else if (was_renamed || was_held || on_delete_ == OnDelete::kRemove) {
    drop_former(source, source);
    drop(source, source);  // where it was renamed, there is a tree of the new name
  } else {  // if it went before there was a tree of its name, that of its former one is kept
    keep_former(source);
  }
  const bool has_tree = had_tree && has_tree_of(source);
  if (!was_renamed) report_.tell_gone(source, had_tree, has_tree);
  return was_renamed || !has_tree;
}

bool TreeKeeper::has_tree_of(const std::string& source) const {
  return writer_ != nullptr &&
         (aside_.has(source) || may_have_tree(source, folder_.tree_path(source), *writer_));
}

// Their trees are the last that there is of it, under the names that they have.
void TreeKeeper::keep_former(const std::string& source) {
  std::vector<std::string> names;
  {
    const std::lock_guard lock(mutex_);
    const auto [first, last] = former_.equal_range(source);
    for (auto each = first; each != last; ++each) {
      std::string& name = each->second.name;
      successor_.erase(name);
      // What the engine has not come to yet it finds gone, and not renamed.
      if (renamed_.erase(name) == 0) names.push_back(std::move(name));
    }
    former_.erase(first, last);
  }
  for (const std::string& name : names) {
    if (folder_.has(name) || !has_tree_of(name)) continue;
    report_.tell_gone(name, true, true);
    if (records_ != nullptr) records_->gone(name, folder_.tree_path(name));
  }
}

// Those that the engine has seen to be gone. Another may be back already, and then the engine finds
// it unchanged and makes no tree: it goes when its turn comes and it is not there.
void TreeKeeper::drop_former(const std::string& source, const std::string& reported) {
  std::vector<std::string> names;
  {
    const std::lock_guard lock(mutex_);
    const auto [first, last] = former_.equal_range(source);
    for (auto each = first; each != last;) {
      Former& former = each->second;
      if (renamed_.contains(former.name)) {
        former.is_replaced = true;
        ++each;
      } else {
        successor_.erase(former.name);
        names.push_back(std::move(former.name));
        each = former_.erase(each);
      }
    }
  }
  for (const std::string& name : names) drop(name, reported);
}

void TreeKeeper::drop(const std::string& source, const std::string& reported) {
  if (folder_.has(source)) {
    {
      const std::lock_guard lock(mutex_);
      held_.insert(source);  // until it has a tree of its own, or is gone once more
    }
    return doubts_.found_again(source);
  }
  const auto note = [&](const Result<void>& done) {
    if (done) return;
    const std::lock_guard lock(mutex_);
    undropped_.emplace(reported, Undropped{source, done.error().message});
  };
  for (const std::string& place : places_of(source)) note(writer_->remove_tree(place, source));
  note(aside_.remove(source, *writer_));
}

// The engine is asked for them again, and does not find what is told to be gone.
void TreeKeeper::tell_undropped(const std::string& source) {
  std::vector<Undropped> undropped;
  {
    const std::lock_guard lock(mutex_);
    const auto [first, last] = undropped_.equal_range(source);
    for (auto each = first; each != last; ++each) {
      held_.insert(each->second.source);
      undropped.push_back(std::move(each->second));
    }
    undropped_.erase(first, last);
  }
  for (const Undropped& each : undropped) {
    report_.add_failure_of(each.source, each.reason);
    doubts_.told_gone(each.source);
    retries_.hold(each.source);
  }
}

}  // namespace engine::io
