// Promises 2, 3 and 8 of docs/design.md, in memory: whatever the bytes of a source, its outputs and
// manifest give the same bytes back, and no path leaves its tree. The first byte of the input
// chooses the dialect, or to detect it; the rest is the source, in any encoding.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/encoder.h"
#include "engine/run/shared_work.h"
#include "engine/run/source_job.h"
#include "io/file/manifest.h"
#include "tests/fuzz/fuzz.h"

namespace {

using engine::fuzz::require;

class MemoryScratch final : public engine::Scratch {
 public:
  explicit MemoryScratch(std::size_t size) : size_(size), bytes_(size + engine::kReadablePadding) {}
  std::span<char> bytes() override { return std::span(bytes_).first(size_); }

 private:
  std::size_t size_;
  std::vector<char> bytes_;
};

class MemoryText final : public engine::SourceText {
 public:
  explicit MemoryText(std::string_view bytes) : bytes_(bytes) {}
  std::string_view bytes() const override { return bytes_; }
  const std::string& tree_path() const override { return tree_path_; }
  const engine::SourceVersion& version() const override { return version_; }
  engine::Result<void> check_unchanged() const override { return {}; }

 private:
  std::string_view bytes_;
  std::string tree_path_ = "source";
  engine::SourceVersion version_;
};

class MemorySource final : public engine::FileSource {
 public:
  explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
  engine::Result<std::unique_ptr<engine::SourceText>> open(const std::string&,
                                                           const std::stop_token&) override {
    return std::make_unique<MemoryText>(bytes_);
  }
  engine::Result<std::unique_ptr<engine::Scratch>> scratch(std::size_t size) override {
    return std::make_unique<MemoryScratch>(size);
  }

 private:
  std::string_view bytes_;
};

class Committed final : public engine::StagedTree {
 public:
  engine::Result<engine::Published> commit() override { return engine::Published{}; }
};

void require_contained(const std::string& path) {
  require(!path.empty() && path.front() != '/' && path.back() != '/', "a path is a file's");
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string name = path.substr(begin, end - begin);
    require(!name.empty() && name != "." && name != "..", "a path stays in its tree");
    require(name.size() <= 255, "a name is no longer than a file system takes");
    require(name.find('\0') == std::string::npos, "a name is one that a file can have");
    begin = end + 1;
  }
}

// Takes the tree and joins it, as `engine join` does from files.
class JoiningSink final : public engine::Sink {
 public:
  explicit JoiningSink(std::string_view source) : source_(source) {}
  bool has_tree(const std::string&) override { return false; }

  engine::Result<std::unique_ptr<engine::StagedTree>> stage(const engine::Tree& tree) override {
    std::map<std::string, std::string> files;
    for (const engine::Output& output : tree.outputs) {
      const std::string path(output.path);
      require_contained(path);
      std::string bytes;
      for (const std::string_view piece : output.pieces) bytes += piece;
      require(files.emplace(path, std::move(bytes)).second, "each output has its own path");
    }
    const auto manifest = engine::io::parse_manifest(tree.manifest, "source");
    require(manifest.has_value(), "the manifest can be read");
    require(join(*manifest, files) == source_, "outputs and manifest give the source back");
    return std::make_unique<Committed>();
  }

 private:
  static std::string join(const engine::io::Manifest& manifest,
                          const std::map<std::string, std::string>& files) {
    std::map<std::uint64_t, std::string> pieces;
    for (const auto& output : manifest.outputs) {
      const auto file = files.find(output.path);
      require(file != files.end() && file->second.size() == output.size,
              "the manifest knows its outputs");
      for (const auto& piece : output.pieces) {
        std::string bytes = file->second.substr(piece.output_offset, piece.output_length);
        if (!manifest.source.is_copied() && !piece.raw) {
          std::string encoded;
          engine::Encoder encoder(manifest.source.encoding);
          require(encoder.add(bytes, encoded) && encoder.is_complete(), "the text has a way back");
          bytes = std::move(encoded);
        }
        require(bytes.size() == piece.length, "a piece has its length");
        require(pieces.emplace(piece.offset, std::move(bytes)).second, "no piece stands twice");
      }
    }
    std::string joined(manifest.source.mark());
    for (const auto& [offset, bytes] : pieces) {
      require(offset == joined.size(), "pieces tile the source");
      joined += bytes;
    }
    return joined;
  }

  std::string_view source_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const engine::fuzz::DialectInput input(data, size);
  engine::Options options;
  options.dialect = size > 0 && data[0] == 'a' ? engine::Dialect::kAuto : input.dialect;
  options.segment_size = 256;  // so that a small COPY is cut as a big one is
  MemorySource files(input.text);
  JoiningSink sink(input.text);
  engine::Ports ports;
  ports.files = &files;
  ports.sink = &sink;
  const auto never = [] { return false; };
  engine::run::SharedWork alone(1, {.wake = [] {}, .task_waits = never, .any_idle = never});
  const auto result = engine::run::SourceJob(options, ports, {}).run("source.sql", {}, alone);
  require(result.report.error.empty(), "the source is done");
  return 0;
}
