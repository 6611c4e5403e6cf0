#include "io/cli/progress.h"

#include <fmt/format.h>

#include "io/cli/figures.h"

namespace engine::io {
namespace {

// By bytes, because a source of a gigabyte takes longer than one of a kilobyte; by files where all
// of them are empty.
double done_share(const Progress& done, const ProgressTotal& total) {
  const bool by_bytes = total.bytes != 0;
  const auto part = static_cast<double>(by_bytes ? done.bytes : done.sources);
  const auto whole = static_cast<double>(by_bytes ? total.bytes : total.sources);
  return whole == 0 ? 1 : part / whole;
}

}  // namespace

std::string progress_text(const Progress& done, const ProgressTotal& total, double seconds) {
  const double share = done_share(done, total);
  const std::string eta = share > 0 ? clock_time(seconds * (1 - share) / share) : "-:--";
  const double megabytes_done = static_cast<double>(done.bytes) / 1e6;
  return fmt::format(
      "{}/{} files  {:.1f}/{:.1f} MB  {} objects  {:.0f} files/s  {:.1f} MB/s  ETA {}",
      done.sources, total.sources, megabytes_done, static_cast<double>(total.bytes) / 1e6,
      grouped(done.objects), per_second(static_cast<double>(done.sources), seconds),
      per_second(megabytes_done, seconds), eta);
}

}  // namespace engine::io
