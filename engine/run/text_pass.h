// TextPass: the one pass over a text: it is split, its parts are classified and organised, and what
// only the whole of it tells is surveyed.
//
// These are lanes. Each goes through the text in order, and is run by one thread at a time, so what
// comes out does not depend on who ran which. Alone, a thread runs them in turn, a stretch that is
// in the cache at a time. With a team, threads run different lanes at once: splitter and classifier
// ahead, the organizer behind them, the survey at its own pace. What statements refer to depends on
// nothing but themselves: any number of threads find that, on the way from the one to the other.
//
// A pass may begin with a guess, its premise; whether that holds is found out meanwhile, by a
// helper where there is one.
//
// Thread contract: confined to one thread, whose team may help in run(); borrows the text.
// Errors: what a pass came to; and what the rooms throw (std::bad_alloc).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory_resource>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/dependency/need_graph.h"
#include "engine/organize/organizer.h"
#include "engine/run/part_ring.h"
#include "engine/source/survey.h"
#include "engine/sql/classifier.h"
#include "engine/sql/splitter.h"
#include "engine/team.h"

namespace engine::run {

/// What a pass came to. There is something of it only where it is whole.
enum class Passed : std::uint8_t {
  kWhole,
  kGivenUp,
  kFailedSurvey,  ///< what began as UTF-8 did not go on so
  kFailedPremise,
};

/// Tells, once, on any thread, whether a pass is of use. Where there is none, it is.
using Premise = std::function<bool()>;

class TextPass {
 public:
  /// What the organizer finds lies in `memory`.
  TextPass(std::string_view text, Dialect dialect, std::uint64_t segment_size,
           source::Survey* survey, Premise premise = {}, std::stop_token given_up = {},
           std::pmr::memory_resource* memory = std::pmr::get_default_resource());

  /// To the end of the text, or until that is of no use. `team` may be null.
  Passed run(Team* team);

  // Once, after run(), of a whole one:

  organize::Drafts take_drafts() { return organizer_.finish(); }
  dependency::NeedGraph take_needs() { return organizer_.take_needs(); }  // after take_drafts()
  std::uint64_t units() const { return organizer_.units(); }
  std::uint64_t unclassified_units() const { return organizer_.unclassified_units(); }
  const std::vector<Warning>& warnings() const { return splitter_.warnings(); }

 private:
  enum Lane : std::uint8_t { kOrganize, kSplit, kSurvey, kPremise, kLanes };

  void run_alone();
  bool help(const Team::Turn& turn);
  bool go(Lane lane, const Team::Turn& turn);
  bool answer();
  bool can_go_on(Lane lane, bool is_own) const;
  bool can_begin(Lane lane, bool is_own) const;
  bool any_can_begin(bool is_own) const;
  void wake_others();
  bool is_finished() const;
  void step(Lane lane);
  void split();
  void organize();
  void survey();
  void prove();
  void stop();
  bool has_stopped() const { return stopped_.get() || given_up_.stop_requested(); }

  const std::string_view text_;
  const Dialect dialect_;
  const char line_mark_;
  const std::stop_token given_up_;

  // Each of its lane.
  sql::Splitter splitter_;
  sql::Classifier classifier_;
  organize::Organizer organizer_;
  source::Survey& survey_;
  std::size_t surveyed_ = 0;
  const Premise premise_;

  // One that only goes from false to true, or is a lane's; seq_cst, because threads await
  // that one of them changes.
  class Flag {
   public:
    explicit Flag(bool set = false) : set_(set) {}
    bool get() const { return set_.load(std::memory_order_seq_cst); }   // pairs with put(), take()
    void put(bool set) { set_.store(set, std::memory_order_seq_cst); }  // pairs with get(), take()
    /// True for one thread until it is put back; pairs with put(), and orders what the flag guards.
    bool take() { return !set_.exchange(true, std::memory_order_seq_cst); }

   private:
    std::atomic<bool> set_;
  };

  PartRing ring_;
  Flag held_[kLanes];  // what is of the lane is the holder's
  Flag is_split_;
  Flag is_surveyed_;
  Flag is_proven_;
  Flag premise_failed_;
  Flag stopped_;
  Team* team_ = nullptr;
};

}  // namespace engine::run
