// source_requests: sources that are asked for once more, in the state store, beside an engine that
// writes it.
//
// Thread contract: free functions, safe from any thread.
// Errors: kNotFound, kUnreadable, kUnwritable, kInvalid: one line that says what next.
// Source: docs/state.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/result.h"

namespace engine::io {

struct SourceRequests {
  std::uint64_t queued = 0;
  std::vector<Error> not_queued;  ///< those that are not on record, or gone: one line for each
};

/// The failed are pending again and asked for.
Result<SourceRequests> request_failed(const std::string& path);
/// The same of these, done or failed, however their paths below INPUT are spelt.
Result<SourceRequests> request_sources(const std::string& path,
                                       const std::vector<std::string>& sources);

}  // namespace engine::io
