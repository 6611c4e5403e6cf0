// Engine: settled paths in, published trees out.
//
//   engine::Engine engine(options, {&files, &sink});
//   if (auto started = engine.start(); !started) ...
//   engine.submit("AdventureWorks.sql", engine::Priority::kNormal);
//   engine.shutdown(/*wait_for_completion=*/true);
//
// Thread contract: start() and shutdown() from one thread; observe(), submit(), flush_now() and
// stats() from any thread between them. The ports must outlive the engine and be safe to call from
// any thread.
// Errors: a source that fails is counted, reported to the observer and costs nothing else.
#pragma once

#include <memory>
#include <string>

#include "engine/file_event.h"
#include "engine/intake.h"
#include "engine/options.h"
#include "engine/ports.h"
#include "engine/priority.h"
#include "engine/result.h"
#include "engine/stats.h"

namespace engine {

class Engine {
 public:
  Engine(Options options, Ports ports);
  ~Engine();  ///< shutdown(true), if that has not been done
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Once, before everything else. Fails when the system has no more threads: the engine is then
  /// stopped.
  [[nodiscard]] Result<void> start();

  /// An event: the path is queued when it has fallen quiet (Options::debounce_window). Never waits,
  /// and takes the event whatever it answers: kFull asks the caller to bring no more until
  /// IntakeObserver::intake_opened(). Once shutdown() has begun the event is dropped and the answer
  /// is kFull, behind which no intake_opened() comes.
  Intake observe(const FileEvent& event);

  /// A path that needs no settling. Waits while the queue is full or memory is short; false once
  /// the engine stops.
  bool submit(const std::string& path, Priority priority);

  /// Queues everything that observe() has seen and is still waiting.
  void flush_now();

  Stats stats() const;

  /// True: everything observed and submitted is processed first, but for what waits for room on the
  /// output's disk. False: what waits is dropped (a rescan at the next start finds it); what runs
  /// is finished. After Options::stop_timeout what runs is given up, too, and nothing of it
  /// published.
  void shutdown(bool wait_for_completion);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace engine
