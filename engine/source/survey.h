// Survey: what only the whole of a source tells (its hash, whether it is UTF-8, how its lines end),
// found out in short stretches right behind the splitter, while they are in the cache.
//
// Thread contract: confined to one thread; borrows the text and the bytes.
// Units: bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/source/content_hash.h"

namespace engine::source {

class Survey {
 public:
  /// `bytes` as they are on disk; `text`, which is split, is what stands behind their mark, or was
  /// made from it. Whether it is UTF-8 is looked at where it is expected.
  Survey(std::string_view bytes, std::size_t mark_length, std::string_view text, bool expects_utf8);

  /// The splitter has come so far. Short of a stretch nothing happens, nor where it was before.
  void follow(std::uint64_t position) {
    if (position >= looked_ + kStretch) look_until(static_cast<std::size_t>(position));
  }
  void finish() { look_until(text_.size()); }

  /// UTF-8 was expected, and there is a byte that is none.
  bool has_failed() const { return !is_utf8_; }

  // After finish():

  /// "lf", "crlf", "cr", "mixed", "none".
  std::string_view line_ends() const;
  /// Of `bytes`, as content_hash() writes it.
  std::string hash() const;

 private:
  static constexpr std::size_t kStretch = 16 << 10;

  void look_until(std::size_t end);
  void check_utf8(std::size_t end, bool is_ascii);

  const std::string_view bytes_;
  const std::string_view text_;
  const bool is_part_;  // the text of the bytes
  const bool expects_utf8_;
  ContentHasher hasher_;
  std::size_t looked_ = 0;
  std::size_t utf8_until_ = 0;  // behind it, at most the beginning of a character has been seen
  bool is_utf8_ = true;
  std::uint64_t feeds_ = 0;
  std::uint64_t returns_ = 0;
  std::uint64_t pairs_ = 0;
};

}  // namespace engine::source
