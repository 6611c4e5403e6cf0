#include "io/file/decompressor.h"

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "io/base/os_error.h"
#include "io/base/suffix.h"

namespace engine::io {
namespace {

constexpr std::size_t kReadBlock = 128 * 1024;

tl::unexpected<Error> broken(const std::string& path, const char* reason) {
  std::string text = reason == nullptr ? "unexpected end of file" : reason;
  std::replace(text.begin(), text.end(), '\n', ' ');
  return fail(ErrorCode::kUnreadable, path + ": cannot decompress: " + text);
}

tl::unexpected<Error> not_compressed(const std::string& path) {
  return fail(ErrorCode::kUnreadable,
              path + ": is not compressed as its name says; rename or repair it");
}

// What stands behind the last member or stream may be zeros, as tapes leave them, and nothing else:
// a damaged member would be taken for the end, and all behind it be missing without a word.
Result<bool> only_zeros(int fd, const std::string& path, std::uint64_t from) {
  std::vector<char> bytes(kReadBlock);
  while (true) {
    const ssize_t count = ::pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(from));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return os_error(ErrorCode::kUnreadable, path, "cannot read", errno);
    if (count == 0) return true;
    const auto end = bytes.begin() + count;
    if (std::any_of(bytes.begin(), end, [](char c) { return c != 0; })) return false;
    from += static_cast<std::uint64_t>(count);
  }
}

Result<std::size_t> end_at(int fd, const std::string& path, std::uint64_t place) {
  const Result<bool> is_end = only_zeros(fd, path, place);
  if (!is_end) return tl::make_unexpected(is_end.error());
  if (!*is_end) return broken(path, "what follows the first part is damaged or not compressed");
  return std::size_t{0};
}

// zlib's own gzread() passes over whatever follows a member and does not look like another.
class GzipStream final : public Decompressor {
 public:
  GzipStream(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~GzipStream() override { ::inflateEnd(&stream_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  /// `fd` must outlive the stream.
  static Result<std::unique_ptr<Decompressor>> open(int fd, const std::string& path) {
    auto stream = std::make_unique<GzipStream>(fd, path);
    if (::inflateInit2(&stream->stream_, kWindowBits) != Z_OK) return broken(path, "out of memory");
    if (Result<bool> more = stream->fill(); !more) return tl::make_unexpected(more.error());
    const bool is_gzip =
        stream->stream_.avail_in >= 2 && stream->input_[0] == 0x1f && stream->input_[1] == 0x8b;
    if (!is_gzip) return not_compressed(path);
    return stream;
  }

  Result<std::size_t> read(char* to, std::size_t size) override {
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = static_cast<uInt>(std::min(size, kMaxRead));
    const uInt room = stream_.avail_out;
    while (stream_.avail_out == room) {
      if (stream_.avail_in == 0) {
        const Result<bool> more = fill();
        if (!more) return tl::make_unexpected(more.error());
        if (!*more && in_member_) return broken(path_, nullptr);
        if (!*more) return std::size_t{0};
      }
      if (!in_member_) {
        if (stream_.next_in[0] != 0x1f) return end_at(fd_, path_, place_ - stream_.avail_in);
        ::inflateReset(&stream_);
        in_member_ = true;
      }
      const int code = ::inflate(&stream_, Z_NO_FLUSH);
      if (code != Z_OK && code != Z_STREAM_END) return broken(path_, stream_.msg);
      in_member_ = code != Z_STREAM_END;
    }
    return std::size_t{room - stream_.avail_out};
  }

 private:
  static constexpr std::size_t kMaxRead = std::size_t{1} << 30;
  static constexpr int kWindowBits = 16 + MAX_WBITS;  // of gzip, with its header and checksum

  // False at the end of the file.
  Result<bool> fill() {
    ssize_t count = 0;
    do {
      count = ::pread(fd_, input_.data(), input_.size(), static_cast<off_t>(place_));
    } while (count < 0 && errno == EINTR);
    if (count < 0) return os_error(ErrorCode::kUnreadable, path_, "cannot read", errno);
    place_ += static_cast<std::uint64_t>(count);
    stream_.next_in = input_.data();
    stream_.avail_in = static_cast<uInt>(count);
    return count != 0;
  }

  const int fd_;
  const std::string path_;
  std::vector<Bytef> input_ = std::vector<Bytef>(kReadBlock);
  std::uint64_t place_ = 0;  // behind input_
  bool in_member_ = true;
  z_stream stream_{};
};

class ArchiveStream final : public Decompressor {
 public:
  ArchiveStream(archive* reader, int fd, std::string path)
      : reader_(reader), fd_(fd), path_(std::move(path)) {}
  ~ArchiveStream() override { ::archive_read_free(reader_); }
  ArchiveStream(const ArchiveStream&) = delete;
  ArchiveStream& operator=(const ArchiveStream&) = delete;

  static Result<std::unique_ptr<Decompressor>> open(int fd, const std::string& path,
                                                    Compression kind) {
    archive* const reader = ::archive_read_new();
    if (reader == nullptr) return broken(path, "out of memory");
    auto stream = std::make_unique<ArchiveStream>(reader, fd, path);
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
    const la_ssize_t count = at_end_ ? 0 : ::archive_read_data(reader_, to, size);
    if (count < 0) return broken(path_, ::archive_error_string(reader_));
    if (count > 0) return static_cast<std::size_t>(count);
    at_end_ = true;
    constexpr int kOfTheFile = -1;
    return end_at(fd_, path_,
                  static_cast<std::uint64_t>(::archive_filter_bytes(reader_, kOfTheFile)));
  }

 private:
  archive* const reader_;
  const int fd_;
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
