// ProcedureCall: EXEC [@status =] procedure [[@parameter =] value [OUTPUT], ...] of T-SQL, its
// arguments by name or by place; and sp_rename, whose arguments several ask for.
//
// Thread contract: pure; the result borrows the text.
// Source: EXECUTE and sp_rename in SQL Server's documentation. A value is a constant, a variable or
// a name: no expression, so a word behind it is the next statement's.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/qualified_name.h"
#include "engine/sql/token_cursor.h"

namespace engine::sql {

/// Passes over `@status =`, which takes what the procedure returns.
void skip_return_status(TokenCursor* cursor);

/// At EXEC, to behind the name of the procedure; nothing where none is called.
std::optional<QualifiedName> read_called_procedure(TokenCursor* cursor);

class CallArguments {
 public:
  static constexpr std::size_t kNoPlace = ~std::size_t{0};  ///< has to be named

  /// `cursor` behind the procedure's name, and afterwards behind the call.
  explicit CallArguments(TokenCursor* cursor);

  /// The first token of what is given for `parameter`, which is the `place`th of the procedure;
  /// empty where nothing is.
  Token value(std::string_view parameter, std::size_t place) const;
  /// What it says; of NULL and of nothing, nothing.
  std::string text(std::string_view parameter, std::size_t place) const;

 private:
  struct Argument {
    std::string_view parameter;  // empty where the place says it
    Token value;
  };

  std::string_view text_;
  std::vector<Argument> arguments_;
};

/// sp_rename 'schema.a', 'b' [, 'COLUMN' | 'INDEX' | 'OBJECT' | 'USERDATATYPE' | ...]
struct SystemRename {
  std::string object;
  std::string new_name;
  std::size_t position = 0;  ///< of the new name in the text
  std::string kind;

  /// Of a column or an index: `object` is schema.table.part.
  bool is_of_part() const;
};

/// Behind that word.
SystemRename read_sp_rename(TokenCursor* cursor);

}  // namespace engine::sql
