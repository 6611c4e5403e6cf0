// StoreLock: one engine at a time has a state store, wherever that lies and whatever it is called.
//
//   PATH.lock   beside the file itself, where links have been followed; locked while an engine
//               runs, and never written to: it may be somebody's
//   the file    a byte far behind its end, once it is there: a hard link or a bind mount gives it
//               another PATH
//
// A store that is put elsewhere than in its OUTPUT may be named for two, each of which would take
// the other's records for its own while both run. One in the .engine of an OUTPUT is locked with
// that OUTPUT, and by its byte.
//
// SQLite locks bytes 0x40000000 to 0x400001ff of the file, and none behind them. Its locks belong
// to the process, which loses them when it closes any descriptor of the file: so this lock is given
// back after the store is closed. It belongs to the descriptor (fcntl(2), "Open file description
// locks"): it goes with its process, however that ends.
// Thread contract: belongs to one thread.
// Errors: one line that says what next.
// Source: docs/state.md; sqlite.org/lockingv3.html; sqlite.org/howtocorrupt.html, 2.2.
#pragma once

#include <string>

#include "engine/result.h"
#include "io/base/descriptor.h"

namespace engine::io {

class StoreLock {
 public:
  StoreLock() = default;

  /// Before the store at `path` is opened or made. `output` is locked already. What is nothing that
  /// can be a store is not locked: opening it says so.
  static Result<StoreLock> take(const std::string& path, const std::string& output);
  /// After it was opened, which may have made it.
  Result<void> take_made();

 private:
  explicit StoreLock(std::string path) : path_(std::move(path)) {}

  std::string path_;
  Descriptor beside_;
  Descriptor file_;
};

}  // namespace engine::io
