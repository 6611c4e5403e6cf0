#include "io/base/temp_directory.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace engine::io {

std::string temp_directory() {
  const char* const wanted = std::getenv("TMPDIR");
  for (const char* directory : {wanted, "/var/tmp"}) {
    std::error_code error;
    if (directory != nullptr && std::filesystem::is_directory(directory, error)) return directory;
  }
  return "/tmp";
}

}  // namespace engine::io
