// DryRunSink: the Sink of --dry-run, which counts what would be written.
//
// Thread contract: every method from any thread.
#pragma once

#include <memory>
#include <string>

#include "engine/sink.h"
#include "io/base/descriptor.h"

namespace engine::io {

class DryRunSink final : public Sink {
 public:
  /// An output directory that does not exist has no trees.
  explicit DryRunSink(const std::string& output_directory);

  bool has_tree(const std::string& tree_path) override;
  Result<std::unique_ptr<StagedTree>> stage(const Tree& tree) override;

 private:
  const Descriptor output_;
};

}  // namespace engine::io
