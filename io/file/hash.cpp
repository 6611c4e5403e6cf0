#include "io/file/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace engine::io {
namespace {

std::string to_hex(XXH128_hash_t hash) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(32);
  for (const XXH64_hash_t half : {hash.high64, hash.low64}) {
    for (int shift = 60; shift >= 0; shift -= 4) text.push_back(digits[(half >> shift) & 15]);
  }
  return text;
}

}  // namespace

struct Hash::State {
  XXH3_state_t xxh3;
};

Hash::Hash() : state_(std::make_unique<State>()) { XXH3_128bits_reset(&state_->xxh3); }
Hash::~Hash() = default;

void Hash::add(std::string_view bytes) {
  XXH3_128bits_update(&state_->xxh3, bytes.data(), bytes.size());
}

std::string Hash::hex() const { return to_hex(XXH3_128bits_digest(&state_->xxh3)); }

std::string Hash::of(std::string_view bytes) {
  return to_hex(XXH3_128bits(bytes.data(), bytes.size()));
}

}  // namespace engine::io
