// Options: everything the command line can say to the engine, under the same names.
//
// Thread contract: a value; constant once an Engine has been made with it.
// Errors: none; nothing is checked. max_queue_size and segment_size are at least 1.
// Source: docs/design.md, "Command line".
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/dialect.h"
#include "engine/encoding.h"
#include "engine/priority.h"

namespace engine {

enum class Layout : std::uint8_t { kNested, kCompact, kFlat };
enum class DataPlacement : std::uint8_t { kSeparate, kInline, kDrop };

/// May outputs share the blocks of their source on the disk, where the file system can do that?
enum class Reflink : std::uint8_t { kAuto, kNever };

/// As on the command line: "nested", "separate".
std::string_view layout_name(Layout layout);
std::string_view data_placement_name(DataPlacement data);

struct Options {
  /// Worker threads; 0 means sequential: submit() does the work itself. kAutoWorkers begins with
  /// min(4, usable CPUs) and goes on with what pays, from 1 to the usable CPUs.
  unsigned workers = kAutoWorkers;
  static constexpr unsigned kAutoWorkers = ~0u;

  /// Debounce, for observe() only; submit() never waits.
  std::chrono::nanoseconds debounce_window = std::chrono::seconds(5);
  std::size_t batch_size_threshold = 50;
  std::chrono::nanoseconds max_delay = std::chrono::seconds(30);
  bool disable_batching = false;

  /// Back-pressure: tasks queued or running at once.
  std::size_t max_queue_size = 200;
  /// Errors that may go away: so often the source is tried again, after pauses that double.
  unsigned retry_limit = 8;
  std::chrono::nanoseconds retry_pause = std::chrono::milliseconds(50);
  /// So long Engine::shutdown() waits; then what waits is dropped and what runs is given up. 0: as
  /// long as it takes.
  std::chrono::nanoseconds stop_timeout{0};

  unsigned memory_threshold = 80;  ///< percent; for whoever makes the MemoryPressure port

  bool no_metadata = false;
  bool no_overwrite = false;
  bool dry_run = false;  ///< for whoever chooses the Sink: one that writes nothing
  Layout layout = Layout::kNested;
  DataPlacement data = DataPlacement::kSeparate;
  /// A segment goes on in the next output from here on, unless it is in its table's.
  std::uint64_t segment_size = 32ull << 20;
  Reflink reflink = Reflink::kAuto;

  Dialect dialect = Dialect::kAuto;
  /// Glob over the source's path, and what it says; the last match wins.
  std::vector<std::pair<std::string, Dialect>> dialect_globs;
  Encoding encoding = Encoding::kAuto;
  std::vector<std::pair<std::string, Encoding>> encoding_globs;
  std::vector<std::pair<std::string, Priority>> priority_globs;
};

}  // namespace engine
