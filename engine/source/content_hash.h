// content_hash: XXH3, 128 bits, as the manifest writes it.
//
// Thread contract: pure functions; a ContentHasher is confined to one thread.
// Units: 32 lower-case hexadecimal digits, the high 64 bits first; no seed.
// Errors: std::bad_alloc.
// Source: docs/manifest.md; libxxhash.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct XXH3_state_s;

namespace engine::source {

using HashText = std::array<char, 32>;
HashText hash_text(std::span<const std::string_view> pieces);

std::string content_hash(std::string_view bytes);

/// Of the pieces as one text.
std::string content_hash(std::span<const std::string_view> pieces);

/// The same of a text that comes in pieces.
class ContentHasher {
 public:
  ContentHasher();

  void add(std::string_view bytes);
  HashText text() const;
  std::string hex() const;  ///< the same as a string

 private:
  struct FreeState {
    void operator()(XXH3_state_s* state) const;
  };
  std::unique_ptr<XXH3_state_s, FreeState> state_;
};

}  // namespace engine::source
