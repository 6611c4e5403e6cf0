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

/// The failed are pending again and asked for. How many there were.
Result<std::uint64_t> request_failed(const std::string& path);

/// The same of these, done or failed, however their paths below INPUT are spelt; of all or, where
/// one of them is not on record or gone, of none.
Result<std::uint64_t> request_sources(const std::string& path,
                                      const std::vector<std::string>& sources);

}  // namespace engine::io
