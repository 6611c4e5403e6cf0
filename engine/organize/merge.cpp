#include "engine/organize/merge.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace engine::organize {
namespace {

bool is_main(const Draft& draft) {
  return draft.kind == OutputKind::kDefinition && !draft.owner && !draft.change;
}

// Stretches that follow each other in the source are one.
void join_pieces(std::vector<Piece>* pieces) {
  std::sort(pieces->begin(), pieces->end(),
            [](const Piece& a, const Piece& b) { return a.offset < b.offset; });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < pieces->size(); ++i) {
    Piece& last = (*pieces)[kept];
    const Piece& next = (*pieces)[i];
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
void add_draft(Draft&& from, Draft* to) {
  if (!is_main(*to) && is_main(from)) std::swap(from, *to);
  to->pieces.insert(to->pieces.end(), from.pieces.begin(), from.pieces.end());
  to->tell_also(&from);
  to->units += from.units - (from.last_unit == to->last_unit && from.units > 0);
  to->last_unit = std::max(to->last_unit + 1, from.last_unit + 1) - 1;  // none counts as -1
  to->bytes += from.bytes;
  to->elsewhere = to->elsewhere && from.elsewhere;
}

}  // namespace

void merge_outputs(std::vector<Draft>* drafts, std::vector<std::string>* paths) {
  std::unordered_map<std::string_view, std::size_t> first;  // draft by path
  std::vector<std::size_t> main(drafts->size());
  std::vector<bool> merged(drafts->size());
  for (std::size_t i = 0; i < drafts->size(); ++i) {
    main[i] = first.try_emplace((*paths)[i], i).first->second;
    if (main[i] == i) continue;
    add_draft(std::move((*drafts)[i]), &(*drafts)[main[i]]);
    merged[main[i]] = true;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < drafts->size(); ++i) {
    if (main[i] != i) continue;
    if (merged[i]) join_pieces(&(*drafts)[i].pieces);
    if (kept != i) {
      (*drafts)[kept] = std::move((*drafts)[i]);
      (*paths)[kept] = std::move((*paths)[i]);
    }
    ++kept;
  }
  drafts->resize(kept);
  paths->resize(kept);
}

}  // namespace engine::organize
