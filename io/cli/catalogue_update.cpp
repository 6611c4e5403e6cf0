#include "io/cli/catalogue_update.h"

#include <string>
#include <utility>
#include <vector>

#include "io/cli/figures.h"
#include "io/cli/source_records.h"
#include "io/file/manifest_walk.h"

namespace engine::io {
namespace {

// So many changed trees are held before they are written.
constexpr std::size_t kTreesAtOnce = 1024;

class Update {
 public:
  Update(const std::string& output, Catalogue& catalogue, const OnDamaged& on_damaged)
      : output_(output), catalogue_(catalogue), on_damaged_(on_damaged) {}

  Result<void> run() {
    auto known = catalogue_.stamps();
    if (!known) return tl::make_unexpected(known.error());
    std::vector<FoundManifest> changed;
    Result<void> walked = walk_manifests(output_, [&](FoundManifest&& found) {
      const auto seen = known->find(found.tree);
      const bool same = seen != known->end() && seen->second == stamp_of(found);
      if (seen != known->end()) known->erase(seen);
      if (!same) changed.push_back(std::move(found));
    });
    if (!walked) return walked;
    std::vector<std::string> gone;
    for (auto& [tree, stamp] : *known) gone.push_back(tree);
    if (Result<void> forgotten = catalogue_.apply({}, gone); !forgotten) return forgotten;
    for (const FoundManifest& found : changed) {
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
    const std::string text = read_manifest_text(output_, found.tree);
    if (text.size() != found.size) return {};
    Result<CatalogueTree> tree = parse_catalogue_tree(found.tree, text);
    if (!tree) {
      if (on_damaged_) on_damaged_(tree.error().message);
      return {};
    }
    waiting_.push_back({std::move(*tree), stamp_of(found)});
    return waiting_.size() < kTreesAtOnce ? Result<void>() : write();
  }

  Result<void> write() {
    Result<void> written = catalogue_.apply(waiting_, {});
    waiting_.clear();
    return written;
  }

  const std::string& output_;
  Catalogue& catalogue_;
  const OnDamaged& on_damaged_;
  std::vector<Catalogue::Changed> waiting_;
};

}  // namespace

OnDamaged damage_told_on(Console& console) {
  return [&console](const std::string& problem) {
    console.line("engine: not up to date: " + printable(problem));
  };
}

Result<Catalogue> open_catalogue(const CommandLine& line, const OnDamaged& on_damaged) {
  if (Result<void> output = check_output_directory(line.output); !output) {
    return tl::make_unexpected(output.error());
  }
  Result<Catalogue> catalogue = Catalogue::open(state_path(line));
  if (!catalogue) return catalogue;
  if (Result<void> updated = Update(line.output, *catalogue, on_damaged).run(); !updated) {
    return tl::make_unexpected(updated.error());
  }
  return catalogue;
}

}  // namespace engine::io
