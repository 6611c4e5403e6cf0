// StateReader: the state store for commands that look at it, beside an engine that writes it.
//
// Thread contract: belongs to one thread.
// Errors: kNotFound, kUnreadable, kInvalid: one line that says what next.
// Source: docs/state.md.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/result.h"
#include "io/state/database.h"
#include "io/state/source_record.h"

namespace engine::io {

class StateReader {
 public:
  static Result<StateReader> open(const std::string& path);

  /// How many sources are in each state; the index is the state's number.
  using Counts = std::array<std::uint64_t, 5>;
  Result<Counts> counts();
  Result<void> each(SourceState state, const std::function<void(const SourceRecord&)>& call);
  /// Nothing where none is on record, or it cannot be read.
  std::optional<SourceRecord> find(const std::string& path);

 private:
  StateReader() = default;
  tl::unexpected<Error> cannot_read() const;

  std::string path_;
  std::unique_ptr<Database> database_;
};

}  // namespace engine::io
