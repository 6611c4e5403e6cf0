#include "io/cli/load_places.h"

#include <fcntl.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include "io/base/descriptor.h"
#include "io/base/os_error.h"

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

}  // namespace

Result<void> check_places(const std::string& input, const std::string& output) {
  if (Result<void> checked = check_input(input); !checked) return checked;
  if (Result<void> checked = check_output(output); !checked) return checked;
  const std::optional<DirectoryId> output_id = directory_id(output);
  if (!output_id) return {};
  std::error_code error;
  fs::path place = fs::canonical(input, error);
  if (error)
    return fail(ErrorCode::kUnreadable, input + ": cannot be resolved: " + error.message());
  if (directory_id(place.string()) == output_id) {
    return fail(ErrorCode::kInvalid, output + ": is INPUT_DIR itself; choose another OUTPUT_DIR");
  }
  while (place != place.root_path()) {
    place = place.parent_path();
    if (directory_id(place.string()) == output_id) {
      return fail(ErrorCode::kInvalid, output + ": INPUT_DIR " + input +
                                           " lies inside of it; choose another OUTPUT_DIR");
    }
  }
  return {};
}

void place_trees(const std::vector<FoundSource>& sources, SourceFolder& folder, TreeWriter* writer,
                 LoadReport& report) {
  for (const FoundSource& source : sources) {
    const std::string shorter = SourceFolder::default_tree_path(source.path);
    if (shorter == source.path) continue;  // it never lay anywhere else
    const bool is_default = source.tree_path == shorter;
    if (!is_default) folder.set_tree_path(source.path, source.tree_path);
    if (writer == nullptr) continue;
    const std::string& elsewhere = is_default ? source.path : shorter;
    const Result<void> moved = writer->move_tree(elsewhere, source.tree_path, source.path);
    if (!moved) report.add_failure(moved.error().message);
  }
}

}  // namespace engine::io
