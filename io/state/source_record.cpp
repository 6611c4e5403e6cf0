#include "io/state/source_record.h"

#include <array>

namespace engine::io {
namespace {

constexpr std::array<std::string_view, 5> kStateNames = {"pending", "running", "done", "failed",
                                                         "gone"};

}  // namespace

std::string_view state_name(SourceState state) {
  return kStateNames[static_cast<std::size_t>(state)];
}

std::optional<SourceState> state_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kStateNames.size(); ++i) {
    if (kStateNames[i] == name) return static_cast<SourceState>(i);
  }
  return std::nullopt;
}

}  // namespace engine::io
