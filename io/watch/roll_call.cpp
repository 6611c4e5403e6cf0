#include "io/watch/roll_call.h"

#include <cerrno>
#include <string_view>
#include <utility>

#include "engine/result.h"
#include "io/watch/entry_status.h"

namespace engine::io {

RollCall::RollCall(const Parts& parts, std::int64_t now_ns)
    : parts_(parts),
      expected_(parts.earlier == nullptr ? std::nullopt : parts.earlier->missing_since_ns(),
                now_ns) {}

std::optional<EarlierRuns::Source> RollCall::take(const std::string& path,
                                                  const SourceVersion& version) {
  std::optional<EarlierRuns::Source> source;
  if (parts_.earlier != nullptr && !took_recorded_) source = parts_.earlier->take(path);
  if (source && expected_.should_be_there(source->seen_ns)) expected_.found_one();
  // What this run has seen is newer.
  if (auto seen = expected_.take(path)) source = {path, seen->version};
  if (source && source->is_done) {
    missing_mounts_.found_on(version.device, source->version.device);
  }
  return source;
}

// In a folder that another has taken the place of nobody has seen anything go.
void RollCall::look_elsewhere(std::int64_t now_ns) {
  expects_what_was_found_ = expected_.should_be_there_again(knows_all());
  expected_.look_elsewhere(now_ns);
}

void RollCall::expect_recorded() {
  if (parts_.earlier == nullptr || std::exchange(took_recorded_, true)) return;
  for (EarlierRuns::Source& source : parts_.earlier->take_not_found()) {
    if (expected_.has(source.path)) continue;  // what this run has seen is newer
    const bool should_be_there = expected_.should_be_there(source.seen_ns);
    expected_.expect({std::move(source.path), source.version, should_be_there});
  }
}

// Whether expected_ has all that should be there and has not been found.
bool RollCall::knows_all() const {
  return took_recorded_ || parts_.earlier == nullptr ||
         !parts_.earlier->misses_one(
             [this](std::int64_t seen_ns) { return expected_.should_be_there(seen_ns); });
}

// What should be there and a scan of everything has not found went while nobody watched. Where
// nobody can say so yet, the next scan may.
std::vector<ExpectedSources::Source> RollCall::take_gone(
    bool saw_everything, const std::function<bool(const SourceVersion&)>& has_arrived) {
  if (saw_everything) expect_recorded();
  std::set<std::string> unknown;  // whether they are there
  expected_.erase_if([&](const ExpectedSources::Source& source) {
    if (!parts_.names.covers(source.path)) return true;
    const bool has_other_name = has_arrived(source.version);
    const bool is_found = is_there(source.path, &unknown);
    if (source.should_be_there && (has_other_name || is_found)) expected_.found_one();
    return is_found && !has_other_name;  // it is no source any more, perhaps
  });
  tell_state(expected_.conclude(knows_all()));
  without_sources_.reset();
  std::vector<ExpectedSources::Source> gone;
  if (state() == FolderState::kOther) return gone;
  expected_.erase_if([&](const ExpectedSources::Source& source) {
    if (unknown.contains(source.path) || may_lie_in_a_mount(source)) return false;
    gone.push_back(source);
    return true;
  });
  if (expected_.empty()) told_places_.clear();
  return gone;
}

bool RollCall::is_there(const std::string& path, std::set<std::string>* unknown) {
  EntryStatus status;
  const int error = status_of(parts_.tree.descriptor_of(parts_.tree.root()), path, status);
  if (error != 0 && error != ENOENT && error != ENOTDIR) unknown->insert(path);
  return error == 0 && status.kind == EntryKind::kFile;
}

void RollCall::tell_state(FolderState state) {
  if (parts_.earlier != nullptr) parts_.earlier->note_missing_since(expected_.missing_since_ns());
  const bool is_missing = state == FolderState::kOther;
  if (std::exchange(told_of_missing_, is_missing) == is_missing) return;
  if (is_missing) {
    const std::string text = expected_.missing_text(parts_.root);
    parts_.client.problem(fail(ErrorCode::kNotFound, text).value());
  } else {
    parts_.client.notice(parts_.root + ": holds sources again that it held before");
  }
}

std::vector<MissingMounts::Place> RollCall::way_to(const std::string& path) {
  FolderTree& tree = parts_.tree;
  std::vector<MissingMounts::Place> way;
  for (std::size_t end = 0; end != std::string::npos; end = path.find('/', end + 1)) {
    const WatchedDirectory* const directory = tree.find_directory(path.substr(0, end));
    if (directory == nullptr) break;
    way.push_back({tree.path_of(*directory), directory->id.device, directory->is_mount});
  }
  return way;
}

const std::vector<MissingMounts::Place>& RollCall::without_sources() {
  if (without_sources_) return *without_sources_;
  FolderTree& tree = parts_.tree;
  std::set<DirectoryNumber> holding = {FolderTree::kRoot};
  tree.each_below(tree.root(), [&](WatchedDirectory& each) {
    if (each.sources.empty()) return;
    for (DirectoryNumber at = each.number; holding.insert(at).second;) at = tree.find(at)->parent;
  });
  without_sources_.emplace();
  tree.each_below(tree.root(), [&](WatchedDirectory& each) {
    if (holding.contains(each.number)) return;
    without_sources_->push_back({tree.path_of(each), each.id.device, each.is_mount});
  });
  return *without_sources_;
}

bool RollCall::may_lie_in_a_mount(const ExpectedSources::Source& source) {
  FolderTree& tree = parts_.tree;
  const std::vector<MissingMounts::Place> way = way_to(source.path);
  auto place = missing_mounts_.place_of(source.version, way, [&](const MissingMounts::Place& each) {
    return tree.holds_sources(*tree.find_directory(each.path));
  });
  if (!place) {
    place = missing_mounts_.renamed_place_of(source.path, source.version, way, without_sources());
  }
  if (place && told_places_.insert(place->path).second) {
    parts_.client.problem(holds_no_source(place->path));
  }
  return place.has_value();
}

}  // namespace engine::io
