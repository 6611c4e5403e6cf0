#include "io/cli/load_places.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include "io/base/descriptor.h"
#include "io/base/directory.h"
#include "io/base/os_error.h"
#include "io/base/tree_name.h"
#include "io/cli/figures.h"
#include "io/file/output_root.h"

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

// What a load puts into another one's tree is gone with the next change of that tree's source, and
// an OUTPUT_DIR inside of another takes places in which trees of that one may belong. One that is
// there already stays: what is another's is left out. A manifest.json is somebody else's where no
// output directory of engine is above it.
Result<void> check_outputs_above(const std::string& output) {
  std::error_code error;
  const fs::path own = fs::weakly_canonical(output, error);
  if (error) {
    return fail(ErrorCode::kUnwritable, output + ": cannot be resolved: " + error.message());
  }
  std::optional<fs::path> tree;
  bool is_output = false;
  for (fs::path place = own; place != place.root_path(); place = place.parent_path()) {
    const Descriptor directory(::open(place.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!directory) continue;
    if (is_output_directory(directory.get())) {
      if (tree) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}{} is a tree of engine (it has a manifest.json), not an "
                                "OUTPUT_DIR: give {}",
                                *tree == own ? "" : output + ": ", shown_like(output, *tree),
                                shown_like(output, place)));
      }
      is_output = is_output || place == own;
      if (!is_output) {
        const std::string shown = shown_like(output, place);
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}: lies inside of {}, an OUTPUT_DIR itself: choose a directory "
                                "beside it{}",
                                output, shown, or_free(shown)));
      }
    }
    if (is_tree(directory.get(), ".")) tree = place;
  }
  return {};
}

// What lies in an output directory is what a load makes of its sources.
Result<void> check_outputs_above_input(const std::string& input, const std::string& output) {
  const std::optional<DirectoryId> output_id = directory_id(output);
  std::error_code error;
  const fs::path own = fs::canonical(input, error);
  if (error) {
    return fail(ErrorCode::kUnreadable, input + ": cannot be resolved: " + error.message());
  }
  for (fs::path place = own; place != place.root_path(); place = place.parent_path()) {
    const bool is_input = place == own;
    if (output_id && directory_id(place.string()) == output_id) {
      return fail(
          ErrorCode::kInvalid,
          output +
              (is_input ? ": is INPUT_DIR itself" : ": INPUT_DIR " + input + " lies inside of it") +
              "; choose another OUTPUT_DIR");
    }
    const Descriptor directory(::open(place.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!directory || !is_output_directory(directory.get())) continue;
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

std::string other_place(const FoundSource& source) {
  std::string shorter = SourceFolder::default_tree_path(source.path);
  return source.tree_path == shorter ? source.path : shorter;
}

TreeMove put_tree(const FoundSource& source, TreeWriter& writer, LoadReport& report) {
  const Result<bool> moved = writer.move_tree(other_place(source), source.tree_path, source.path);
  if (moved) return *moved ? TreeMove::kDone : TreeMove::kNone;
  if (moved.error().code == ErrorCode::kInTheWay) return TreeMove::kInTheWay;
  report.add_failure(moved.error().message);
  return TreeMove::kNone;
}

void warn_of_made_way(const std::string& path, const std::vector<PlacedTree>& trees,
                      const std::string& successor, const std::string& aside, LoadReport& report) {
  if (aside.empty()) return;
  report.warn(
      fmt::format("{}: {} of sources that are gone made way for the tree of {}; moved to {}", path,
                  counted(trees.size(), "tree"), successor, aside));
}

// Where a part of the folder could not be looked at, a source may be there and not be known.
bool OwnersOfLoad::has(const std::string& source) const {
  return find_source(scan_.sources, source) != nullptr ||
         (!scan_.problems.empty() && folder_.has(source));
}

void OwnersOfLoad::made_way(const std::string& path, const std::vector<PlacedTree>& trees,
                            const std::string& successor, const std::string& aside) {
  warn_of_made_way(path, trees, successor, aside, report_);
}

Result<void> check_places(const std::string& input, const std::string& output) {
  if (Result<void> checked = check_input(input); !checked) return checked;
  if (Result<void> checked = check_output(output); !checked) return checked;
  if (Result<void> checked = check_outputs_above(output); !checked) return checked;
  return check_outputs_above_input(input, output);
}

void place_trees(const std::vector<FoundSource>& to_do, SourceFolder& folder, TreeWriter* writer,
                 LoadReport& report) {
  std::vector<const FoundSource*> waiting;
  for (const FoundSource& source : to_do) {
    if (source.tree_path != SourceFolder::default_tree_path(source.path)) {
      folder.set_tree_path(source.path, source.tree_path);
    }
    if (writer != nullptr) waiting.push_back(&source);
  }
  // What is in the way of one tree may be another that moves later: as often as that helps. What
  // stays in the way is an error of the source, when its tree is published.
  for (std::size_t before = waiting.size() + 1; waiting.size() < before;) {
    before = waiting.size();
    std::erase_if(waiting, [&](const FoundSource* source) {
      return put_tree(*source, *writer, report) != TreeMove::kInTheWay;
    });
  }
}

}  // namespace engine::io
