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
// Source: the clients themselves, rule by rule, in docs/dialects.md.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/dialect.h"
#include "engine/source_report.h"
#include "engine/sql/split_part.h"

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
    if (ready_.empty() && !refill()) return false;
    *part = ready_.front();
    ready_ = ready_.subspan(1);
    return true;
  }

  /// The next parts, at least one, which live until the splitter is asked again; none at the end.
  std::span<const SplitPart> next_parts() {
    if (ready_.empty()) refill();
    return std::exchange(ready_, {});
  }

  /// Places where the text had to be resynchronised, up to the last part handed out.
  const std::vector<Warning>& warnings() const;

 private:
  bool refill();

  std::unique_ptr<UnitFinder> finder_;
  std::span<const SplitPart> ready_;
};

}  // namespace engine::sql
