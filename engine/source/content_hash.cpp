#include "engine/source/content_hash.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

#include "engine/source/hash_avx2.h"

namespace engine::source {
namespace {

HashText digits(XXH128_hash_t hash) {
  HashText text;
  fmt::format_to(text.data(), "{:016x}{:016x}", hash.high64, hash.low64);
  return text;
}

std::string hex(XXH128_hash_t hash) {
  const HashText text = digits(hash);
  return {text.data(), text.size()};
}

#ifdef ENGINE_HASH_AVX2
bool has_avx2() {
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
}
#endif

void update(XXH3_state_t* state, std::string_view bytes) {
#ifdef ENGINE_HASH_AVX2
  if (has_avx2()) return xxh3_update_avx2(state, bytes.data(), bytes.size());
#endif
  XXH3_128bits_update(state, bytes.data(), bytes.size());
}

}  // namespace

struct ContentHasher::State {
  XXH3_state_t xxh3;
};

ContentHasher::ContentHasher() : state_(std::make_unique<State>()) {
  XXH3_128bits_reset(&state_->xxh3);
}
ContentHasher::~ContentHasher() = default;
void ContentHasher::add(std::string_view bytes) { update(&state_->xxh3, bytes); }
std::string ContentHasher::hex() const { return source::hex(XXH3_128bits_digest(&state_->xxh3)); }

std::string content_hash(std::string_view bytes) {
  constexpr std::size_t kLong = 64 << 10;
  if (bytes.size() >= kLong) return content_hash(std::span(&bytes, 1));
  return hex(XXH3_128bits(bytes.data(), bytes.size()));
}

HashText hash_text(std::span<const std::string_view> pieces) {
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  for (const std::string_view piece : pieces) update(&state, piece);
  return digits(XXH3_128bits_digest(&state));
}

std::string content_hash(std::span<const std::string_view> pieces) {
  const HashText text = hash_text(pieces);
  return {text.data(), text.size()};
}

}  // namespace engine::source
