#include "engine/source/content_hash.h"

#include <fmt/format.h>
#include <xxhash.h>
#if __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>  // the library then asks which vector units the processor has
#endif

#include <new>

namespace engine::source {
namespace {

HashText digits(XXH128_hash_t hash) {
  HashText text;
  fmt::format_to(text.data(), "{:016x}{:016x}", hash.high64, hash.low64);
  return text;
}

std::string hex(const HashText& digits) { return {digits.data(), digits.size()}; }

}  // namespace

ContentHasher::ContentHasher() : state_(XXH3_createState()) {
  if (!state_ || XXH3_128bits_reset(state_.get()) != XXH_OK) throw std::bad_alloc();
}
void ContentHasher::FreeState::operator()(XXH3_state_s* state) const { XXH3_freeState(state); }
void ContentHasher::add(std::string_view bytes) {
  XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
}
HashText ContentHasher::text() const { return digits(XXH3_128bits_digest(state_.get())); }
std::string ContentHasher::hex() const { return source::hex(text()); }

std::string content_hash(std::string_view bytes) {
  return hex(digits(XXH3_128bits(bytes.data(), bytes.size())));
}

HashText hash_text(std::span<const std::string_view> pieces) {
  ContentHasher hasher;
  for (const std::string_view piece : pieces) hasher.add(piece);
  return hasher.text();
}

std::string content_hash(std::span<const std::string_view> pieces) {
  return hex(hash_text(pieces));
}

}  // namespace engine::source
