#include "io/file/decompressor.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "io/base/descriptor.h"
#include "io/base/os_error.h"
#include "io/base/suffix.h"

namespace engine::io {
namespace {

constexpr std::size_t kReadBlock = 128 * 1024;

tl::unexpected<Error> broken(const std::string& path, const char* reason) {
  std::string text = reason == nullptr ? "unexpected end of file" : reason;
  // zlib puts its own name of the file in front: "<fd:9>: ".
  const std::size_t own_name = text.starts_with("<fd:") ? text.find(": ") : std::string::npos;
  if (own_name != std::string::npos) text.erase(0, own_name + 2);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return fail(ErrorCode::kUnreadable, path + ": cannot decompress: " + text);
}

tl::unexpected<Error> not_compressed(const std::string& path) {
  return fail(ErrorCode::kUnreadable,
              path + ": is not compressed as its name says; rename or repair it");
}

class GzipStream final : public Decompressor {
 public:
  GzipStream(gzFile file, std::string path) : file_(file), path_(std::move(path)) {}
  ~GzipStream() override { ::gzclose_r(file_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  static Result<std::unique_ptr<Decompressor>> open(int fd, const std::string& path) {
    Descriptor own(::fcntl(fd, F_DUPFD_CLOEXEC, 0));  // gzclose_r() closes it
    const gzFile file = own ? ::gzdopen(own.get(), "rb") : nullptr;
    if (file == nullptr) return os_error(ErrorCode::kUnreadable, path, "cannot open", errno);
    own.release();
    auto stream = std::make_unique<GzipStream>(file, path);
    ::gzbuffer(file, kReadBlock);
    // "direct": without the magic, zlib hands the bytes through as they are.
    if (::gzdirect(file) != 0) return not_compressed(path);
    return stream;
  }

  Result<std::size_t> read(char* to, std::size_t size) override {
    const int count = ::gzread(file_, to, static_cast<unsigned>(std::min(size, kMaxRead)));
    int error = Z_OK;
    const char* reason = ::gzerror(file_, &error);
    // A truncated file gives what there is, then nothing, with Z_BUF_ERROR.
    if (count < 0 || (count == 0 && error != Z_OK)) return broken(path_, reason);
    return static_cast<std::size_t>(count);
  }

 private:
  static constexpr std::size_t kMaxRead = std::size_t{1} << 30;
  const gzFile file_;
  const std::string path_;
};

class ArchiveStream final : public Decompressor {
 public:
  ArchiveStream(archive* reader, std::string path) : reader_(reader), path_(std::move(path)) {}
  ~ArchiveStream() override { ::archive_read_free(reader_); }
  ArchiveStream(const ArchiveStream&) = delete;
  ArchiveStream& operator=(const ArchiveStream&) = delete;

  static Result<std::unique_ptr<Decompressor>> open(int fd, const std::string& path,
                                                    Compression kind) {
    archive* const reader = ::archive_read_new();
    if (reader == nullptr) return broken(path, "out of memory");
    auto stream = std::make_unique<ArchiveStream>(reader, path);
    // "raw": the file is one stream, not a container of files; "empty": of maybe no bytes.
    ::archive_read_support_format_raw(reader);
    ::archive_read_support_format_empty(reader);
    const int supported = kind == Compression::kZstd ? ::archive_read_support_filter_zstd(reader)
                          : kind == Compression::kXz ? ::archive_read_support_filter_xz(reader)
                                                     : ::archive_read_support_filter_bzip2(reader);
    if (supported < ARCHIVE_WARN || ::archive_read_open_fd(reader, fd, kReadBlock) != ARCHIVE_OK) {
      return broken(path, ::archive_error_string(reader));
    }
    archive_entry* entry = nullptr;
    const int header = ::archive_read_next_header(reader, &entry);
    if (header != ARCHIVE_OK && header != ARCHIVE_EOF) {
      return broken(path, ::archive_error_string(reader));
    }
    // One filter is the file itself: none has known its bytes.
    if (::archive_filter_count(reader) < 2) return not_compressed(path);
    stream->at_end_ = header == ARCHIVE_EOF;
    return stream;
  }

  Result<std::size_t> read(char* to, std::size_t size) override {
    if (at_end_) return std::size_t{0};
    const la_ssize_t count = ::archive_read_data(reader_, to, size);
    if (count < 0) return broken(path_, ::archive_error_string(reader_));
    return static_cast<std::size_t>(count);
  }

 private:
  archive* const reader_;
  const std::string path_;
  bool at_end_ = false;
};

}  // namespace

Result<std::unique_ptr<Decompressor>> Decompressor::open(int fd, const std::string& path) {
  const Compression kind = compression_of(path);
  if (kind == Compression::kNone) return not_compressed(path);
  return kind == Compression::kGzip ? GzipStream::open(fd, path)
                                    : ArchiveStream::open(fd, path, kind);
}

}  // namespace engine::io
