#include "io/file/join.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <utility>
#include <vector>

#include "engine/encoder.h"
#include "io/base/os_error.h"
#include "io/file/beneath.h"
#include "io/file/hash.h"
#include "io/file/mapped_file.h"
#include "io/file/read_tree.h"
#include "io/file/write_fully.h"

namespace engine::io {
namespace {

constexpr std::size_t kChunk = 256 * 1024;
constexpr std::size_t kLeastOpenOutputs = 64;

// Half of what the process may have, for others may need some.
std::size_t most_open_outputs() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return kLeastOpenOutputs;
  return std::max<std::size_t>(limit.rlim_cur / 2, kLeastOpenOutputs);
}

// One join: outputs are read piece by piece in the order of the source, and handed on in chunks.
class Joining {
 public:
  Joining(int tree, const Manifest& manifest, const std::string& shown, const WriteBytes& write)
      : tree_(tree), manifest_(manifest), shown_(shown), write_(write) {}

  /// Before run(): opens the outputs, as many as may be open, so that they are there to the end
  /// although another tree takes the place of this one.
  Result<void> open_ahead();
  Result<void> run();

 private:
  struct Step {
    const Manifest::Piece* piece;
    std::size_t output;
  };

  void close_one();
  Result<int> output_file(std::size_t output);
  Result<void> add_piece(const Step& step);
  Result<void> read(int fd, const std::string& path, std::uint64_t offset, std::size_t size);
  Result<void> flush();
  tl::unexpected<Error> differs(const std::string& path, const std::string& what) const {
    return fail(ErrorCode::kDifference, shown_ + '/' + path + ": " + what);
  }

  const int tree_;
  const Manifest& manifest_;
  const std::string& shown_;
  const WriteBytes& write_;
  const std::size_t most_open_ = most_open_outputs();
  std::vector<Descriptor> files_;  // by output; at most most_open_ of them are open
  std::deque<std::size_t> open_;   // which, the longest open first
  std::string chunk_;              // read from an output
  std::string joined_;             // of the source, not yet handed on
  Hash hash_;
  std::uint64_t size_ = 0;
};

Result<void> Joining::open_ahead() {
  files_.resize(manifest_.outputs.size());
  for (std::size_t i = 0; i < std::min(files_.size(), most_open_); ++i) {
    if (const Result<int> opened = output_file(i); !opened) {
      return tl::make_unexpected(opened.error());
    }
  }
  return {};
}

Result<void> Joining::run() {
  files_.resize(manifest_.outputs.size());
  std::vector<Step> steps;
  for (std::size_t i = 0; i < manifest_.outputs.size(); ++i) {
    for (const Manifest::Piece& piece : manifest_.outputs[i].pieces) steps.push_back({&piece, i});
  }
  std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
    return std::pair(a.piece->offset, a.piece->length) <
           std::pair(b.piece->offset, b.piece->length);
  });
  joined_ = manifest_.source.mark();
  for (const Step& step : steps) {
    Result<void> added = add_piece(step);
    if (!added) return added;
  }
  Result<void> flushed = flush();
  if (!flushed) return flushed;
  if (size_ == manifest_.source.size && hash_.hex() == manifest_.source.hash) return {};
  return fail(ErrorCode::kDifference,
              shown_ + ": its outputs do not give the bytes of " + manifest_.source.path +
                  " (hash differs); engine retry OUTPUT_DIR SOURCE has it loaded again");
}

void Joining::close_one() {
  files_[open_.front()].reset();
  open_.pop_front();
}

Result<int> Joining::output_file(std::size_t output) {
  Descriptor& file = files_[output];
  if (file) return file.get();
  if (open_.size() == most_open_) close_one();
  Result<OpenedFile> opened = open_regular_file(tree_, manifest_.outputs[output].path);
  // There may be fewer than expected: what other threads hold open counts as well.
  while (!opened && opened.error().transient && !open_.empty()) {
    close_one();
    opened = open_regular_file(tree_, manifest_.outputs[output].path);
  }
  if (!opened) {
    return differs(opened.error().message,
                   "the output cannot be read; engine retry OUTPUT_DIR SOURCE has it loaded again");
  }
  open_.push_back(output);
  file = std::move(opened->fd);
  return file.get();
}

