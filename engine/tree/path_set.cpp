#include "engine/tree/path_set.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/utf8.h"

namespace engine::tree {

std::string folded_path(std::string_view path) {
  if (sql::is_ascii(path)) return sql::lower(path);
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(path.data()),
                   static_cast<utf8proc_ssize_t>(path.size()), &mapped,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE |
                                                  UTF8PROC_CASEFOLD | UTF8PROC_IGNORE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(mapped, &std::free);
  // What utf8proc will not have (a surrogate as three bytes) is compared as it is.
  if (size < 0) return sql::lower(path);
  return {reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size)};
}

bool PathSet::has(const std::string& path, std::string_view suffix) const {
  return taken_.contains(folded_path(path).append(suffix));
}

std::string PathSet::take(std::string path, std::string_view suffix) {
  const std::string folded = folded_path(path).append(suffix);
  if (add_name(&taken_, folded)) return path;
  std::size_t& number = try_name(&next_number_, folded, 2).first->second;
  std::string candidate;
  do {
    candidate = path + "~" + std::to_string(number++);
  } while (!add_name(&taken_, folded_path(candidate).append(suffix)));
  return candidate;
}

}  // namespace engine::tree
