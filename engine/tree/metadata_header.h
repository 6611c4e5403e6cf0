// metadata_header(): the comment lines at the head of an output that say what it is and where it
// comes from; lead_in(): those that only take up room.
//
// Thread contract: pure.
#pragma once

#include <string>
#include <string_view>

#include "engine/organize/draft.h"

namespace engine::tree {

/// Every line is an SQL comment and ends with `line_end`; no name can break out of it.
std::string metadata_header(const organize::Draft& draft, std::string_view source,
                            std::string_view text, std::string_view line_end);

/// Comment lines of so many bytes, which move what stands behind them to where blocks of the source
/// can be shared. A few more where there is no comment so short: `block` more.
std::string lead_in(std::size_t length, std::size_t block, std::string_view line_end);

}  // namespace engine::tree
