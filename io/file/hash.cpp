#include "io/file/hash.h"

#include <xxhash.h>
#if __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>  // the library then asks which vector units the processor has
#endif

#include <new>

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

Hash::Hash() : state_(XXH3_createState()) {
  if (!state_ || XXH3_128bits_reset(state_.get()) != XXH_OK) throw std::bad_alloc();
}
void Hash::FreeState::operator()(XXH3_state_s* state) const { XXH3_freeState(state); }

void Hash::add(std::string_view bytes) {
  XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
}

std::string Hash::hex() const { return to_hex(XXH3_128bits_digest(state_.get())); }

std::string Hash::of(std::string_view bytes) {
  return to_hex(XXH3_128bits(bytes.data(), bytes.size()));
}

}  // namespace engine::io
