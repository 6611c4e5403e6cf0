#include "io/file/source_folder.h"

#include <fcntl.h>

#include <cerrno>
#include <utility>

#include "io/base/os_error.h"
#include "io/base/suffix.h"
#include "io/base/tree_name.h"
#include "io/file/compressed_file.h"
#include "io/file/mapped_file.h"
#include "io/file/unnamed_file.h"

namespace engine::io {
namespace {

template <class File>
class FileText final : public SourceText {
 public:
  FileText(File file, std::string tree_path)
      : file_(std::move(file)), tree_path_(std::move(tree_path)) {}

  std::string_view bytes() const override { return file_.view(); }
  const std::string& tree_path() const override { return tree_path_; }
  const SourceVersion& version() const override { return file_.version(); }
  Result<void> check_unchanged() const override { return file_.check_unchanged(); }

 private:
  File file_;
  std::string tree_path_;
};

template <class File>
Result<std::unique_ptr<SourceText>> make_text(Result<File> file, std::string tree_path) {
  if (!file) return tl::make_unexpected(std::move(file.error()));
  return std::make_unique<FileText<File>>(std::move(*file), std::move(tree_path));
}

class MemoryScratch final : public Scratch {
 public:
  explicit MemoryScratch(std::size_t size)
      : bytes_(std::make_unique_for_overwrite<char[]>(size + kReadablePadding)), size_(size) {}
  std::span<char> bytes() override { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

class MappedScratch final : public Scratch {
 public:
  explicit MappedScratch(Mapping mapping) : mapping_(std::move(mapping)) {}
  std::span<char> bytes() override { return mapping_.span(); }

 private:
  Mapping mapping_;
};

}  // namespace

Result<std::unique_ptr<SourceFolder>> SourceFolder::open(const std::string& input_directory,
                                                         std::string temp_directory) {
  Descriptor directory(::open(input_directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) {
    if (errno == ENOENT) return fail(ErrorCode::kNotFound, input_directory + ": no such directory");
    if (errno == ENOTDIR)
      return fail(ErrorCode::kInvalid, input_directory + ": is not a directory");
    return os_error(ErrorCode::kUnreadable, input_directory, "cannot open", errno);
  }
  return std::unique_ptr<SourceFolder>(
      new SourceFolder(std::move(directory), std::move(temp_directory)));
}

Result<std::unique_ptr<SourceText>> SourceFolder::open(const std::string& path) {
  if (compression_of(path) != Compression::kNone) {
    return make_text(CompressedFile::open(directory_.get(), path, temp_directory_),
                     tree_path(path));
  }
  return make_text(MappedFile::open(directory_.get(), path), tree_path(path));
}

Result<std::unique_ptr<Scratch>> SourceFolder::scratch(std::size_t size) {
  if (size <= kInMemoryLimit) return std::make_unique<MemoryScratch>(size);
  const Descriptor file = unnamed_file(temp_directory_);
  if (!file) {
    return os_error(ErrorCode::kUnreadable, temp_directory_, "cannot make a temporary file", errno);
  }
  // Room is reserved now: a store into a mapped file on a full disk would be a SIGBUS.
  const int error = ::posix_fallocate(file.get(), 0, static_cast<off_t>(size));
  if (error != 0) {
    return os_error(ErrorCode::kUnreadable, temp_directory_, "cannot make a temporary file", error);
  }
  std::optional<Mapping> mapping = Mapping::map(file.get(), size, MapAccess::kShared);
  if (!mapping) {
    return os_error(ErrorCode::kUnreadable, temp_directory_, "cannot map a temporary file", errno);
  }
  return std::make_unique<MappedScratch>(std::move(*mapping));
}

std::string SourceFolder::default_tree_path(std::string_view source) {
  return std::string(io::default_tree_path(source));
}

void SourceFolder::set_tree_path(std::string source, std::string tree_path) {
  tree_paths_.insert_or_assign(std::move(source), std::move(tree_path));
}

std::string SourceFolder::tree_path(const std::string& source) const {
  const auto found = tree_paths_.find(source);
  return found == tree_paths_.end() ? default_tree_path(source) : found->second;
}

}  // namespace engine::io
