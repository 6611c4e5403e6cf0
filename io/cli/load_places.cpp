#include "io/cli/load_places.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

#include "io/base/descriptor.h"
#include "io/base/os_error.h"
#include "io/base/output_directory.h"
#include "io/file/output_root.h"
#include "io/watch/tree_scan.h"

namespace engine::io {
namespace {

namespace fs = std::filesystem;

Result<void> check_input(const std::string& input) {
  std::error_code error;
  const fs::file_status status = fs::status(input, error);
  if (status.type() == fs::file_type::not_found) {
    return fail(ErrorCode::kNotFound,
                input +
                    ": no such directory; name the folder of your SQL files: engine INPUT_DIR "
                    "OUTPUT_DIR");
  }
  if (error) {
    return fail(ErrorCode::kUnreadable,
                input + ": cannot be examined: " + error.message() + "; check its permissions");
  }
  if (status.type() != fs::file_type::directory) {
    return fail(ErrorCode::kInvalid,
                input +
                    ": is not a directory; name the folder it lies in, or see it with engine "
                    "inspect FILE");
  }
  if (!Descriptor(::open(input.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))) {
    return fail(ErrorCode::kUnreadable,
                input + ": cannot be read: " + errno_text(errno) + "; check its permissions");
  }
  return {};
}

Result<void> check_output(const std::string& output) {
  std::error_code error;
  const fs::file_status status = fs::status(output, error);
  if (status.type() != fs::file_type::not_found && status.type() != fs::file_type::directory) {
    const std::string what =
        error ? "cannot be examined: " + error.message() : "is not a directory";
    return fail(ErrorCode::kUnwritable, output + ": " + what + "; choose another OUTPUT_DIR");
  }
  return {};
}

// As absolute as the user has named the one that lies there.
std::string shown_like(const std::string& named, const fs::path& path) {
  std::error_code ignored;
  return (fs::path(named).is_absolute() ? path : fs::proximate(path, ignored)).string();
}

// ", or remove ...": of an OUTPUT_DIR that was one by mistake.
std::string or_free(const std::string& output) {
  return fmt::format("; or remove {}/{}, if no load writes there any more", output,
                     kEngineDirectory);
}

// The directory, which may be still to be made, and those above it, but for the root.
Result<std::vector<fs::path>> with_those_above(const std::string& directory, ErrorCode code) {
  std::error_code error;
  std::vector<fs::path> places;
  for (fs::path place = fs::weakly_canonical(directory, error); place != place.root_path();
       place = place.parent_path()) {
    places.push_back(place);
  }
  if (error) return fail(code, directory + ": cannot be resolved: " + error.message());
  return places;
}

// What a load puts into another one's tree is gone with the next change of that tree's source, and
// an OUTPUT_DIR inside of another takes places in which trees of that one may belong. One that is
// there already stays: what is another's is left out. A manifest.json is somebody else's where no
// output directory of engine is above it.
Result<void> check_outputs_above(const std::string& output) {
  const Result<std::vector<fs::path>> places = with_those_above(output, ErrorCode::kUnwritable);
  if (!places) return tl::make_unexpected(places.error());
  const fs::path* tree = nullptr;
  bool is_output = false;
  for (const fs::path& place : *places) {
    const bool is_own = &place == &places->front();
    if (is_output_directory(AT_FDCWD, place)) {
      if (tree != nullptr) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}{} is a tree of engine (it has a manifest.json), not an "
                                "OUTPUT_DIR: give {}",
                                tree == &places->front() ? "" : output + ": ",
                                shown_like(output, *tree), shown_like(output, place)));
      }
      is_output = is_output || is_own;
      if (!is_output) {
        const std::string shown = shown_like(output, place);
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}: lies inside of {}, an OUTPUT_DIR itself: choose a directory "
                                "beside it{}",
                                output, shown, or_free(shown)));
      }
    }
    if (holds_manifest(AT_FDCWD, place)) tree = &place;
  }
  return {};
}

// What lies in an output directory is what a load makes of its sources.
Result<void> check_outputs_above_input(const std::string& input, const std::string& output) {
  const Result<std::vector<fs::path>> places = with_those_above(input, ErrorCode::kUnreadable);
  if (!places) return tl::make_unexpected(places.error());
  const std::optional<DirectoryId> output_id = directory_id(output);
  for (const fs::path& place : *places) {
    const bool is_input = &place == &places->front();
    if (output_id && directory_id(place.string()) == output_id) {
      return fail(
          ErrorCode::kInvalid,
          output +
              (is_input ? ": is INPUT_DIR itself" : ": INPUT_DIR " + input + " lies inside of it") +
              "; choose another OUTPUT_DIR");
    }
    if (!is_output_directory(AT_FDCWD, place)) continue;
    const std::string shown = shown_like(input, place);
    if (is_input) return is_no_folder_of_sources(input);
    return fail(ErrorCode::kInvalid,
                fmt::format("{}: lies inside of {}, an OUTPUT_DIR of engine: name the folder of "
                            "your SQL files{}",
                            input, shown, or_free(shown)));
  }
  return {};
}

}  // namespace

Result<void> check_places(const std::string& input, const std::string& output) {
  if (Result<void> checked = check_input(input); !checked) return checked;
  if (Result<void> checked = check_output(output); !checked) return checked;
  if (Result<void> checked = check_outputs_above(output); !checked) return checked;
  return check_outputs_above_input(input, output);
}

}  // namespace engine::io
