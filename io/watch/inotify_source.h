// InotifySource: events by inotify, which names a directory by the number of its watch.
//
// Thread contract, errors: event_source.h.
// Source: inotify(7).
#pragma once

#include <memory>
#include <unordered_map>
#include <utility>

#include "io/base/descriptor.h"
#include "io/watch/event_source.h"

namespace engine::io {

class InotifySource final : public EventSource {
 public:
  static Result<std::unique_ptr<EventSource>> open();

  EventSourceKind kind() const override { return EventSourceKind::kInotify; }
  int descriptor() const override { return instance_.get(); }
  Result<void> watch(int directory_fd, DirectoryNumber number) override;
  void unwatch(DirectoryNumber number) override;
  void decode(std::span<const char> bytes, Reader& reader) override;

 private:
  explicit InotifySource(Descriptor instance) : instance_(std::move(instance)) {}

  const Descriptor instance_;
  std::unordered_map<int, DirectoryNumber> numbers_;
  std::unordered_map<DirectoryNumber, int> watches_;
};

}  // namespace engine::io
