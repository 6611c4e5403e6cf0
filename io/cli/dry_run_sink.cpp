#include "io/cli/dry_run_sink.h"

#include <fcntl.h>

#include "io/file/output_root.h"

namespace engine::io {
namespace {

class CountedTree final : public StagedTree {
 public:
  explicit CountedTree(Published published) : published_(published) {}
  Result<Published> commit() override { return published_; }

 private:
  Published published_;
};

}  // namespace

DryRunSink::DryRunSink(const std::string& output_directory)
    : output_(::open(output_directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {}

bool DryRunSink::has_tree(const std::string& tree_path) {
  return output_ && is_tree(output_.get(), tree_path);
}

Result<std::unique_ptr<StagedTree>> DryRunSink::stage(const Tree& tree) {
  Published published;
  published.outputs_written = tree.outputs.size();
  for (const Output& output : tree.outputs) {
    for (const std::string_view piece : output.pieces) published.bytes_written += piece.size();
  }
  return std::make_unique<CountedTree>(published);
}

}  // namespace engine::io
