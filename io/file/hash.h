// Hash: XXH3, 128 bits, as the manifest writes it.
//
// Thread contract: a value.
// Units: 32 lower-case hexadecimal digits, the high 64 bits first; no seed.
// Errors: std::bad_alloc.
// Source: docs/manifest.md; libxxhash.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct XXH3_state_s;

namespace engine::io {

class Hash {
 public:
  Hash();

  void add(std::string_view bytes);
  std::string hex() const;

  static std::string of(std::string_view bytes);

 private:
  struct FreeState {
    void operator()(XXH3_state_s* state) const;
  };
  std::unique_ptr<XXH3_state_s, FreeState> state_;
};

}  // namespace engine::io
