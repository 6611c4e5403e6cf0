#include "io/file/output_root.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "io/base/directory.h"
#include "io/base/os_error.h"
#include "io/base/output_directory.h"
#include "io/file/beneath.h"
#include "io/file/output_lock.h"
#include "io/file/remove_all.h"

namespace engine::io {
namespace {

// True where one of two texts is the beginning of the other.
bool are_alike(std::string_view a, std::string_view b) {
  const std::size_t length = std::min(a.size(), b.size());
  return a.substr(0, length) == b.substr(0, length);
}

// Does a manifest of any version begin so, white space apart? A power cut may have left less of it,
// or zeros in its place; other programs have files of that name.
bool opens_manifest(std::string_view bytes) {
  constexpr std::string_view kVersion = "{\"version\":", kSource = ",\"source\":{\"path\":";
  if (bytes.find_first_not_of('\0') == std::string_view::npos) return true;
  std::string text(bytes);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  std::string_view rest = text;
  if (!are_alike(rest, kVersion)) return false;
  rest.remove_prefix(std::min(rest.size(), kVersion.size()));
  rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of("0123456789")));
  return are_alike(rest, kSource);
}

constexpr int kOpenDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

// The directory `name`, made if it is missing; empty, with errno, when a link or file is there.
Descriptor make_directory(int parent, const std::string& name) {
  if (::mkdirat(parent, name.c_str(), 0777) != 0 && errno != EEXIST) return {};
  return Descriptor(::openat(parent, name.c_str(), kOpenDirectory));
}

// With the lock held: whoever made them is no more.
void remove_left_overs(int build) {
  std::vector<DirectoryEntry> entries;
  list_directory(build, entries);
  for (const DirectoryEntry& entry : entries) {
    // What will not go is only room on the disk; the next start tries again.
    remove_all(build, entry.name);
  }
}

tl::unexpected<Error> cannot_use(const std::string& path, const char* what, int error) {
  return fail(ErrorCode::kUnwritable,
              path + ": " + what + ": " + errno_text(error) + "; choose another OUTPUT_DIR");
}

std::string random_text() {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, GRND_NONBLOCK) != sizeof number) {
    number = static_cast<std::uint64_t>(::getpid());  // early in a boot; the lock guards as well
  }
  std::array<char, 16> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number, 16).ptr;
  return {text.data(), end};
}

// Walks to the directory `parent`, making what is missing.
Result<Descriptor> make_parents(const OutputRoot& root, std::string_view parent) {
  Descriptor held;
  int at = root.fd.get();
  for (std::size_t begin = 0; begin < parent.size();) {
    const std::size_t end = std::min(parent.find('/', begin), parent.size());
    held = make_directory(at, std::string(parent.substr(begin, end - begin)));
    if (!held) {
      if (errno == ENOTDIR || errno == ELOOP) {
        return in_the_way(root, parent.substr(0, end), "something that is not a directory");
      }
      return os_error(ErrorCode::kUnwritable, root.shown(parent.substr(0, end)),
                      "cannot make the directory", errno);
    }
    at = held.get();
    begin = end + 1;
  }
  return held;
}

// The engine's own directory in OUTPUT, made if it is missing. What lies in its place to build will
// be deleted: it is the engine's only where it has a lock or a store as well.
Result<Descriptor> open_engine_directory(const OutputRoot& root) {
  Descriptor own = make_directory(root.fd.get(), std::string(kEngineDirectory));
  if (!own) return cannot_use(root.shown(kEngineDirectory), "cannot make the directory", errno);
  const Descriptor build(::openat(own.get(), kBuildName, kOpenDirectory));
  std::vector<DirectoryEntry> built;
  if (build) list_directory(build.get(), built);
  if (!built.empty() && !is_output_directory(root.fd.get())) {
    return fail(ErrorCode::kUnwritable,
                root.build_path() +
                    ": holds what no engine has put there; remove it or choose another OUTPUT_DIR");
  }
  return own;
}

}  // namespace

