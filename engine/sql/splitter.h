// Splitter: the parts of an SQL text one by one, cut where the dialect's own client would cut.
//
//   Splitter splitter(text, Dialect::kTsql);
//   SplitPart part;
//   while (splitter.next(&part)) ...
//
// The parts tile the text (docs/design.md, promise 1). Memory does not grow with the text: no more
// than the parts of a few units are held. A quote, comment or dollar tag that is never closed does
// not eat the rest: the splitter goes on at the next place that the dialect makes certain, and says
// so in warnings().
//
// Thread contract: confined to one thread; borrows the text.
// Units: bytes of the text; lines and columns count from 1, columns in bytes.
// Errors: none; where the text had to be resynchronised is in warnings().
// Source: the clients themselves, rule by rule, in docs/dialects.md.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/dialect.h"
#include "engine/source_report.h"
#include "engine/sql/line_place.h"
#include "engine/sql/split_part.h"
#include "engine/sql/split_parts.h"

namespace engine::sql {

class UnitFinder;

class Splitter {
 public:
  /// `dialect` is any but kAuto (detect_dialect() decides that).
  Splitter(std::string_view text, Dialect dialect);
  ~Splitter();
  Splitter(const Splitter&) = delete;
  Splitter& operator=(const Splitter&) = delete;

  /// False at the end of the text.
  bool next(SplitPart* part) {
    if (ready_.parts.empty() && !refill()) return false;
    *part = ready_.parts.front();
    ready_.parts = ready_.parts.subspan(1);
    return true;
  }

  /// The next parts, at least one, which live until the splitter is asked again; none at the end.
  SplitParts next_parts() {
    if (ready_.empty()) ready_ = find();
    return std::exchange(ready_, {});
  }

  /// Is told, on this thread, where reading has come to in a part that is long: bytes up to there
  /// are still in the cache, which they no longer are when the part is handed out, and their lines
  /// are counted.
  void set_follower(std::function<void(LinePlace)> follower);

  /// Of what next_parts() gave the last of them, to be handed out again.
  void put_back(const SplitParts& rest) { ready_ = rest; }

  /// Places where the text had to be resynchronised, up to the last part handed out.
  const std::vector<Warning>& warnings() const;

 private:
  SplitParts find();
  bool refill();

  std::unique_ptr<UnitFinder> finder_;
  SplitParts ready_;
  std::array<SplitPart, 2> row_;  // the next one of a run, and the gap behind it
};

}  // namespace engine::sql
