// ScanReport: what became of the sources that a scan of the whole folder handed on, in one line
// when the last of them has ended: of the first scan, and of those that somebody asked for.
//
// Of events that come during the scan nobody knows whether it would have found the same: they
// count. The paths that it remembers are no more than the engine takes before it is full, and what
// is urgent beyond that (65,536).
// Thread contract: any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "engine/source_report.h"
#include "io/cli/log.h"

namespace engine::io {

class ScanReport final : public SourceObserver {
 public:
  /// The first scan counts. `next` hears what this hears, and first.
  ScanReport(SourceObserver& next, Logger log) : next_(next), log_(std::move(log)) {}

  void source_started(const std::string& path) override { next_.source_started(path); }
  void source_waits(const SourceRetry& retry) override { next_.source_waits(retry); }
  void source_finished(const SourceReport& report) override;

  /// The next scan counts.
  void ask();
  void scan_began();
  /// Before the engine hears of it.
  void handed_on(const std::string& path);
  /// Before it is handed on: it is not gone, but called otherwise.
  void renamed(const std::string& path);
  /// `sources` are in the folder; `unready` of them are waited for, `left_alone` were there before
  /// the start and are not wanted.
  void scan_ended(std::uint64_t sources, std::uint64_t unready, std::uint64_t left_alone = 0);

 private:
  // Of a scan that counts: it goes on, what it has handed on is under way, or all is told.
  enum class State : std::uint8_t { kScanning, kUnderWay, kTold };
  struct Counts {
    std::uint64_t sources = 0;
    std::uint64_t unready = 0;
    std::uint64_t left_alone = 0;
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    std::uint64_t gone = 0;
    std::uint64_t renamed = 0;
  };

  void tell_if_over();  // with mutex_ held

  SourceObserver& next_;
  const Logger log_;

  std::mutex mutex_;
  // Guarded by mutex_.
  State state_ = State::kScanning;
  bool is_asked_ = false;
  bool is_first_ = true;
  std::unordered_map<std::string, bool> under_way_;  // and whether it has another name now
  Counts counts_;
};

}  // namespace engine::io
