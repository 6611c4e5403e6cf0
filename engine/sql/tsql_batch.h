// Batch: the statements of a T-SQL batch. T-SQL needs no semicolons, so a statement ends where the
// next one begins: at a word that begins one, in a place where it can be nothing else.
//
// Thread contract: pure.
// Source: the grammar of SQL Server's documentation; what is ambiguous there is not cut here.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace engine::sql {

struct BatchStatement {
  std::size_t begin = 0;  ///< position of its first token
  bool nested = false;    ///< inside BEGIN ... END, or the body of IF or WHILE
};

struct Batch {
  std::vector<BatchStatement> statements;  ///< in order; the first begins the batch
  /// No statement needs another one: no variable, no jump, no transaction. Each may then be filed
  /// with its own object.
  bool separable = true;
};

/// A batch that defines a module (procedure, function, view, trigger) is one statement to its end.
Batch read_tsql_batch(std::string_view text, std::size_t begin, std::size_t end);

}  // namespace engine::sql
