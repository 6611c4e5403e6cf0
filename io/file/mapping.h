// Mapping: the bytes of an open file in memory, with readable padding behind them.
//
// Thread contract: loads from any thread; map() and destruction belong to the owner.
// Units: bytes. Behind the last one at least kReadablePadding more may be read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "io/file/sigbus_guard.h"

namespace engine::io {

enum class MapAccess : std::uint8_t {
  kGuarded,  ///< read-only; somebody else may truncate the file: see SigbusGuard
  kShared,   ///< readable and writable; a file without a name, which nobody else can reach
};

class Mapping {
 public:
  /// Empty, with errno, when it cannot be made. The file may be closed afterwards.
  static std::optional<Mapping> map(int fd, std::size_t size, MapAccess access);

  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&&) = delete;
  ~Mapping();

  std::string_view view() const { return {address_, size_}; }
  std::span<char> span() { return {address_, size_}; }

  /// True when the file was truncated, or could not be read, under a load.
  bool faulted() const { return guard_ && guard_->faulted(); }

 private:
  Mapping(char* address, std::size_t size, std::size_t reserved)
      : address_(address), size_(size), reserved_(reserved) {}

  char* address_;
  std::size_t size_;
  std::size_t reserved_;
  std::optional<SigbusGuard> guard_;
};

}  // namespace engine::io
