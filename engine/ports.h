// Ports: what the engine needs of the world. Only the first two must be given.
//
// Thread contract: the ports are called from several threads at once and outlive the engine.
// `clock` and `memory` are asked under locks of the engine, so they must not call it, nor wait for
// anybody who does; nor must the observers, which are told in the middle of its work.
// Errors: what `files` and `sink` throw fails the source at hand. The others must not throw: on a
// thread of the engine that may end the process.
#pragma once

#include "engine/clock.h"
#include "engine/file_source.h"
#include "engine/host_pressure.h"
#include "engine/intake.h"
#include "engine/memory_pressure.h"
#include "engine/sink.h"
#include "engine/source_report.h"
#include "engine/thread_placement.h"

namespace engine {

struct Ports {
  FileSource* files = nullptr;
  Sink* sink = nullptr;
  SourceObserver* observer = nullptr;
  IntakeObserver* intake = nullptr;
  Clock* clock = nullptr;
  MemoryPressure* memory = nullptr;
  HostPressure* pressure = nullptr;
  ThreadPlacement* placement = nullptr;
};

}  // namespace engine