Result<void> Joining::add_piece(const Step& step) {
  const std::string& path = manifest_.outputs[step.output].path;
  const Manifest::Piece& piece = *step.piece;
  const Result<int> fd = output_file(step.output);
  if (!fd) return tl::make_unexpected(fd.error());
  Encoder encoder(piece.raw ? Encoding::k8bit : manifest_.source.encoding);
  std::uint64_t produced = 0;
  for (std::uint64_t done = 0; done < piece.output_length; done += chunk_.size()) {
    const auto size =
        static_cast<std::size_t>(std::min<std::uint64_t>(kChunk, piece.output_length - done));
    Result<void> got = read(*fd, path, piece.output_offset + done, size);
    if (!got) return got;
    const std::size_t before = joined_.size();
    if (!encoder.add(chunk_, joined_)) {
      return differs(path,
                     "is no longer UTF-8 that its source's encoding has; engine retry OUTPUT_DIR "
                     "SOURCE has it loaded again");
    }
    produced += joined_.size() - before;
    if (joined_.size() >= kChunk) {
      Result<void> flushed = flush();
      if (!flushed) return flushed;
    }
  }
  if (produced == piece.length && encoder.is_complete()) return {};
  return differs(path,
                 "does not give as many bytes as the manifest says; engine retry OUTPUT_DIR SOURCE "
                 "has it loaded again");
}

Result<void> Joining::read(int fd, const std::string& path, std::uint64_t offset,
                           std::size_t size) {
  chunk_.resize(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count =
        ::pread(fd, chunk_.data() + done, size - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return os_error(ErrorCode::kUnreadable, shown_ + '/' + path, "cannot read", errno);
    }
    if (count == 0)
      return differs(
          path,
          "is shorter than the manifest says; engine retry OUTPUT_DIR SOURCE has it loaded again");
    done += static_cast<std::size_t>(count);
  }
  return {};
}

Result<void> Joining::flush() {
  hash_.add(joined_);
  size_ += joined_.size();
  Result<void> written = write_(joined_);
  joined_.clear();
  return written;
}

tl::unexpected<Error> has_no_data(const std::string& shown_tree) {
  return fail(
      ErrorCode::kUnreadable,
      shown_tree +
          ": was made with --data=drop, so rows of its source are left out; load the source "
          "again without that option");
}

}  // namespace

Result<void> join(int tree, const Manifest& manifest, const std::string& shown_tree,
                  const WriteBytes& write) {
  if (manifest.data_dropped) return has_no_data(shown_tree);
  return Joining(tree, manifest, shown_tree, write).run();
}

Result<void> join(const std::string& tree_directory, const WriteBytes& write) {
  bool has_written = false;
  const WriteBytes write_noted = [&](std::string_view bytes) {
    has_written = has_written || !bytes.empty();
    return write(bytes);
  };
  Result<void> ended;  // however, once something was written: that is not taken back
  const Result<void> begun = read_tree(tree_directory, [&](int tree) -> Result<void> {
    const Result<Manifest> manifest = read_manifest(tree, tree_directory);
    if (!manifest) return tl::make_unexpected(manifest.error());
    if (manifest->data_dropped) return has_no_data(tree_directory);
    Joining joining(tree, *manifest, tree_directory, write_noted);
    if (Result<void> opened = joining.open_ahead(); !opened) return opened;
    ended = joining.run();
    if (ended || !has_written) return ended;
    if (was_replaced(tree_directory, tree)) {
      ended = fail(ErrorCode::kChanged,
                   tree_directory +
                       ": was replaced while it was read, and has more outputs than "
                       "can be open (ulimit -n); what was written is not whole");
    }
    return {};
  });
  return begun ? ended : begun;
}

WriteBytes write_to(int fd, std::string shown_file) {
  return [fd, shown_file = std::move(shown_file)](std::string_view bytes) -> Result<void> {
    if (write_fully(fd, bytes) == 0) return {};
    return os_error(ErrorCode::kUnwritable, shown_file, "cannot write", errno);
  };
}

}  // namespace engine::io
