#include "io/watch/event_source.h"

#include "io/watch/fanotify_source.h"
#include "io/watch/inotify_source.h"

namespace engine::io {
namespace {

class PollingSource final : public EventSource {
 public:
  EventSourceKind kind() const override { return EventSourceKind::kPolling; }
  int descriptor() const override { return -1; }
  Result<void> watch(int, DirectoryNumber) override {
    return fail(ErrorCode::kInvalid, "polling was asked for");
  }
  void unwatch(DirectoryNumber) override {}
  void decode(std::span<const char>, Reader&) override {}
};

}  // namespace

Result<std::unique_ptr<EventSource>> open_event_source(EventSourceKind kind) {
  switch (kind) {
    case EventSourceKind::kFanotifyFilesystem:
      return FanotifySource::open(FanotifySource::Mark::kFilesystem);
    case EventSourceKind::kFanotifyDirectory:
      return FanotifySource::open(FanotifySource::Mark::kDirectory);
    case EventSourceKind::kInotify:
      return InotifySource::open();
    default:
      return std::make_unique<PollingSource>();
  }
}

}  // namespace engine::io
