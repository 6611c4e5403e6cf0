// When libhwy is loaded it finds out how fine the processor's timer is, for benchmarks: 3.5 ms of
// each start of the program, a quarter of it, and nobody here asks. This stands in its place: what
// a program defines comes before what its libraries do.

#include <cstdint>

namespace hwy::platform {

std::uint64_t TimerResolution();

std::uint64_t TimerResolution() { return 1; }

}  // namespace hwy::platform
