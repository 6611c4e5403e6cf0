// EventSource: where the news of a folder comes from: fanotify, inotify, or nowhere.
//
// The source knows directories by numbers that its user gives them. What it tells is a hint: "look
// at this name in that directory".
// Thread contract: one thread. The descriptor is non-blocking.
// Errors: watch() says why a directory cannot be watched; its user then looks at it now and again.
// Source: fanotify(7), fanotify_init(2), fanotify_mark(2), inotify(7).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/result.h"

namespace engine::io {

/// In the order of --event-source's values.
enum class EventSourceKind : std::uint8_t {
  kAuto,
  kFanotifyFilesystem,  ///< one mark for a whole file system; needs CAP_SYS_ADMIN
  kFanotifyDirectory,   ///< a mark for each directory
  kInotify,
  kPolling,  ///< never tells anything: whoever watches has to look
};
inline constexpr std::array<std::string_view, 5> kEventSourceNames = {
    "auto", "fanotify-filesystem", "fanotify-directory", "inotify", "polling"};

using DirectoryNumber = std::uint32_t;

/// One name in one watched directory. Events of one name may have been merged, so several may be
/// set, in no order.
struct Notice {
  DirectoryNumber directory = 0;
  std::string_view name;
  bool is_directory = false;
  bool appeared = false;  ///< created or linked: somebody may be writing it
  bool complete = false;  ///< closed by a writer, or moved here
  bool vanished = false;  ///< deleted or moved away
  bool touched = false;   ///< its permissions, its owner, its times or the like were changed
};

class EventSource {
 public:
  virtual ~EventSource() = default;

  virtual EventSourceKind kind() const = 0;
  /// -1 when there is none.
  virtual int descriptor() const = 0;

  /// From here on, what happens to the entries of the directory is told. A number that was watched
  /// may be used for another directory.
  virtual Result<void> watch(int directory_fd, DirectoryNumber number) = 0;
  virtual void unwatch(DirectoryNumber number) = 0;

  class Reader {
   public:
    virtual ~Reader() = default;
    /// `notice.name` is valid during the call.
    virtual void on_notice(const Notice& notice) = 0;
    /// Events were lost.
    virtual void on_overflow() = 0;
  };
  /// `bytes` is what a read of the descriptor gave.
  virtual void decode(std::span<const char> bytes, Reader& reader) = 0;
};

/// A source of just that kind (not kAuto); whether it works in a folder is seen by trying.
Result<std::unique_ptr<EventSource>> open_event_source(EventSourceKind kind);

}  // namespace engine::io
