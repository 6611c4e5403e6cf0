#include "io/cli/load_places.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include "io/base/descriptor.h"
#include "io/base/os_error.h"
#include "io/cli/figures.h"

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

// True when the source's tree can be put where it belongs: nothing is there, or a tree that it
// replaces in one step, or only trees whose sources are gone, and these are moved aside. Else
// nothing is.
bool make_way(const FoundSource& source, const HasSource& is_source, TreeWriter& writer,
              LoadReport& report) {
  const std::string other = other_place(source);
  const bool may_move = other != source.tree_path && writer.has_tree(other);
  if (!may_move && writer.has_tree(source.tree_path)) return true;  // no manifest has to be read
  const auto trees = writer.trees_at(source.tree_path);
  if (!trees) return false;
  if (trees->size() == 1 && trees->front().path == source.tree_path) {
    const auto others = writer.trees_at(other);
    const bool moves = others && others->size() == 1 && others->front().source == source.path;
    if (trees->front().source == source.path || !moves) return true;
  }
  for (const TreeWriter::PlacedTree& tree : *trees) {
    if (is_source(tree.source)) return false;
  }
  if (trees->empty()) {
    writer.remove_empty_directories(source.tree_path);
    return true;
  }
  const Result<std::string> aside = writer.set_aside(source.tree_path);
  if (!aside) {
    report.warn(aside.error().message);
    return true;  // the move that follows is the failure
  }
  report.warn(
      fmt::format("{}: {} of sources that are gone made way for the tree of {}; moved to {}",
                  source.tree_path, counted(trees->size(), "tree"), source.path, *aside));
  return true;
}

}  // namespace

std::string other_place(const FoundSource& source) {
  std::string shorter = SourceFolder::default_tree_path(source.path);
  return source.tree_path == shorter ? source.path : shorter;
}

bool put_tree(const FoundSource& source, const HasSource& is_source, TreeWriter& writer,
              LoadReport& report) {
  if (!make_way(source, is_source, writer, report)) return false;
  const Result<void> moved = writer.move_tree(other_place(source), source.tree_path, source.path);
  if (!moved) report.add_failure(moved.error().message);
  return true;
}

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

void place_trees(const std::vector<FoundSource>& sources, const std::vector<FoundSource>& to_do,
                 SourceFolder& folder, TreeWriter* writer, LoadReport& report) {
  std::vector<const FoundSource*> waiting;
  for (const FoundSource& source : to_do) {
    if (source.tree_path != SourceFolder::default_tree_path(source.path)) {
      folder.set_tree_path(source.path, source.tree_path);
    }
    if (writer != nullptr) waiting.push_back(&source);
  }
  const HasSource is_source = [&](const std::string& path) {
    return find_source(sources, path) != nullptr;
  };
  // What is in the way of one tree may be another that moves later: as often as that helps. What
  // stays in the way is an error of the source, when its tree is published.
  for (std::size_t before = waiting.size() + 1; waiting.size() < before;) {
    before = waiting.size();
    std::erase_if(waiting, [&](const FoundSource* source) {
      return put_tree(*source, is_source, *writer, report);
    });
  }
}

}  // namespace engine::io
