#include "engine/tree/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/name_map.h"
#include "engine/tree/path_set.h"

namespace engine::tree {
namespace {

bool is_main(const organize::Draft& draft) {
  return draft.kind == organize::OutputKind::kDefinition && !draft.owner && !draft.change;
}

// Stretches that follow each other in the source are one.
void join_pieces(std::pmr::vector<organize::Piece>* pieces) {
  std::sort(pieces->begin(), pieces->end(),
            [](const organize::Piece& a, const organize::Piece& b) { return a.offset < b.offset; });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < pieces->size(); ++i) {
    organize::Piece& last = (*pieces)[kept];
    const organize::Piece& next = (*pieces)[i];
    if (last.offset + last.length != next.offset) {
      (*pieces)[++kept] = next;
      continue;
    }
    last.length += next.length;
    last.batch_ended = next.batch_ended;
    last.terminator_after = next.terminator_after;
    last.end_line = next.end_line;
  }
  pieces->resize(kept + 1);
}

// Drafts come in the order of the source, so a unit that two of them share is the last of the one
// and the first of the other.
void add_draft(organize::Draft&& from, organize::Draft* to) {
  if (!is_main(*to) && is_main(from)) std::swap(from, *to);
  to->pieces.insert(to->pieces.end(), from.pieces.begin(), from.pieces.end());
  to->tell_also(&from);
  to->units += from.units - (from.last_unit == to->last_unit && from.units > 0);
  to->last_unit = std::max(to->last_unit + 1, from.last_unit + 1) - 1;  // none counts as -1
  to->bytes += from.bytes;
  to->queries = to->queries || from.queries;
  if (!from.missing_end.empty()) to->missing_end = from.missing_end;
  to->elsewhere = to->elsewhere && from.elsewhere;
}

// Where a further part of an output lies: "tables/t/changes/0001.sql", "changes/t.0001.sql",
// "Change.t.0001.sql"; rows in data/ alike.
std::string part_path(Layout layout, const std::string& path, bool rows, PathSet* taken) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  const std::string file = path.substr(slash == std::string::npos ? 0 : slash + 1);
  const std::string stem = file.substr(0, file.size() - 4);  // ".sql"
  std::string before = folder + (rows ? "data/" : "changes/");
  if (layout == Layout::kCompact) before = (rows ? "data/" : "changes/") + stem + '.';
  if (layout == Layout::kFlat) {
    before = (rows ? "Data." : "Change.") + stem.substr(stem.find('.') + 1) + '.';
  }
  for (std::size_t number = 1;; ++number) {
    const std::string wanted = before + fmt::format("{:04}", number);
    if (!taken->has(wanted, ".sql")) return taken->take(wanted, ".sql") + ".sql";
  }
}

class Merger {
 public:
  Merger(Layout layout, dependency::NeedGraph* needs, organize::Drafts* drafts,
         std::pmr::vector<std::pmr::string>* paths)
      : layout_(layout),
        needs_(*needs),
        drafts_(*drafts),
        paths_(*paths),
        parts_(drafts->get_allocator().resource()),
        main_(drafts->size()),
        merged_(drafts->size()) {}

  void run() {
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
      main_[i] = place(i);
      if (main_[i] == i) continue;
      needs_.join(drafts_[i].node, drafts_[main_[i]].node);
      add_draft(std::move(drafts_[i]), &drafts_[main_[i]]);
      merged_[main_[i]] = true;
    }
    name_parts();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
      if (main_[i] != i) continue;
      if (merged_[i]) join_pieces(&drafts_[i].pieces);
      if (kept != i) {
        drafts_[kept] = std::move(drafts_[i]);
        paths_[kept] = std::move(paths_[i]);
      }
      ++kept;
    }
    drafts_.resize(kept);
    paths_.resize(kept);
  }

 private:
  // The first part of its output that it can be loaded with; itself where there is none.
  std::size_t place(std::size_t draft) {
    const auto least = layout_ == Layout::kCompact ? dependency::NeedGraph::Strength::kHard
                                                   : dependency::NeedGraph::Strength::kSoft;
    std::pmr::vector<std::size_t>& parts = try_name(&parts_, paths_[draft]).first->second;
    for (const std::size_t part : parts) {
      if (!needs_.would_ring(drafts_[part].node, drafts_[draft].node, least)) return part;
    }
    parts.push_back(draft);
    return draft;
  }

  // The last one that the object is called by keeps the path.
  void name_parts() {
    PathSet taken;
    bool any = false;
    for (const auto& [path, parts] : parts_) any = any || parts.size() > 1;
    if (!any) return;
    for (const auto& [path, parts] : parts_)
      taken.take(std::string(path, 0, path.size() - 4), ".sql");
    std::vector<std::pair<std::size_t, std::string>> names;
    for (const auto& [path, parts] : parts_) {
      std::size_t keeps = parts.front();
      for (const std::size_t part : parts) {
        if (is_main(drafts_[part])) keeps = part;
      }
      for (const std::size_t part : parts) {
        if (part != keeps) names.emplace_back(part, path);
      }
    }
    std::sort(names.begin(), names.end());
    for (auto& [part, path] : names) {
      const bool rows = drafts_[part].kind == organize::OutputKind::kSegment;
      paths_[part] = part_path(layout_, path, rows, &taken);
    }
  }

  const Layout layout_;
  dependency::NeedGraph& needs_;
  organize::Drafts& drafts_;
  std::pmr::vector<std::pmr::string>& paths_;
  NameMap<std::pmr::vector<std::size_t>> parts_;  // by path
  std::vector<std::size_t> main_;
  std::vector<bool> merged_;
};

}  // namespace

void merge_outputs(Layout layout, dependency::NeedGraph* needs, organize::Drafts* drafts,
                   std::pmr::vector<std::pmr::string>* paths) {
  Merger(layout, needs, drafts, paths).run();
}

}  // namespace engine::tree
