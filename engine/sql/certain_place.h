// next_certain_place(): where something new begins, whatever stands before it. A splitter that
// finds a quote, comment, tag or block never closed goes on there.
//
// Certain are the client's own lines that stand in no statement (DELIMITER, "/", --#SET TERMINATOR,
// SET TERM), and a word that begins a statement at the start of a line, or behind no more blanks
// than the statement before it has, when the line of text before it was closed by the terminator;
// comments between the two belong to what begins.
//
// Thread contract: pure. Time: one pass over (from, limit).
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/dialect.h"

namespace engine::sql {

struct ClientSyntax {
  Dialect dialect = Dialect::kGeneric;
  std::string_view terminator = ";";
  std::size_t indentation = 0;  ///< most blanks that may stand before a statement's first word
  bool only_create = false;     ///< of those words
};

/// In (from, limit]; npos where there is none.
std::size_t next_certain_place(std::string_view text, const ClientSyntax& syntax, std::size_t from,
                               std::size_t limit);

}  // namespace engine::sql
