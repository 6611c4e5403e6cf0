#include "io/file/way_maker.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <mutex>
#include <optional>
#include <utility>

#include "io/base/directory.h"
#include "io/base/os_error.h"
#include "io/base/output_directory.h"
#include "io/file/beneath.h"
#include "io/file/placed_trees.h"
#include "io/file/remove_all.h"

namespace engine::io {
namespace {

// Between two tries another thread may put a tree of a source that goes again, though not for ever.
constexpr int kMostTries = 16;

}  // namespace

Result<void> WayMaker::put(const std::string& path, const std::string& source, const Put& put) {
  for (int tries = 1;; ++tries) {
    Result<void> done = try_put(path, put);
    if (done || done.error().code != ErrorCode::kInTheWay || tries == kMostTries) return done;
    Result<void> made = make_way(path, source, std::move(done.error()));
    if (!made) return made;
  }
}

Result<void> WayMaker::try_put(const std::string& path, const Put& put) {
  const std::shared_lock lock(places_);
  Result<Place> place = open_place(root_, path);
  if (!place) return tl::make_unexpected(std::move(place.error()));
  return put(*place);
}

// All of it or nothing. Should somebody have made way meanwhile, there is nothing to do.
Result<void> WayMaker::make_way(const std::string& path, const std::string& source,
                                Error in_the_way) {
  if (owners_ == nullptr) return tl::make_unexpected(std::move(in_the_way));
  std::unique_lock lock(places_);
  const std::string obstacle = obstacle_of(path);
  auto trees = trees_at(root_, obstacle);
  if (!trees) return tl::make_unexpected(std::move(in_the_way));
  if (trees->empty()) {
    remove_empty_directories(root_, path);
    return {};
  }
  const auto is_owned = [&](const PlacedTree& tree) { return owners_->has(tree.source); };
  if (std::any_of(trees->begin(), trees->end(), is_owned)) {
    in_the_way.transient = true;
    return tl::make_unexpected(std::move(in_the_way));
  }
  const bool is_kept = std::any_of(trees->begin(), trees->end(), [&](const PlacedTree& tree) {
    return owners_->keeps(tree.source, source);
  });
  const std::string name = OutputRoot::build_name();
  Result<void> taken = take(obstacle, name, is_kept);
  if (!taken) return taken;
  const std::string aside = in_engine_directory(kMadeWayName) + '/' + name;
  if (is_kept) {
    for (PlacedTree& tree : *trees) tree.path.replace(0, obstacle.size(), aside);
  }
  owners_->made_way(obstacle, *trees, source, is_kept ? root_.shown(aside) : std::string());
  lock.unlock();
  if (!is_kept) discard(name);
  return {};
}

Result<void> WayMaker::remove(const std::string& path, const Descriptor& tree) {
  std::unique_lock lock(places_);
  const Descriptor there = open_beneath(root_.fd.get(), path, O_PATH | O_DIRECTORY);
  if (!there && !is_other(errno)) {
    return os_error(ErrorCode::kUnreadable, root_.shown(path), "cannot be opened", errno);
  }
  if (!there || !is_same_directory(there.get(), tree.get())) return {};
  const std::string name = OutputRoot::build_name();
  Result<void> taken = take(path, name, /*is_kept=*/false);
  if (taken) remove_empty_above(path);
  lock.unlock();
  if (taken) discard(name);
  return taken;
}

void WayMaker::remove_above(const std::string& path) {
  const std::unique_lock lock(places_);
  remove_empty_above(path);
}

// The lowest first, up to one that is not empty.
void WayMaker::remove_empty_above(const std::string& path) {
  for (std::size_t slash = path.rfind('/'); slash != std::string::npos && slash != 0;
       slash = path.rfind('/', slash - 1)) {
    const std::optional<Place> above = find_place(root_, path.substr(0, slash));
    if (!above || ::unlinkat(above->parent.get(), above->leaf.c_str(), AT_REMOVEDIR) != 0) return;
  }
}

// A tree above, or another OUTPUT, or what is at the place itself.
std::string WayMaker::obstacle_of(const std::string& path) const {
  for (std::size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    std::string above = path.substr(0, slash);
    if (holds_manifest(root_.fd.get(), above) || is_output_directory(root_.fd.get(), above)) {
      return above;
    }
  }
  return path;
}

// In one step.
Result<void> WayMaker::take(const std::string& path, const std::string& name, bool is_kept) {
  const std::optional<Place> place = find_place(root_, path);
  const Descriptor made_way = is_kept ? open_made_way() : Descriptor();
  const int to = is_kept ? made_way.get() : root_.build.get();
  const auto move = [&] {
    return place && to >= 0 &&
           ::renameat(place->parent.get(), place->leaf.c_str(), to, name.c_str()) == 0;
  };
  if (!move() && (is_kept || errno != ENOENT || !root_.mend_build() || !move())) {
    return os_error(ErrorCode::kUnwritable, root_.shown(path), "cannot be moved out of the way",
                    errno);
  }
  if (root_.durable != nullptr) root_.durable->distrust(path);
  return {};
}

// What will not go is a left-over for the next start.
void WayMaker::discard(const std::string& name) {
  if (root_.durable != nullptr) {
    root_.durable->discard(name);
  } else {
    remove_all(root_.build.get(), name);
  }
}

Descriptor WayMaker::open_made_way() const {
  constexpr int kOpen = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  const Descriptor own(::openat(root_.fd.get(), std::string(kEngineDirectory).c_str(), kOpen));
  const bool is_made = own && (::mkdirat(own.get(), kMadeWayName, 0777) == 0 || errno == EEXIST);
  return Descriptor(is_made ? ::openat(own.get(), kMadeWayName, kOpen) : -1);
}

}  // namespace engine::io
