#include "io/file/source_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include "io/base/fine_stamps.h"
#include "io/base/os_error.h"
#include "io/base/suffix.h"
#include "io/base/tree_name.h"
#include "io/file/beneath.h"
#include "io/file/compressed_file.h"
#include "io/file/foreign_format.h"
#include "io/file/mapped_file.h"
#include "io/file/settled_file.h"
#include "io/file/unnamed_file.h"

namespace engine::io {
namespace {

// Of open_when_settled(): a second in all.
constexpr int kMostLooks = 100;
constexpr std::chrono::milliseconds kLookAgain{10};

int descriptor_of(const MappedFile& file) { return file.descriptor(); }
int descriptor_of(const CompressedFile& /*file*/) { return -1; }  // its bytes are not in the file

template <class File>
class FileText final : public SourceText {
 public:
  FileText(File file, bool version_is_certain, std::string tree_path)
      : file_(std::move(file)),
        version_is_certain_(version_is_certain),
        tree_path_(std::move(tree_path)) {}

  std::string_view bytes() const override { return file_.view(); }
  const std::string& tree_path() const override { return tree_path_; }
  const SourceVersion& version() const override { return file_.version(); }
  bool version_is_certain() const override { return version_is_certain_; }
  int file() const override { return descriptor_of(file_); }
  Result<void> check_unchanged() const override { return file_.check_unchanged(); }

 private:
  File file_;
  bool version_is_certain_;
  std::string tree_path_;
};

template <class File>
Result<std::unique_ptr<SourceText>> make_text(Result<File> file, const std::string& path,
                                              bool version_is_certain, std::string tree_path) {
  if (!file) return tl::make_unexpected(std::move(file.error()));
  if (const auto format = foreign_format(file->view())) {
    return fail(ErrorCode::kUnreadable,
                fmt::format("{}: is {}, not SQL; {}", path, format->what, format->next));
  }
  return std::make_unique<FileText<File>>(std::move(*file), version_is_certain,
                                          std::move(tree_path));
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

Result<Descriptor> open_directory(const std::string& path) {
  Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory) return directory;
  if (errno == ENOENT) return fail(ErrorCode::kNotFound, path + ": no such directory");
  if (errno == ENOTDIR) return fail(ErrorCode::kInvalid, path + ": is not a directory");
  return os_error(ErrorCode::kUnreadable, path, "cannot open", errno);
}

}  // namespace

Result<std::unique_ptr<SourceFolder>> SourceFolder::open(const std::string& input_directory,
                                                         std::string temp_directory,
                                                         LaterWrites later_writes) {
  Result<Descriptor> directory = open_directory(input_directory);
  if (!directory) return tl::make_unexpected(directory.error());
  // An INPUT that cannot be written is often on one file system with what can be.
  SettlingRules rules{{}, later_writes == LaterWrites::kTold};
  const Descriptor temp(::open(temp_directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (const int place : {directory->get(), temp.get()}) {
    const auto device = device_with_fine_stamps(place);
    if (device) rules.fine_devices.push_back(*device);
  }
  return std::unique_ptr<SourceFolder>(
      new SourceFolder(input_directory, std::move(*directory), std::move(temp_directory),
                       std::make_shared<const SettlingRules>(std::move(rules))));
}

Result<std::unique_ptr<SourceText>> SourceFolder::open(const std::string& path,
                                                       const std::stop_token& given_up) {
  const std::shared_ptr<const Descriptor> in = directory();
  Result<SettledFile> opened = open_settled(in->get(), path, *rules_);
  if (!opened) return tl::make_unexpected(std::move(opened.error()));
  const bool is_certain = opened->version_is_certain;
  if (compression_of(path) != Compression::kNone) {
    return make_text(CompressedFile::open(opened->file, in->get(), path, temp_directory_, given_up),
                     path, is_certain, tree_path(path));
  }
  return make_text(MappedFile::open(std::move(opened->file), in->get(), path), path, is_certain,
                   tree_path(path));
}

Result<std::unique_ptr<SourceText>> SourceFolder::open_when_settled(const std::string& path) {
  for (int looks = 1;; ++looks) {
    Result<std::unique_ptr<SourceText>> text = open(path, std::stop_token());
    if (text || text.error().code != ErrorCode::kUnsettled) return text;
    if (looks == kMostLooks) return fail(ErrorCode::kChanged, text.error().message);
    std::this_thread::sleep_for(kLookAgain);
  }
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

std::uint64_t SourceFolder::scratch_room() {
  struct statvfs room {};
  if (::statvfs(temp_directory_.c_str(), &room) != 0) return 0;
  return std::uint64_t{room.f_bavail} * room.f_frsize;
}

std::string SourceFolder::default_tree_path(std::string_view source) {
  return std::string(io::default_tree_path(source));
}

void SourceFolder::set_tree_path(std::string source, std::string tree_path) {
  const std::lock_guard lock(mutex_);
  if (tree_path == default_tree_path(source)) {
    tree_paths_.erase(source);
  } else {
    tree_paths_.insert_or_assign(std::move(source), std::move(tree_path));
  }
}

std::string SourceFolder::tree_path(const std::string& source) const {
  const std::shared_lock lock(mutex_);
  const auto found = tree_paths_.find(source);
  return found == tree_paths_.end() ? default_tree_path(source) : found->second;
}

bool SourceFolder::has(const std::string& source) const {
  const std::shared_ptr<const Descriptor> in = directory();
  const Descriptor file = open_beneath(in->get(), source, O_PATH);
  // What cannot be looked at, for want of a descriptor or the right to, may well be there; and a
  // tree whose source is gone may be deleted.
  if (!file) return errno != ENOENT && errno != ENOTDIR && errno != ELOOP && errno != EXDEV;
  struct stat status {};
  return ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode);
}

Result<void> SourceFolder::reopen() {
  Result<Descriptor> opened = open_directory(input_directory_);
  if (!opened) return tl::make_unexpected(opened.error());
  const std::lock_guard lock(mutex_);
  directory_ = std::make_shared<const Descriptor>(std::move(*opened));
  return {};
}

std::shared_ptr<const Descriptor> SourceFolder::directory() const {
  const std::shared_lock lock(mutex_);
  return directory_;
}

}  // namespace engine::io
