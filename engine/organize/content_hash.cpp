#include "engine/organize/content_hash.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

namespace engine::organize {
namespace {

std::string hex(XXH128_hash_t hash) {
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace

std::string content_hash(std::string_view bytes) {
  return hex(XXH3_128bits(bytes.data(), bytes.size()));
}

std::string content_hash(std::span<const std::string_view> pieces) {
  if (pieces.size() == 1) return content_hash(pieces.front());
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  for (const std::string_view piece : pieces) {
    XXH3_128bits_update(&state, piece.data(), piece.size());
  }
  return hex(XXH3_128bits_digest(&state));
}

}  // namespace engine::organize
