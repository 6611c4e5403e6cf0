#include "engine/organize/draft_list.h"

#include <algorithm>
#include <utility>

#include "engine/sql/lines.h"

namespace engine::organize {

DraftList::DraftList(std::string_view text, dependency::Journal* journal,
                     std::pmr::memory_resource* memory)
    : text_(text),
      journal_(*journal),
      memory_(memory),
      lines_(text, sql::line_mark(text)),
      drafts_(memory) {}

std::size_t DraftList::add(Draft&& draft) {
  draft.node = drafts_.size();
  drafts_.push_back(std::move(draft));
  journal_.add_draft();
  return drafts_.size() - 1;
}

void DraftList::join(std::size_t from, std::size_t to) {
  Draft& source = drafts_[from];
  Draft& target = drafts_[to];
  target.pieces.insert(target.pieces.end(), source.pieces.begin(), source.pieces.end());
  target.tell_also(&source);
  target.units += source.units;
  target.bytes += source.bytes;
  target.last_unit = source.last_unit;
  source = make();
  journal_.join(from, to);
  if (current_ == from) current_ = to;
}

// A part begins where the assigned text ends: its line is known from here.
void DraftList::meet(std::uint64_t offset, std::uint64_t line) {
  lines_.move_to(offset, line);
  if (offset == assigned_) assigned_line_ = line;
}

void DraftList::attach(std::size_t draft_index, std::uint64_t end, std::string_view terminator) {
  Draft& draft = drafts_[draft_index];
  if (!draft.pieces.empty() &&
      draft.pieces.back().offset + draft.pieces.back().length == assigned_) {
    draft.pieces.back().length = end - draft.pieces.back().offset;
    draft.pieces.back().terminator_after = terminator;
  } else {
    draft.pieces.push_back(
        {assigned_, end - assigned_, assigned_line_, false, terminator_, terminator});
    ++pieces_;
  }
  draft.bytes += end - assigned_;
  assigned_ = end;
  terminator_ = terminator;
  current_ = draft_index;
  if (is_rows(current_)) last_segment_ = draft_index;
}

// The pieces tile the text, so one ends where the next begins.
void DraftList::note_end_lines() {
  std::pmr::vector<Piece*> pieces(memory_);
  pieces.reserve(pieces_);
  for (Draft& draft : drafts_) {
    for (Piece& piece : draft.pieces) pieces.push_back(&piece);
  }
  std::sort(pieces.begin(), pieces.end(),
            [](const Piece* a, const Piece* b) { return a->offset < b->offset; });
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) pieces[i]->end_line = pieces[i + 1]->line;
  if (!pieces.empty()) pieces.back()->end_line = lines_.line_at(text_.size());
}

Drafts DraftList::take() {
  note_end_lines();
  std::erase_if(drafts_, [](const Draft& draft) { return draft.pieces.empty(); });
  return std::move(drafts_);
}

}  // namespace engine::organize
