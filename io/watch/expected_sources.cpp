#include "io/watch/expected_sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "io/watch/version_age.h"

namespace engine::io {

ExpectedSources::ExpectedSources(RecordedVersions* recorded)
    : recorded_(recorded), since_ns_(file_time_now_ns()) {}

void ExpectedSources::look_elsewhere() {
  if (all_missing() == 0) since_ns_ = file_time_now_ns();
  found_one_ = false;
}

void ExpectedSources::add_recorded() {
  if (recorded_ == nullptr || std::exchange(added_recorded_, true)) return;
  for (Source& source : recorded_->take_not_found()) {
    std::string path = source.path;
    sources_.try_emplace(std::move(path), std::move(source));
  }
}

std::optional<ExpectedSources::Source> ExpectedSources::take(const std::string& path) {
  std::optional<Source> source;
  if (recorded_ != nullptr && !added_recorded_) source = recorded_->take(path);
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

void ExpectedSources::note_what_is_missing() const {
  if (recorded_ == nullptr) return;
  if (all_missing() != 0) {
    recorded_->note_missing(since_ns_);
  } else if (found_one_ || added_recorded_) {
    recorded_->note_none_missing();
  }
}

std::string holds_none_of(const std::string& folder, std::uint64_t sources) {
  const bool is_one = sources == 1;
  const std::string what = is_one
                               ? "the one source that it held is not there"
                               : fmt::format("holds none of the {} sources that it held", sources);
  return fmt::format(
      "{}: {}: is its file system mounted? Is it the right folder? The trees stay until {} is "
      "there again; delete those of what is gone for good",
      folder, what, is_one ? "it" : "one of them");
}

}  // namespace engine::io
