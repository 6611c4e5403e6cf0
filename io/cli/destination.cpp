#include "io/cli/destination.h"

#include <utility>

#include "io/base/temp_directory.h"
#include "io/cli/dry_run_sink.h"

namespace engine::io {

Result<Destination> open_destination(const CommandLine& line) {
  if (line.options.dry_run) {
    return Destination{std::make_unique<DryRunSink>(line.output), nullptr, temp_directory()};
  }
  Result<std::unique_ptr<TreeWriter>> writer = TreeWriter::open(line.output, line.durability);
  if (!writer) return tl::make_unexpected(std::move(writer.error()));
  TreeWriter* opened = writer->get();
  return Destination{std::move(*writer), opened, opened->temp_directory()};
}

}  // namespace engine::io
