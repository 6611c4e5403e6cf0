// detect_dialect(): whose SQL is it? Decided from words and lines that only one dialect's scripts
// have, never from the file's name.
//
// Thread contract: pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dialect.h"

namespace engine::sql {

struct DialectGuess {
  Dialect dialect = Dialect::kGeneric;
  bool uncertain = true;              ///< little evidence, or as much for another dialect
  std::vector<std::string> evidence;  ///< "GO line: 41", strongest first
  bool is_text = true;                ///< else it holds what no text holds, and is uncertain
};

/// Reads the first kilobytes, and further on where they do not tell.
DialectGuess detect_dialect(std::string_view text);

// The same in two steps, for whoever can begin with a guess:

struct FirstLook {
  std::optional<DialectGuess> verdict;  ///< where the first kilobyte puts it beyond doubt
  Dialect likely = Dialect::kGeneric;   ///< else what most speaks for, if anything does
};
FirstLook first_look(std::string_view text);
/// Where that has no verdict: what detect_dialect() says.
DialectGuess look_further(std::string_view text);

}  // namespace engine::sql
