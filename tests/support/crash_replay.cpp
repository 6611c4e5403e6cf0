#include "tests/support/crash_replay.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <set>

#include "tests/support/temp_dir.h"

namespace engine::test {
namespace {

constexpr std::uint64_t kDirectory = 0;
constexpr std::uint64_t kExchange = 2;  // RENAME_EXCHANGE

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

// Names lead to inodes, 0 is a directory; inodes have bytes.
class Model {
 public:
  void apply(const TraceStep& step, bool torn) {
    switch (step.kind) {
      case TraceKind::kCreate:
        if (has_directory(parent_of(step.path))) names_[step.path] = step.inode;
        break;
      case TraceKind::kMakeDirectory:
        if (has_directory(parent_of(step.path))) names_.emplace(step.path, kDirectory);
        break;
      case TraceKind::kWrite:
        write(step, torn);
        break;
      case TraceKind::kTruncate:
        bytes_[step.inode].resize(step.offset);
        break;
      case TraceKind::kRename:
        rename(step);
        break;
      case TraceKind::kRemove:
        remove(step);
        break;
      case TraceKind::kSync:
      case TraceKind::kSyncAll:
        break;
    }
  }

  void make(const std::filesystem::path& target) const {
    for (const auto& [path, inode] : names_) {  // a directory comes before what is in it
      if (inode == kDirectory) {
        std::filesystem::create_directories(target / path);
        continue;
      }
      const auto found = bytes_.find(inode);
      std::ofstream file(target / path, std::ios::binary);
      if (found != bytes_.end()) {
        file.write(found->second.data(), static_cast<std::streamsize>(found->second.size()));
      }
    }
  }

 private:
  bool has_directory(const std::string& path) const {
    if (path.empty()) return true;
    const auto found = names_.find(path);
    return found != names_.end() && found->second == kDirectory;
  }

  void write(const TraceStep& step, bool torn) {
    std::string& bytes = bytes_[step.inode];
    const std::size_t kept = torn ? step.second.size() / 2 : step.second.size();
    // The size may be there before the bytes are.
    if (bytes.size() < step.offset + step.second.size()) {
      bytes.resize(step.offset + step.second.size());
    }
    bytes.replace(step.offset, kept, step.second, 0, kept);
  }

  std::map<std::string, std::uint64_t> take(const std::string& path) {
    std::map<std::string, std::uint64_t> taken;
    for (auto at = names_.lower_bound(path); at != names_.end();) {
      if (at->first.compare(0, path.size(), path) != 0) break;
      if (at->first.size() > path.size() && at->first[path.size()] != '/') {
        ++at;
        continue;
      }
      taken[at->first.substr(path.size())] = at->second;
      at = names_.erase(at);
    }
    return taken;
  }

  void put(const std::string& path, const std::map<std::string, std::uint64_t>& taken) {
    for (const auto& [rest, inode] : taken) names_[path + rest] = inode;
  }

  void rename(const TraceStep& step) {
    if (!names_.contains(step.path) || !has_directory(parent_of(step.second))) return;
    const auto from = take(step.path), to = take(step.second);
    put(step.second, from);
    if (step.offset == kExchange) put(step.path, to);
  }

  // Where the directory has not moved, though it had when the file was removed from it, the file is
  // removed all the same: from where the directory still is.
  void remove(const TraceStep& step) {
    auto found = names_.find(step.path);
    if (found == names_.end() || found->second != step.inode) {
      const std::string leaf = step.path.substr(parent_of(step.path).size());
      found = std::find_if(names_.begin(), names_.end(), [&](const auto& name) {
        return step.inode != kDirectory && name.second == step.inode && name.first.ends_with(leaf);
      });
      if (found == names_.end()) return;
    }
    const bool is_empty = std::none_of(names_.begin(), names_.end(), [&](const auto& name) {
      return name.first.rfind(found->first + '/', 0) == 0;
    });
    if (step.inode != kDirectory || is_empty) names_.erase(found);
  }

  std::map<std::string, std::uint64_t> names_;
  std::map<std::uint64_t, std::string> bytes_;
};

}  // namespace

std::vector<TraceStep> read_trace(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  std::vector<TraceStep> steps;
  std::array<std::uint64_t, 5> head;
  for (std::size_t at = 0; at + sizeof head <= text.size();) {
    std::memcpy(head.data(), text.data() + at, sizeof head);
    at += sizeof head;
    TraceStep step{static_cast<TraceKind>(head[0]), head[1], head[2], text.substr(at, head[3]), ""};
    at += head[3];
    step.second = text.substr(at, head[4]);
    at += head[4];
    steps.push_back(std::move(step));
  }
  return steps;
}

std::vector<bool> CrashReplay::certain(std::size_t count) const {
  std::vector<bool> certain(count, false);
  bool everything = false;
  std::set<std::uint64_t> files;
  std::set<std::string> directories;
  for (std::size_t i = count; i-- > 0;) {
    const TraceStep& step = steps_[i];
    const auto has = [&](const std::string& path) { return directories.contains(parent_of(path)); };
    switch (step.kind) {
      case TraceKind::kSyncAll:
        everything = true;
        break;
      case TraceKind::kSync:
        step.inode == 0 ? void(directories.insert(step.path)) : void(files.insert(step.inode));
        break;
      case TraceKind::kWrite:
      case TraceKind::kTruncate:
        certain[i] = everything || files.contains(step.inode);
        break;
      case TraceKind::kRename:
        certain[i] = everything || (has(step.path) && has(step.second));
        break;
      case TraceKind::kCreate:
      case TraceKind::kMakeDirectory:
      case TraceKind::kRemove:
        certain[i] = everything || has(step.path);
        break;
    }
  }
  return certain;
}

void CrashReplay::make(std::size_t count, const std::function<Fate(const TraceStep&)>& fate,
                       const std::filesystem::path& target) const {
  const std::vector<bool> is_certain = certain(count);
  Model model;
  for (std::size_t i = 0; i < count; ++i) {
    const Fate chosen = is_certain[i] ? Fate::kHappens : fate(steps_[i]);
    if (chosen != Fate::kDoesNot) model.apply(steps_[i], chosen == Fate::kTorn);
  }
  model.make(target);
}

}  // namespace engine::test
