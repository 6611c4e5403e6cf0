#include "io/watch/expected_sources.h"

#include <algorithm>

namespace engine::io {

void ExpectedSources::add_recorded() {
  if (recorded_ == nullptr) return;
  for (Source& source : std::exchange(recorded_, nullptr)->take_not_found()) {
    std::string path = source.path;
    sources_.try_emplace(std::move(path), std::move(source));
  }
}

std::optional<ExpectedSources::Source> ExpectedSources::take(const std::string& path) {
  std::optional<Source> source;
  if (recorded_ != nullptr) source = recorded_->take(path);
  // What this run has seen is newer.
  if (const auto node = sources_.extract(path)) source = std::move(node.mapped());
  if (source && source->should_be_there) found_one_ = true;
  return source;
}

std::size_t ExpectedSources::all_missing() const {
  if (found_one_) return 0;
  return static_cast<std::size_t>(
      std::count_if(sources_.begin(), sources_.end(),
                    [](const auto& each) { return each.second.should_be_there; }));
}

}  // namespace engine::io
