// Hash: XXH3, 128 bits, as the manifest writes it.
//
// Thread contract: a value.
// Units: 32 lower-case hexadecimal digits, the high 64 bits first; no seed.
// Source: docs/manifest.md; libxxhash.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace engine::io {

class Hash {
 public:
  Hash();
  ~Hash();
  Hash(const Hash&) = delete;
  Hash& operator=(const Hash&) = delete;

  void add(std::string_view bytes);
  std::string hex() const;

  static std::string of(std::string_view bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace engine::io
