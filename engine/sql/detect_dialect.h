// detect_dialect(): whose SQL is it? Decided from words and lines that only one dialect's scripts
// have, never from the file's name.
//
// Thread contract: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/dialect.h"

namespace engine::sql {

struct DialectGuess {
  Dialect dialect = Dialect::kGeneric;
  bool uncertain = true;              ///< little evidence, or as much for another dialect
  std::vector<std::string> evidence;  ///< "GO line: 41", strongest first
};

/// Reads the first kilobytes, and further on where they do not tell.
DialectGuess detect_dialect(std::string_view text);

}  // namespace engine::sql
