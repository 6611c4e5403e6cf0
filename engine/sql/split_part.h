// SplitPart: one part of a text as the splitter hands it out, with what its client's lexer knows of
// it and a classifier need not find out again.
//
// Thread contract: a value; it borrows the text.
// Units: bytes of the text, lines from 1.
// Errors: none.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/part.h"

namespace engine::sql {

/// Which way a directive goes.
enum class DirectiveRole : std::uint8_t {
  kAlone,       ///< \connect, SPOOL
  kCloses,      ///< what came before: GO, "/", DELIMITER back to ";"
  kIntroduces,  ///< what follows: DELIMITER //, PROMPT, REM
};

struct SplitPart {
  PartKind kind = PartKind::kGap;
  DirectiveRole role = DirectiveRole::kAlone;
  bool broken = false;  ///< holds a quote or comment that is never closed
  bool leaves = false;  ///< holds the command that ends the client
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t line = 1;
  std::uint64_t rows = 0;             ///< of a COPY with its rows: where they begin; else 0
  std::string_view terminator = ";";  ///< that ends statements behind this part

  std::uint64_t end() const { return offset + length; }
  std::string_view in(std::string_view text) const {
    return text.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
  }
};

}  // namespace engine::sql
