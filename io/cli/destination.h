// Destination: OUTPUT of a load or a watch, and where large temporary texts may lie.
//
// Thread contract: a value.
// Errors: as TreeWriter::open().
#pragma once

#include <memory>
#include <string>

#include "engine/result.h"
#include "engine/sink.h"
#include "io/cli/command_line.h"
#include "io/file/tree_writer.h"

namespace engine::io {

struct Destination {
  std::unique_ptr<Sink> sink;
  TreeWriter* writer = nullptr;  ///< the sink, unless this is a dry run
  std::string temp_directory;
};

Result<Destination> open_destination(const CommandLine& line);

}  // namespace engine::io
