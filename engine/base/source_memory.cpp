#include "engine/base/source_memory.h"

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

#include "engine/base/asan.h"

namespace engine {
namespace {

constexpr std::size_t kAnonymous = std::size_t{4} << 20;  // of one source; the rest is in files
constexpr std::size_t kLeastBlock = std::size_t{32} << 10;
constexpr std::size_t kMostAnonymousBlock = std::size_t{1} << 20;
constexpr std::size_t kLeastFile = std::size_t{4} << 20;  // what a file costs is nothing beside it
constexpr std::size_t kMostFile = std::size_t{32} << 20;
// Sources that are done at the same time, their trees and what else is written want room as well.
constexpr std::uint64_t kShareOfRoom = 8;

}  // namespace

SourceMemory::~SourceMemory() {
  for (const Block& block : blocks_) asan_unpoison(block.bytes.data(), block.bytes.size());
}

SourceMemory::SizeClass SourceMemory::class_of(std::size_t size) {
  const auto round_up = [size](std::size_t unit) { return (size + unit - 1) / unit * unit; };
  if (size <= kExact) {
    const std::size_t rounded = std::max(round_up(kUnit), kUnit);
    return {rounded / kUnit, rounded};
  }
  const auto power = static_cast<std::size_t>(std::bit_width(size - 1)) - 1;  // of two, below it
  const std::size_t quarter = std::size_t{1} << (power - 2);
  const std::size_t rounded = round_up(quarter);
  const std::size_t quarters = rounded / quarter - 4;  // 1 to 4
  constexpr auto kFirstPower = static_cast<std::size_t>(std::bit_width(kExact)) - 1;
  return {kExact / kUnit + (power - kFirstPower) * 4 + quarters, rounded};
}

void* SourceMemory::do_allocate(std::size_t size, std::size_t alignment) {
  if (alignment > kUnit) throw std::bad_alloc();
  if (size > kLargest) {
    Block block = make_block(size);
    std::byte* const place = block.bytes.data();
    large_.emplace(place, std::move(block));
    return place;
  }
  const SizeClass of = class_of(size);
  if (Free* const freed = free_[of.index]; freed != nullptr) {
    free_[of.index] = freed->next;
    return freed;
  }
  if (left_ < of.size) refill(of.size);
  left_ -= of.size;
  asan_unpoison(next_, size);
  return std::exchange(next_, next_ + of.size);
}

void SourceMemory::do_deallocate(void* place, std::size_t size, std::size_t /*alignment*/) {
  if (size > kLargest) {
    const auto block = large_.find(place);
    (block->second.file == nullptr ? anonymous_ : in_files_) -= size;
    large_.erase(block);
    return;
  }
  const SizeClass of = class_of(size);
  if constexpr (kHasAsan) return asan_poison(place, of.size);
  Free*& first = free_[of.index];
  first = ::new (place) Free{first};
}

void SourceMemory::refill(std::size_t least) {
  const bool in_file = anonymous_ >= kAnonymous;
  const std::size_t usual = in_file ? std::clamp(in_blocks_, kLeastFile, kMostFile)
                                    : std::clamp(in_blocks_, kLeastBlock, kMostAnonymousBlock);
  const std::size_t size = std::max(usual, least);
  blocks_.push_back(make_block(size));
  next_ = blocks_.back().bytes.data();
  left_ = size;
  asan_poison(next_, size);
  in_blocks_ += size;
}

bool SourceMemory::may_take_file(std::size_t size) const {
  return files_ != nullptr && in_files_ + size <= files_->scratch_room() / kShareOfRoom;
}

SourceMemory::Block SourceMemory::make_block(std::size_t size) {
  Block block;
  if (anonymous_ + size > kAnonymous + kMostAnonymousBlock && may_take_file(size)) {
    if (auto file = files_->scratch(size)) {
      in_files_ += size;
      block.file = std::move(*file);
      block.bytes = std::as_writable_bytes(block.file->bytes());
      return block;
    }
  }
  block.memory.reset(new std::byte[size]);
  block.bytes = {block.memory.get(), size};
  anonymous_ += size;
  return block;
}

}  // namespace engine
