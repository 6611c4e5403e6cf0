// QualifiedName: [database.][schema.]name as the catalogue has it, quotes off, unquoted parts in
// the letter case that the dialect stores.
//
// Thread contract: pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/sql/token_cursor.h"

namespace engine::sql {

struct QualifiedName {
  std::optional<std::string> database;
  std::optional<std::string> schema;
  std::string name;
  std::string server;   ///< of T-SQL's four parts, or Oracle's link; empty: this one
  std::size_t end = 0;  ///< position behind its last token

  bool of_session = false;  ///< #temp or @variable of T-SQL, pg_temp.t, temp.t, SESSION.t

  /// No object of a database.
  bool temporary() const { return of_session; }
};

/// Reads a name at the cursor; nothing, and the cursor unmoved, where none stands.
std::optional<QualifiedName> read_name(TokenCursor* cursor);

/// The name of an operator: [schema.] and symbols.
std::optional<QualifiedName> read_operator_name(TokenCursor* cursor);

/// One part of a name as the catalogue has it.
std::string catalogue_name(std::string_view raw, TokenKind kind, Dialect dialect);

/// The same as a part of `raw`; where it is none, it is put into `made`.
std::string_view catalogue_name(std::string_view raw, TokenKind kind, Dialect dialect,
                                std::string* made);

/// A name as it stands between quotes of any dialect; without quotes, as it is.
std::string_view unquoted(std::string_view name);

/// The text of a string literal: prefix and quotes off, doubled quotes single.
std::string literal_text(std::string_view raw);

}  // namespace engine::sql
