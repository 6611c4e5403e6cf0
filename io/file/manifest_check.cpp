#include "io/file/manifest_check.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "io/file/beneath.h"
#include "io/file/output_root.h"

namespace engine::io {
namespace {

struct Stretch {
  std::uint64_t offset;
  std::uint64_t length;
};

// Where the stretches stop to follow each other from `begin` to `end`; empty when they tile it.
std::string hole(std::vector<Stretch>& stretches, std::uint64_t begin, std::uint64_t end) {
  std::sort(stretches.begin(), stretches.end(), [](const Stretch& a, const Stretch& b) {
    return std::pair(a.offset, a.length) < std::pair(b.offset, b.length);
  });
  std::uint64_t at = begin;
  for (const Stretch& stretch : stretches) {
    if (stretch.offset < at) return "overlap at byte " + std::to_string(stretch.offset);
    if (stretch.offset > at) return "leave a gap at byte " + std::to_string(at);
    if (stretch.length > end || stretch.offset > end - stretch.length) {
      return "go beyond the end, byte " + std::to_string(end);
    }
    at = stretch.offset + stretch.length;
  }
  return at == end ? "" : "leave a gap at byte " + std::to_string(at);
}

tl::unexpected<Error> invalid(const std::string& shown, const std::string& what) {
  return fail(ErrorCode::kInvalid, shown + ": " + what);
}

bool is_hash(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<void> check_output(const Manifest& manifest, const Manifest::Output& output,
                          const std::string& shown) {
  if (!is_plain_path(output.path) || output.path == kManifestName) {
    return invalid(shown, "an output's path leads out of the tree: " + output.path);
  }
  if (!is_hash(output.hash)) return invalid(shown, "no hash of " + output.path);
  for (const std::size_t other : output.behind) {
    if (other >= manifest.outputs.size()) {
      return invalid(shown, output.path + " comes behind an output that there is not");
    }
  }
  std::vector<Stretch> stretches;
  stretches.reserve(output.added.size() + output.pieces.size());
  for (const Manifest::Added& added : output.added) {
    stretches.push_back({added.offset, added.length});
  }
  for (const Manifest::Piece& piece : output.pieces) {
    const bool copied = piece.raw || manifest.source.is_copied();
    if (copied && piece.output_length != piece.length) {
      return invalid(shown,
                     "a piece of " + output.path + " changes its length without transcoding");
    }
    stretches.push_back({piece.output_offset, piece.output_length});
  }
  const std::string wrong = hole(stretches, 0, output.size);
  if (!wrong.empty()) {
    return invalid(shown, "the added bytes and pieces of " + output.path + " " + wrong);
  }
  return {};
}

}  // namespace

Result<void> check_manifest(const Manifest& manifest, const std::string& shown) {
  if (!is_plain_path(manifest.source.path)) {
    return invalid(shown, "the source's path leads out of the input: " + manifest.source.path);
  }
  if (!is_hash(manifest.source.hash)) return invalid(shown, "no hash of the source");
  std::unordered_set<std::string_view> paths;
  std::vector<Stretch> stretches;
  for (const Manifest::Output& output : manifest.outputs) {
    if (!paths.insert(output.path).second) {
      return invalid(shown, "two outputs have the path " + output.path);
    }
    Result<void> possible = check_output(manifest, output, shown);
    if (!possible) return possible;
    for (const Manifest::Piece& piece : output.pieces) {
      stretches.push_back({piece.offset, piece.length});
    }
  }
  for (const Manifest::Piece& piece : manifest.dropped) {
    stretches.push_back({piece.offset, piece.length});
  }
  const std::uint64_t begin = manifest.source.mark().size();
  const std::string wrong = hole(stretches, begin, manifest.source.size);
  if (!wrong.empty()) {
    return invalid(shown, "the pieces do not tile the source: they " + wrong);
  }
  return {};
}

}  // namespace engine::io
