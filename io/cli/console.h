// Console: standard error, where whole lines appear above at most one progress line.
//
// Whoever reads is waited for, until somebody is in a hurry (line_writer.h).
// Thread contract: every method from any thread.
// Errors: what cannot be written is lost; there is nobody left to tell.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "io/cli/line_writer.h"

namespace engine::io {

class Console {
 public:
  Console();
  ~Console();  ///< clear_progress()
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  /// Only a terminal shows progress; elsewhere no control character is ever written.
  bool shows_progress() const { return shows_progress_; }

  void line(std::string_view text);

  /// From here on nothing waits for a reader who stands still.
  void hurry() { patience_.hurry(); }
  const ReaderPatience& patience() const { return patience_; }

  /// Replaces the progress line; cut off where the terminal ends. Does not wait.
  void progress(std::string_view text);
  void clear_progress();

 private:
  void erase_progress(std::string& to);

  const bool shows_progress_;
  ReaderPatience patience_;
  std::mutex mutex_;
  LineWriter out_;               // written under mutex_
  bool progress_shown_ = false;  // guarded by mutex_
};

/// Writes to standard output and makes sure that it arrived; false when it did not.
bool print(std::string_view text);

}  // namespace engine::io
