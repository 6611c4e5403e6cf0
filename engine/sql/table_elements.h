// TableElements: what the parentheses of CREATE TABLE and the actions of ALTER TABLE define beside
// columns: constraints, named and unnamed, and indexes.
//
// Thread contract: pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/object_ref.h"
#include "engine/sql/token_cursor.h"

namespace engine::sql {

/// Appends to a table's objects. `owner` is the table (or domain) as its own ObjectRef.
class TableElements {
 public:
  /// Appends to `objects` what hangs on `owner`, a table or domain.
  TableElements(TokenCursor* cursor, ObjectRef owner, std::vector<ObjectRef>* objects)
      : cursor_(*cursor), owner_(std::move(owner)), objects_(*objects) {}

  /// At '(': the elements to behind the matching ')'.
  void read_list();
  /// One element, to what ends it: ',' or ')', or a word that begins the next action of ALTER.
  void read_element();
  /// Behind the name of a column or domain: its constraints, to the end of the element.
  void read_column();
  /// Behind CONSTRAINT: one that is there already.
  void read_reference(Action action);
  /// At [FULLTEXT] INDEX or KEY, as an element or behind ADD.
  void read_index();

  /// At '(': to behind the matching ')'. Those of an identity column may name its sequence.
  void pass_parentheses();

  /// The kind of constraint whose words stand at the cursor; empty where there are none.
  std::string_view kind_here();
  bool index_here();
  bool at_element_end();

  void add(Action action, std::string_view type, std::optional<std::string> name,
           std::string_view kind = {});

 private:
  void read_constraint();
  void read_unnamed(std::string_view kind);
  void skip_kind(std::string_view kind);
  void skip_to_element_end();

  TokenCursor& cursor_;
  ObjectRef owner_;
  std::vector<ObjectRef>& objects_;
};

}  // namespace engine::sql
