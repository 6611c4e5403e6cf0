#include "engine/tree/folders.h"

#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/object_type.h"

namespace engine::tree {
namespace {

constexpr std::pair<std::string_view, std::string_view> kConstraintFolders[] = {
    {"primary_key", "primary_keys"},  {"foreign_key", "foreign_keys"},
    {"unique", "unique_constraints"}, {"check", "check_constraints"},
    {"default", "defaults"},          {"exclude", "constraints"},
};

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

std::string folder_of(std::string_view type) {
  if (const std::string_view folder = sql::object_type(type).folder; !folder.empty()) {
    return std::string(folder);
  }
  std::string plural(type);
  if (ends_with(type, "y") && !ends_with(type, "ey")) {
    plural.replace(plural.size() - 1, 1, "ies");
  } else if (ends_with(type, "s") || ends_with(type, "x") || ends_with(type, "ch")) {
    plural += "es";
  } else {
    plural += 's';
  }
  return plural;
}

std::string constraint_folder(std::string_view kind) {
  for (const auto& [known, folder] : kConstraintFolders) {
    if (known == kind) return std::string(folder);
  }
  return "constraints";
}

std::string flat_label(std::string_view type) {
  if (type == "procedure") return "StoredProcedure";
  if (type == "unique" || type == "check" || type == "exclude") {
    return flat_label(std::string(type) + "_constraint");
  }
  std::string label;
  bool begins = true;
  for (const char c : type) {
    if (c != '_') label += begins ? sql::upper(c) : c;
    begins = c == '_';
  }
  return label;
}

}  // namespace engine::tree
