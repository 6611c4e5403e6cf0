// FanotifySource: events by fanotify, which names a directory by its file handle.
//
// Thread contract, errors: event_source.h.
// Source: fanotify(7), name_to_handle_at(2). FAN_REPORT_DFID_NAME is of Linux 5.9, directory marks
// without privilege of 5.13.
#pragma once

#include <sys/types.h>

#include <memory>
#include <set>
#include <string>
#include <unordered_map>

#include "io/base/descriptor.h"
#include "io/watch/event_source.h"

struct fanotify_event_metadata;

namespace engine::io {

class FanotifySource final : public EventSource {
 public:
  enum class Mark : std::uint8_t { kFilesystem, kDirectory };

  static Result<std::unique_ptr<EventSource>> open(Mark mark);

  EventSourceKind kind() const override {
    return mark_ == Mark::kFilesystem ? EventSourceKind::kFanotifyFilesystem
                                      : EventSourceKind::kFanotifyDirectory;
  }
  int descriptor() const override { return group_.get(); }
  Result<void> watch(int directory_fd, DirectoryNumber number) override;
  void unwatch(DirectoryNumber number) override;
  void decode(std::span<const char> bytes, Reader& reader) override;

 private:
  FanotifySource(Mark mark, Descriptor group) : mark_(mark), group_(std::move(group)) {}
  Result<void> mark_directory(int directory_fd) const;
  Result<void> mark_filesystem(int directory_fd);
  void decode_event(const fanotify_event_metadata& event, std::span<const char> records,
                    Reader& reader) const;

  const Mark mark_;
  const Descriptor group_;
  std::set<dev_t> marked_filesystems_;
  // A handle as it stands in an event: file system, type, bytes.
  std::unordered_map<std::string, DirectoryNumber> numbers_;
  std::unordered_map<DirectoryNumber, std::string> handles_;
  mutable std::string key_;  // of the event at hand; kept for its memory
};

}  // namespace engine::io
