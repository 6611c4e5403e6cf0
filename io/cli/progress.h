// progress: how far a load has come, in one line.
//
// Thread contract: a pure function.
// Units: seconds since the load began.
#pragma once

#include <cstdint>
#include <string>

#include "io/cli/load_report.h"

namespace engine::io {

struct ProgressTotal {
  std::uint64_t sources = 0;
  std::uint64_t bytes = 0;
};

/// "412/1000 files  20.1/50.0 MB  8,120 objects  350 files/s  17.2 MB/s  ETA 0:02"
std::string progress_text(const Progress& done, const ProgressTotal& total, double seconds);

}  // namespace engine::io
