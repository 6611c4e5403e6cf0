// SourceRecord: what the state store says of one source; SourceChange: what is to be said of it.
//
// Thread contract: values.
// Units: nanoseconds; points in time since the epoch, 0 where it never came to that.
// Source: docs/state.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/priority.h"
#include "engine/result.h"
#include "engine/source_version.h"
#include "io/base/durability.h"

namespace engine::io {

enum class SourceState : std::uint8_t { kPending, kRunning, kDone, kFailed, kGone };

std::string_view state_name(SourceState state);
std::optional<SourceState> state_from_name(std::string_view name);

struct SourceRecord {
  std::string path;
  SourceState state = SourceState::kPending;
  Priority priority = Priority::kNormal;
  bool requested = false;  ///< `engine retry` asked for it, and nobody has taken it up yet
  std::string tree;
  SourceVersion version;
  std::string hash;
  std::int64_t options = 0;  ///< OutputOptions, as the store numbers them; 0: none
  Durability durability = Durability::kProcess;
  std::int64_t attempts = 0;
  std::string error;
  std::int64_t queued_ns = 0;
  std::int64_t started_ns = 0;
  std::int64_t finished_ns = 0;
  std::int64_t elapsed_ns = 0;
};

struct SourceChange {
  enum class Kind : std::uint8_t {
    kQueued,     ///< pending: path, priority, version, tree
    kStarted,    ///< running: path
    kWaits,      ///< pending again, as an attempt failed or found nothing: path, attempts, error
    kFinished,   ///< done or failed: all of it but priority, queued and started; a version of zeros
                 ///< leaves the one that is recorded
    kUnchanged,  ///< done still: path, version
    kGone,       ///< path, tree
    kForgotten,  ///< no record any more, if it is gone: path
    kDropped,    ///< nothing: a later change of the same group says more
  };
  Kind kind = Kind::kQueued;
  SourceRecord record;
  /// Of a source that is done: its tree is of this run, so it has to be made durable.
  bool is_written = true;
  /// Called on the store's thread when the tree of a source that is done could not be made durable,
  /// before that is recorded. True: the source will be done once more, so it is pending, and
  /// recorded() is not called. False, or empty: it has failed after all.
  std::function<bool(const Error&)> not_durable = {};
  /// Called on the store's thread when the change is recorded, or cannot be. With an error the
  /// source has failed after all.
  std::function<void(const std::optional<Error>&)> recorded = {};
};

}  // namespace engine::io
