#include "io/watch/expected_sources.h"

#include <fmt/format.h>

#include <algorithm>

namespace engine::io {

std::optional<ExpectedSources::Source> ExpectedSources::take(const std::string& path) {
  const auto node = sources_.extract(path);
  if (node.empty()) return std::nullopt;
  if (node.mapped().should_be_there) found_one();
  return std::move(node.mapped());
}

void ExpectedSources::found_one() {
  if (!is_since_ever()) state_ = FolderState::kSame;
}

void ExpectedSources::look_elsewhere(std::int64_t now_ns) {
  if (all_missing() == 0) since_ns_ = now_ns;
  if (state_ == FolderState::kSame) state_ = FolderState::kUnknown;
}

FolderState ExpectedSources::conclude(bool knows_all) {
  if (all_missing() != 0) {
    state_ = FolderState::kOther;
    if (!missing_since_ns_) missing_since_ns_ = since_ns_;
  } else if (knows_all || state_ == FolderState::kSame) {
    state_ = FolderState::kSame;
    missing_since_ns_.reset();
  } else if (!missing_since_ns_) {
    missing_since_ns_ = since_ns_;
  }
  return state_;
}

std::size_t ExpectedSources::all_missing() const {
  if (state_ == FolderState::kSame) return 0;
  return static_cast<std::size_t>(
      std::count_if(sources_.begin(), sources_.end(),
                    [](const auto& each) { return each.second.should_be_there; }));
}

std::string ExpectedSources::missing_text(const std::string& folder) const {
  const std::size_t count = all_missing();
  const bool is_one = count == 1;
  std::string what = is_one ? "the one source that it held is not there"
                            : fmt::format("holds none of the {} sources that it held", count);
  if (is_since_ever() && !is_one) {
    what = fmt::format("{} sources that it may have held are not there", count);
  }
  const char* const until = is_one            ? "it is"
                            : is_since_ever() ? "all of them are"
                                              : "one of them is";
  return fmt::format(
      "{}: {}: is its file system mounted? Is it the right folder? The trees stay until {} there "
      "again; delete those of what is gone for good",
      folder, what, until);
}

}  // namespace engine::io
