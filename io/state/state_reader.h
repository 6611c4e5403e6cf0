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
#include <vector>

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

/// `engine retry`: the failed are pending again and asked for. How many there were.
Result<std::uint64_t> request_failed(const std::string& path);

/// The same of these, done or failed; of all or, where one of them is not on record or gone, of
/// none.
Result<std::uint64_t> request_sources(const std::string& path,
                                      const std::vector<std::string>& sources);

}  // namespace engine::io
