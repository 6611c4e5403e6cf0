// foreign_format(): what a file with the name of a script is instead: a dump that only its own
// client can read, an archive, a compressed file, a database. Told by the marks that such files
// begin with, which no SQL text does.
//
// Thread contract: pure.
#pragma once

#include <optional>
#include <string_view>

namespace engine::io {

struct ForeignFormat {
  std::string_view what;
  std::string_view next;  ///< what makes SQL of it
};

std::optional<ForeignFormat> foreign_format(std::string_view bytes);

}  // namespace engine::io
