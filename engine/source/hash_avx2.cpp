// Compiled with -mavx2, so nothing is included that another file could share inline code with.
#define XXH_INLINE_ALL
#include "engine/source/hash_avx2.h"

#include <xxhash.h>

namespace engine::source {

void xxh3_update_avx2(void* state, const void* bytes, std::size_t size) {
  XXH3_128bits_update(static_cast<XXH3_state_t*>(state), bytes, size);
}

}  // namespace engine::source
