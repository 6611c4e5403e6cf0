// ScriptState: what a script has said about names that leave out a part: the database of USE or
// \connect, the schema of SET search_path or ALTER SESSION, the names of temporary tables.
//
// Thread contract: confined to one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/statement.h"
#include "engine/sql/token_cursor.h"

namespace engine::sql {

class ScriptState {
 public:
  explicit ScriptState(Dialect dialect) : dialect_(dialect) {}

  /// Takes from a statement what it changes for those behind it; `cursor` at its first token, and
  /// left there unless the statement does nothing else. False in that case.
  bool observe(TokenCursor* cursor);
  /// \connect, CONNECT: `cursor` behind that word.
  void connect(TokenCursor* cursor);

  /// Names what `statement` left out, and takes away what is temporary.
  void apply(Statement* statement);

  /// Of BigQuery the project that the script named first.
  const std::optional<std::string>& database() const { return database_; }

 private:
  void use(TokenCursor* cursor);
  void set(TokenCursor* cursor);
  void set_config(TokenCursor* cursor);
  void note_transaction(const TransactionStep& step);
  void keep_before_local();
  void take_search_path(TokenCursor* cursor);
  void note_project(Statement* statement);
  void note_created(const ObjectRef& object);
  void remove_temporary(Statement* statement);
  bool is_temporary(const std::optional<std::string>& schema,
                    const std::optional<std::string>& name) const;
  void open_database(std::optional<std::string> name);
  void complete(Statement* statement) const;
  void complete(ObjectRef* object, std::string_view owner_type) const;
  static void look_in_own_schema_first(std::vector<ObjectRef>* elements);
  void note_search_path(ObjectRef* object) const;

  Dialect dialect_;
  std::optional<std::string> database_;
  std::optional<std::string> schema_;
  std::vector<std::string> search_path_;  // of PostgreSQL
  struct Path {
    std::optional<std::string> schema;
    std::vector<std::string> search_path;
  };
  Path here() const { return {schema_, search_path_}; }
  std::optional<Path> before_local_;  // SET LOCAL,
  Path before_;                       // and the transaction that is open
  bool in_transaction_ = false;
  std::vector<std::string> temporary_;
};

}  // namespace engine::sql
