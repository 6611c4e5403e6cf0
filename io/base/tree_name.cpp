#include "io/base/tree_name.h"

#include "io/base/output_directory.h"
#include "io/base/suffix.h"

namespace engine::io {

std::string_view without_sql(std::string_view name) {
  return has_suffix(name, ".sql") ? name.substr(0, name.size() - 4) : name;
}

std::string_view default_tree_name(std::string_view name) {
  const std::string_view shorter = without_sql(name);
  const bool can_stand =
      !shorter.empty() && shorter != "." && shorter != ".." && shorter != kEngineDirectory;
  return can_stand ? shorter : name;
}

std::string_view default_tree_path(std::string_view source) {
  const std::string_view name = source.substr(source.rfind('/') + 1);  // npos + 1 is 0
  const std::size_t dropped = name.size() - default_tree_name(name).size();
  return source.substr(0, source.size() - dropped);
}

}  // namespace engine::io
