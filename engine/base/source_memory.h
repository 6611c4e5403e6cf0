// SourceMemory: where all that is kept of a source lies until its tree is published: the first few
// MiB as any memory does, what is more in files without a name, so that anonymous memory is bounded
// whatever a source holds.
//
// Thread contract: confined to one thread at a time.
// Cost: a few instructions for what is small; nothing goes back to the system before the end but
// what is larger than a block, and what is freed is used again for what has its size. Not so under
// the address sanitizer, which tells of whoever uses it still.
// Errors: std::bad_alloc. Where no file can be had, anonymous memory has to do. The tree is written
// where the files lie, so they never take more than a part of the room that is free there.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/file_source.h"

namespace engine {

class SourceMemory final : public std::pmr::memory_resource {
 public:
  /// `files` outlives it; null: all of it is anonymous.
  explicit SourceMemory(FileSource* files) : files_(files) {}
  ~SourceMemory() override;
  SourceMemory(const SourceMemory&) = delete;
  SourceMemory& operator=(const SourceMemory&) = delete;

  /// That lies in no file.
  std::uint64_t anonymous() const { return anonymous_; }

 private:
  // Sizes up to kExact are rounded to the next multiple of kUnit, larger ones to the next quarter
  // of a power of two.
  static constexpr std::size_t kUnit = 16;
  static constexpr std::size_t kExact = 512;
  static constexpr std::size_t kLargest = std::size_t{1} << 20;  // that is part of a block
  static constexpr std::size_t kClasses = kExact / kUnit + 1 + 4 * 11;

  struct Free {
    Free* next;
  };
  struct SizeClass {
    std::size_t index;
    std::size_t size;
  };
  struct Block {
    std::unique_ptr<Scratch> file;  // null: anonymous
    std::unique_ptr<std::byte[]> memory;
    std::span<std::byte> bytes;  // of either
  };

  static SizeClass class_of(std::size_t size);
  void* do_allocate(std::size_t size, std::size_t alignment) override;
  void do_deallocate(void* place, std::size_t size, std::size_t alignment) override;
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
  Block make_block(std::size_t size);
  void refill(std::size_t least);
  bool may_take_file(std::size_t size) const;

  FileSource* const files_;
  std::array<Free*, kClasses> free_{};
  std::byte* next_ = nullptr;  // what is left of the last block
  std::size_t left_ = 0;
  std::vector<Block> blocks_;
  std::unordered_map<void*, Block> large_;
  std::size_t in_blocks_ = 0;
  std::uint64_t in_files_ = 0;
  std::uint64_t anonymous_ = 0;
};

}  // namespace engine