Result<OutputRoot> OutputRoot::open(const std::string& output_directory, Durability durability) {
  std::error_code error;
  std::filesystem::create_directories(output_directory, error);
  OutputRoot root;
  root.path = output_directory;
  root.fd = Descriptor(::open(output_directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root.fd) {
    const int reason = errno == ENOENT && error ? error.value() : errno;
    if (reason == ENOTDIR) {
      return fail(ErrorCode::kUnwritable,
                  output_directory + ": is not a directory; choose another OUTPUT_DIR");
    }
    return cannot_use(output_directory, "cannot make the output directory", reason);
  }
  Result<Descriptor> own = open_engine_directory(root);
  if (!own) return tl::make_unexpected(std::move(own.error()));
  for (const int directory : {root.fd.get(), own->get()}) {
    if (::faccessat(directory, ".", W_OK | X_OK, AT_EACCESS) != 0) {
      return cannot_use(output_directory, "cannot write", errno);
    }
  }
  Result<Descriptor> lock = lock_output(own->get(), root.fd.get(), output_directory);
  if (!lock) return tl::make_unexpected(std::move(lock.error()));
  root.lock = std::move(*lock);
  // Last, because a watch that sees a directory come in there asks whether that is an OUTPUT now.
  root.build = make_directory(own->get(), kBuildName);
  if (!root.build) return cannot_use(root.build_path(), "cannot make the directory", errno);
  root.first_build = Descriptor(::fcntl(root.build.get(), F_DUPFD_CLOEXEC, 0));
  if (!root.first_build) return cannot_use(root.build_path(), "cannot be opened", errno);
  if (durability == Durability::kPower) {
    // What is found is made durable before anything is deleted or built upon.
    root.durable = std::make_unique<DurableTrees>(root.fd.get(), root.build.get());
    if (Result<void> synced = root.durable->sync_published(); !synced) {
      return fail(ErrorCode::kUnwritable, output_directory + ": " + synced.error().message);
    }
  }
  remove_left_overs(root.build.get());
  return root;
}

// The numbers of the descriptors stay, so that nobody who uses them has to be told.
bool OutputRoot::mend_build() const {
  static std::mutex mending;  // of any root: it hardly ever happens
  const std::lock_guard only_one(mending);
  const Descriptor own = make_directory(fd.get(), std::string(kEngineDirectory));
  const Descriptor there = own ? make_directory(own.get(), kBuildName) : Descriptor();
  if (!there) return false;
  if (is_same_directory(there.get(), build.get()))
    return true;  // or another thread was here before
  const Result<Descriptor> locked = lock_output(own.get(), fd.get(), path);
  if (locked) ::dup3(locked->get(), lock.get(), O_CLOEXEC);  // else OUTPUT's has to do
  return ::dup3(there.get(), build.get(), O_CLOEXEC) >= 0;
}

Result<void> OutputRoot::check_build() const {
  if (is_deleted()) return {};  // with all of OUTPUT, which check_place() says
  const Descriptor there(::openat(fd.get(), in_engine_directory(kBuildName).c_str(),
                                  O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (there ? is_same_directory(there.get(), first_build.get()) : errno != ENOENT) return {};
  return fail(ErrorCode::kUnwritable,
              shown(kEngineDirectory) +
                  ": was deleted while the engine ran; what was written then may lack files: load "
                  "everything once more with --force");
}

Result<void> OutputRoot::check_place() const {
  const Descriptor there(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (there ? is_same_directory(there.get(), fd.get()) : !is_other(errno)) return {};
  if (is_deleted()) {
    return fail(ErrorCode::kUnwritable,
                path +
                    ": was deleted while the engine ran: start it again, and it makes every tree "
                    "anew");
  }
  return fail(ErrorCode::kUnwritable,
              path +
                  ": was moved or replaced while the engine runs, which goes on with what it was: "
                  "put it back, or start it again");
}

bool OutputRoot::is_deleted() const {
  struct stat status {};
  return ::fstat(fd.get(), &status) == 0 && status.st_nlink == 0;
}

std::string OutputRoot::build_name() {
  static const std::string process = random_text();
  // Relaxed: the numbers only have to differ.
  static std::atomic<std::uint64_t> next{1};
  return process + '-' + std::to_string(next.fetch_add(1, std::memory_order_relaxed));
}

std::string OutputRoot::build_path() const { return shown(in_engine_directory(kBuildName)); }

std::string OutputRoot::shown(std::string_view tree_path) const {
  std::string text = path;
  if (text.empty() || text.back() != '/') text.push_back('/');
  return text.append(tree_path);
}

tl::unexpected<Error> in_the_way(const OutputRoot& root, std::string_view path,
                                 std::string_view what) {
  std::string message = root.shown(path);
  message.append(": ").append(what).append(
      " is in the way; remove it or choose another output directory");
  return fail(ErrorCode::kInTheWay, std::move(message));
}

std::optional<Place> find_place(const OutputRoot& root, const std::string& path) {
  if (!is_plain_path(path)) return std::nullopt;
  const std::size_t slash = path.rfind('/');
  const bool is_in_root = slash == std::string::npos;
  Place place{is_in_root ? Descriptor(::fcntl(root.fd.get(), F_DUPFD_CLOEXEC, 0))
                         : open_beneath(root.fd.get(), path.substr(0, slash), O_PATH | O_DIRECTORY),
              path.substr(is_in_root ? 0 : slash + 1)};
  if (!place.parent) return std::nullopt;
  return place;
}

Result<Place> open_place(const OutputRoot& root, const std::string& tree_path) {
  if (!is_plain_path(tree_path)) {
    return fail(ErrorCode::kUnwritable, root.shown(tree_path) + ": is no path for a tree");
  }
  if (tree_path.substr(0, tree_path.find('/')) == kEngineDirectory) {
    return fail(ErrorCode::kUnwritable, root.shown(tree_path) +
                                            ": the name .engine is reserved; rename the source or "
                                            "its directory, or leave it out with --exclude");
  }
  for (std::size_t slash = tree_path.find('/'); slash != std::string::npos;
       slash = tree_path.find('/', slash + 1)) {
    // A tree inside a tree would be deleted with it.
    errno = 0;
    const std::string above = tree_path.substr(0, slash);
    const bool is_there = holds_manifest(root.fd.get(), above);
    if (!is_there && !is_other(errno)) {
      return os_error(ErrorCode::kUnwritable, root.shown(above), "cannot be examined", errno);
    }
    if (is_there) {
      const bool is_one = is_tree(root.fd.get(), above);
      return in_the_way(root, above,
                        is_one ? "the tree of another source" : "something that is no tree");
    }
    if (is_output_directory(root.fd.get(), above)) {
      return in_the_way(root, above, "another OUTPUT_DIR");
    }
  }
  if (std::optional<Place> place = find_place(root, tree_path)) return std::move(*place);
  const std::size_t slash = tree_path.rfind('/');
  if (slash == std::string::npos) {
    return os_error(ErrorCode::kUnwritable, root.path, "cannot be opened", errno);
  }
  Result<Descriptor> made = make_parents(root, tree_path.substr(0, slash));
  if (!made) return tl::make_unexpected(std::move(made.error()));
  return Place{std::move(*made), tree_path.substr(slash + 1)};
}

// One call for every directory above every tree, so a plain stat; should it look through a link,
// the link itself is refused later.
bool holds_manifest(int directory, const std::string& path) {
  struct stat status {};
  return ::fstatat(directory, (path + '/' + kManifestName).c_str(), &status, AT_SYMLINK_NOFOLLOW) ==
             0 &&
         S_ISREG(status.st_mode);
}

bool is_tree(int directory, const std::string& path) {
  errno = 0;
  // Not to wait for the other end of what turns out to be a pipe.
  const Descriptor manifest =
      open_beneath(directory, path + '/' + kManifestName, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  struct stat status {};
  if (!manifest || ::fstat(manifest.get(), &status) != 0) return false;
  if (!S_ISREG(status.st_mode)) return false;
  std::array<char, 128> bytes;
  const ssize_t length = ::pread(manifest.get(), bytes.data(), bytes.size(), 0);
  return length >= 0 && opens_manifest({bytes.data(), static_cast<std::size_t>(length)});
}

}  // namespace engine::io
