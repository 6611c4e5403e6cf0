#include "engine/run/text_pass.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/sql/lines.h"

namespace engine::run {

TextPass::TextPass(std::string_view text, Dialect dialect, std::uint64_t segment_size,
                   source::Survey* survey, Premise premise, std::stop_token given_up,
                   std::pmr::memory_resource* memory)
    : text_(text),
      dialect_(dialect),
      line_mark_(sql::line_mark(text)),
      given_up_(std::move(given_up)),
      splitter_(text, dialect),
      classifier_(text, dialect),
      organizer_(text, dialect, segment_size, memory),
      survey_(*survey),
      premise_(std::move(premise)),
      is_proven_(!premise_) {}

Passed TextPass::run(Team* team) {
  if (team == nullptr) {
    run_alone();
  } else {
    team_ = team;
    splitter_.set_follower([this](sql::LinePlace reached) { ring_.to_fill().note_line(reached); });
    team->share([this](const Team::Turn& turn) { return help(turn); });
  }
  if (given_up_.stop_requested()) return Passed::kGivenUp;
  if (premise_failed_.get()) return Passed::kFailedPremise;
  return survey_.has_failed() ? Passed::kFailedSurvey : Passed::kWhole;
}

void TextPass::run_alone() {
  if (premise_) prove();
  if (has_stopped()) return;
  PartBatch batch;
  splitter_.set_follower([&](sql::LinePlace reached) {
    survey_.follow(reached.offset);
    batch.note_line(reached);
  });
  for (bool goes_on = true; goes_on;) {
    goes_on = batch.fill(&splitter_, &classifier_);
    batch.organize(&organizer_);
    if (!batch.empty()) survey_.follow(batch.end());
    if (survey_.has_failed() || has_stopped()) return;
  }
  survey_.finish();
}

bool TextPass::help(const Team::Turn& turn) {
  try {
    while (!turn.is_over()) {
      if (is_finished()) {
        team_->wake();  // it may be by the stop token, of which nobody is told
        return true;
      }
      // What others wait for comes first; but a premise that does not hold makes all else futile.
      if (!turn.is_own() && go(kPremise, turn)) continue;
      if (go(kOrganize, turn) || go(kSplit, turn) || answer() || go(kSurvey, turn)) continue;
      if (go(kPremise, turn)) continue;
      turn.await([&] { return is_finished() || any_can_begin(turn.is_own()); });
    }
    return false;
  } catch (...) {
    stop();  // nobody waits for a lane that has ended so
    throw;
  }
}

// As far as the lane or the turn goes; false where another thread has the lane, or where it is not
// worth while now.
bool TextPass::go(Lane lane, const Team::Turn& turn) {
  if (!can_begin(lane, turn.is_own()) || !held_[lane].take()) return false;
  while (can_go_on(lane, turn.is_own()) && !turn.is_over()) {
    step(lane);
    if (lane >= kSurvey) break;  // others may wait for what this thread could do meanwhile
    wake_others();
  }
  held_[lane].put(false);
  wake_others();
  return true;
}

// For one batch; false where none asks.
bool TextPass::answer() {
  if (has_stopped()) return false;
  const std::optional<std::uint64_t> question = ring_.take_question();
  if (!question) return false;
  ring_.to_answer(*question).answer(text_, dialect_, line_mark_);
  ring_.answered(*question);
  wake_others();
  return true;
}

bool TextPass::can_go_on(Lane lane, bool is_own) const {
  if (has_stopped()) return false;
  if (lane == kOrganize) return ring_.has_batch(is_own);
  if (lane == kSplit) return !is_split_.get() && ring_.has_room();
  return lane == kSurvey ? !is_surveyed_.get() : !is_proven_.get();
}

bool TextPass::can_begin(Lane lane, bool is_own) const {
  if (held_[lane].get() || !can_go_on(lane, is_own)) return false;
  if (lane == kOrganize) return ring_.is_high() || is_split_.get();
  return lane != kSplit || ring_.is_low();
}

bool TextPass::any_can_begin(bool is_own) const {
  return can_begin(kOrganize, is_own) || can_begin(kSplit, is_own) || can_begin(kSurvey, is_own) ||
         can_begin(kPremise, is_own) || (!has_stopped() && ring_.has_question());
}

void TextPass::wake_others() {
  if (is_finished() || any_can_begin(true)) team_->wake();
}

// The last batch is in the ring before is_split_ says so, and leaves it when it is organised.
bool TextPass::is_finished() const {
  return has_stopped() ||
         (is_surveyed_.get() && is_proven_.get() && is_split_.get() && ring_.empty());
}

void TextPass::step(Lane lane) {
  switch (lane) {
    case kSplit:
      return split();
    case kOrganize:
      return organize();
    case kSurvey:
      return survey();
    default:
      return prove();
  }
}

void TextPass::split() {
  const bool goes_on = ring_.to_fill().fill(&splitter_, &classifier_);
  if (!ring_.to_fill().empty()) ring_.fill();
  if (!goes_on) is_split_.put(true);
}

void TextPass::organize() {
  ring_.to_empty().organize(&organizer_);
  ring_.pop();
}

void TextPass::survey() {
  constexpr std::size_t kStep = 256 << 10;
  surveyed_ = std::min(text_.size(), surveyed_ + kStep);
  survey_.follow(surveyed_);
  if (surveyed_ == text_.size()) survey_.finish();
  if (survey_.has_failed()) stop();
  if (surveyed_ == text_.size()) is_surveyed_.put(true);
}

void TextPass::prove() {
  if (!premise_()) {
    premise_failed_.put(true);
    stop();
  }
  is_proven_.put(true);
}

void TextPass::stop() {
  stopped_.put(true);
  if (team_ != nullptr) team_->wake();
}

}  // namespace engine::run
