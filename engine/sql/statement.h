// Statement: one statement of a unit, and where it belongs. Most units are one statement; a T-SQL
// batch may hold many.
//
// Thread contract: a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/object_ref.h"
#include "engine/sql/transaction_step.h"

namespace engine::sql {

enum class Role : std::uint8_t {
  kDefinition,       ///< belongs with objects.front()
  kData,             ///< rows for the owner
  kDataFrame,        ///< no rows, but goes with the owner's: LOCK TABLES, SET IDENTITY_INSERT
  kSettingNext,      ///< goes with what follows: SET QUOTED_IDENTIFIER ON before a procedure
  kSettingPrevious,  ///< goes with what came before: UNLOCK TABLES, a setting put back
  kFlow,             ///< a step of the script: COMMIT, PRINT
  kOther,            ///< defines nothing: USE, UPDATE, SELECT
};

/// A definition inside a statement (CREATE SCHEMA, a batch, a block, EXEC('CREATE ...')): where its
/// own text is, and its first object's place. What surrounds it is not said by its objects.
struct StatementElement {
  std::uint64_t offset = 0;
  std::uint64_t end = 0;  ///< 0 while that is to be read: see close_elements()
  std::size_t object = 0;
  std::string text;         ///< of a string: what it says; [offset, end) is the string then
  std::uint64_t lines = 0;  ///< of a string: how many it has before that
};

struct Statement {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  Role role = Role::kOther;
  TransactionStep transaction;
  std::vector<ObjectRef> objects;
  std::vector<StatementElement> elements;

  /// What a grant, comment or segment hangs on; type empty where the statement does not say.
  std::string_view owner_type;
  std::optional<std::string> owner_schema;
  std::string owner_name;
  std::optional<std::string> owner_signature;
  std::uint64_t owner_end = 0;  ///< of kData: the position behind the table's name

  /// How many strings it stands in: EXEC('CREATE ...') holds a statement of depth 1.
  int depth = 0;

  /// Of CREATE TEMPORARY: a name that means no object of a database from here on.
  std::optional<std::string> temporary;

  /// Of USE or \connect: in which database what is written without one lies. Of BigQuery the
  /// project that is taken for the session's.
  std::optional<std::string> database;
  std::uint64_t rows = 0;             ///< of a COPY with its rows: where they begin; else 0
  std::string_view terminator = ";";  ///< that ends statements behind this one

  std::string_view in(std::string_view text) const {
    return text.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
  }
};

}  // namespace engine::sql
