// xxh3_update_avx2(): the update of an XXH3 state by AVX2, for a processor that has it; twice as
// fast as by SSE2, which every x86-64 has. ENGINE_HASH_AVX2 is defined where it was compiled.
//
// Thread contract: one thread a state.
#pragma once

#include <cstddef>

namespace engine::source {

/// `state` is an XXH3_state_t, which has one layout for all processors.
void xxh3_update_avx2(void* state, const void* bytes, std::size_t size);

}  // namespace engine::source
