// PsqlCommand: where a meta-command of psql ends, and what it does to the statement being read.
//
// Thread contract: pure; borrows the text.
// Source: psqlscanslash.l and command.c of PostgreSQL 15; the names of later commands from the
// reference page of psql 18.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace engine::sql {

enum class PsqlCommandKind : std::uint8_t {
  kPlain,      ///< leaves the statement as it is
  kSends,      ///< \g and its kin: ends it, as a semicolon does
  kForgets,    ///< \r: it is not sent
  kCopyIn,     ///< \copy ... from stdin: rows follow on the next line
  kRestricts,  ///< \restrict KEY
  kFrees,      ///< \unrestrict with that key
  kIf,         ///< \if: what follows may be passed over,
  kEndif,      ///< up to its \endif
  kQuits,      ///< \q: psql sends the statement and reads no further
};

struct PsqlCommand {
  PsqlCommandKind kind = PsqlCommandKind::kPlain;
  std::size_t end = 0;
  std::string_view argument;  ///< of kRestricts: the key
};

/// The command at the backslash text[begin], of a line that ends at `line_end`. While `restriction`
/// holds a key, psql takes no command but \unrestrict with it.
PsqlCommand psql_command(std::string_view text, std::size_t begin, std::size_t line_end,
                         std::string_view restriction);

}  // namespace engine::sql
