#include "io/base/tree_name.h"

#include "io/base/suffix.h"

namespace engine::io {

std::string_view without_sql(std::string_view name) {
  return has_suffix(name, ".sql") ? name.substr(0, name.size() - 4) : name;
}

std::string_view default_tree_name(std::string_view name, bool is_root) {
  const std::string_view shorter = without_sql(name);
  if (shorter.empty() || shorter == "." || shorter == "..") return name;
  if (is_root && shorter == kEngineDirectory) return name;
  return shorter;
}

std::string_view default_tree_path(std::string_view source) {
  const std::size_t slash = source.rfind('/');
  const bool is_root = slash == std::string_view::npos;
  const std::string_view name = is_root ? source : source.substr(slash + 1);
  const std::size_t dropped = name.size() - default_tree_name(name, is_root).size();
  return source.substr(0, source.size() - dropped);
}

}  // namespace engine::io
