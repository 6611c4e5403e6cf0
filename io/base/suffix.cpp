#include "io/base/suffix.h"

#include <algorithm>
#include <array>

namespace engine::io {
namespace {

struct CompressedSuffix {
  std::string_view text;
  Compression compression;
};

constexpr std::array<CompressedSuffix, 4> kCompressed = {{{".gz", Compression::kGzip},
                                                          {".zst", Compression::kZstd},
                                                          {".xz", Compression::kXz},
                                                          {".bz2", Compression::kBzip2}}};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

const CompressedSuffix* compressed_suffix(std::string_view name) {
  const auto* const found =
      std::find_if(kCompressed.begin(), kCompressed.end(),
                   [&](const CompressedSuffix& suffix) { return has_suffix(name, suffix.text); });
  return found == kCompressed.end() ? nullptr : found;
}

}  // namespace

bool has_suffix(std::string_view name, std::string_view suffix) {
  return name.size() >= suffix.size() &&
         std::equal(suffix.begin(), suffix.end(), name.end() - static_cast<long>(suffix.size()),
                    [](char wanted, char found) { return wanted == lower(found); });
}

Compression compression_of(std::string_view name) {
  const CompressedSuffix* const suffix = compressed_suffix(name);
  return suffix == nullptr ? Compression::kNone : suffix->compression;
}

std::string_view without_compression(std::string_view name) {
  const CompressedSuffix* const suffix = compressed_suffix(name);
  return suffix == nullptr ? name : name.substr(0, name.size() - suffix->text.size());
}

}  // namespace engine::io
