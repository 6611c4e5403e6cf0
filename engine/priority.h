// Priority: which of the waiting sources goes first. The numbers are those of the predecessor.
//
// Thread contract: a value.
// Errors: none; an unknown name is nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace engine {

enum class Priority : std::uint8_t { kCritical = 1, kNormal = 2, kBatch = 3 };

inline constexpr std::size_t kPriorityCount = 3;

/// 0 for CRITICAL, 1 for NORMAL, 2 for BATCH: an array index.
constexpr std::size_t priority_index(Priority priority) {
  return static_cast<std::size_t>(priority) - 1;
}

std::string_view priority_name(Priority priority);  ///< "critical", "normal", "batch"
std::optional<Priority> priority_from_name(std::string_view name);

}  // namespace engine
