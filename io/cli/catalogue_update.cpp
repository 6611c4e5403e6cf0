#include "io/cli/catalogue_update.h"

#include <string>
#include <utility>
#include <vector>

#include "io/cli/figures.h"
#include "io/cli/source_records.h"
#include "io/file/manifest_walk.h"

namespace engine::io {
namespace {

// So much is held before it is written, in some tenths of a second.
constexpr std::size_t kTreesAtOnce = 1024;
constexpr std::size_t kObjectsAtOnce = 20'000;

class Update {
 public:
  Update(const CommandLine& line, Catalogue& catalogue, const OnDamaged& on_damaged,
         const std::stop_token& stop)
      : line_(line), catalogue_(catalogue), on_damaged_(on_damaged), stop_(stop) {}

  Result<void> run() {
    auto known = catalogue_.stamps();
    if (!known) return tl::make_unexpected(known.error());
    std::vector<FoundManifest> changed;
    const auto compare = [&](FoundManifest&& found) {
      const auto seen = known->find(found.tree);
      const bool same = seen != known->end() && seen->second == stamp_of(found);
      if (seen != known->end()) known->erase(seen);
      if (!same) changed.push_back(std::move(found));
    };
    if (Result<void> walked = walk_manifests(line_.output, compare, stop_); !walked) return walked;
    if (stop_.stop_requested()) return catalogue_stopped(state_path(line_));
    std::vector<std::string> gone;
    for (auto& [tree, stamp] : *known) gone.push_back(tree);
    if (Result<void> forgotten = catalogue_.apply({}, gone); !forgotten) return forgotten;
    for (const FoundManifest& found : changed) {
      if (stop_.stop_requested()) return catalogue_stopped(state_path(line_));
      if (Result<void> taken = take(found); !taken) return taken;
    }
    return write();
  }

 private:
  static ManifestStamp stamp_of(const FoundManifest& found) {
    return {found.inode, found.mtime_ns, found.size};
  }

  // One that is damaged or being exchanged is left for the next time.
  Result<void> take(const FoundManifest& found) {
    const std::string text = read_manifest_text(line_.output, found.tree);
    if (text.size() != found.size) return {};
    Result<CatalogueTree> tree = parse_catalogue_tree(found.tree, text);
    if (!tree) {
      if (on_damaged_) on_damaged_(tree.error().message);
      return {};
    }
    objects_ += tree->objects.size();
    waiting_.push_back({std::move(*tree), stamp_of(found)});
    const bool is_much = waiting_.size() >= kTreesAtOnce || objects_ >= kObjectsAtOnce;
    return is_much ? write() : Result<void>();
  }

  Result<void> write() {
    Result<void> written = catalogue_.apply(waiting_, {});
    waiting_.clear();
    objects_ = 0;
    return written;
  }

  const CommandLine& line_;
  Catalogue& catalogue_;
  const OnDamaged& on_damaged_;
  const std::stop_token& stop_;
  std::vector<Catalogue::Changed> waiting_;
  std::size_t objects_ = 0;  // of those
};

}  // namespace

OnDamaged damage_told_on(Console& console) {
  return [&console](const std::string& problem) {
    console.line("engine: not up to date: " + printable(problem));
  };
}

Result<Catalogue> open_catalogue(const CommandLine& line, const OnDamaged& on_damaged,
                                 const std::stop_token& stop) {
  if (Result<void> output = check_output_directory(line.output); !output) {
    return tl::make_unexpected(output.error());
  }
  Result<Catalogue> catalogue = Catalogue::open(state_path(line));
  if (!catalogue) return catalogue;
  catalogue->stop_by(stop);
  if (Result<void> updated = Update(line, *catalogue, on_damaged, stop).run(); !updated) {
    return tl::make_unexpected(updated.error());
  }
  return catalogue;
}

}  // namespace engine::io
