#include "engine/dependency/touch_reader.h"

#include "engine/dependency/object_key.h"
#include "engine/dependency/statement_words.h"
#include "engine/sql/object_type.h"
#include "engine/sql/utf8.h"

namespace engine::dependency {

using sql::Role;
using sql::Statement;

TouchReader::TouchReader(std::string_view text, Dialect dialect, NameBook* book)
    : text_(text),
      dialect_(dialect),
      book_(*book),
      volatile_code_(dialect, book),
      all_rows_(book_.entry(NameKind::kRows, std::nullopt, "", "all")),
      all_sequences_(book_.entry(NameKind::kRows, std::nullopt, "", "sequences")),
      all_objects_(book_.entry(NameKind::kOther, std::nullopt, "", "objects")),
      all_encodings_(book_.entry(NameKind::kOther, std::nullopt, "", "encodings")),
      all_grants_(book_.entry(NameKind::kOther, std::nullopt, "", "grants")),
      single_grants_(book_.entry(NameKind::kOther, std::nullopt, "", "single grants")),
      settings_(book_.entry(NameKind::kOther, std::nullopt, "", "settings")),
      defined_(book_.entry(NameKind::kOther, std::nullopt, "", "defined")),
      brought_(book_.entry(NameKind::kOther, std::nullopt, "", "brought")),
      context_(book_.entry(NameKind::kOther, std::nullopt, "", "context")) {
  for (const std::size_t all :
       {all_rows_, all_sequences_, all_objects_, all_encodings_, all_grants_, single_grants_,
        settings_, defined_, brought_, context_}) {
    book_[all].told = book_[all].made = true;
  }
  for (const std::size_t all : {settings_, defined_, brought_, context_}) book_[all].quiet = true;
}

bool TouchReader::is_relation(std::string_view type) {
  return name_space(type) == "relation" && type != "sequence";
}

// Something that is done once, with the rows that are there.
bool TouchReader::keeps_rows(std::string_view type) { return is_relation(type) && !is_view(type); }

void TouchReader::read(const Statement& statement, const std::vector<Reference>& references) {
  touches_.clear();
  gone_.clear();
  remade_.clear();
  at_ = {};
  at_.is_rows = statement.role == Role::kData;
  if (!statement.objects.empty()) at_.own_schema = statement.objects.front().schema;
  if (statement.role == Role::kData || statement.role == Role::kDataFrame) {
    read_rows(statement);
  } else if (statement.role == Role::kDefinition) {
    at_.alters = begins_with_alter(statement.in(text_), dialect_);
    const Action action = statement.objects.front().action;
    if (action == Action::kAlter || action == Action::kDrop) touch(settings_, Use::kEvaluates);
    read_effect(statement);
    for (const ObjectRef& object : statement.objects) read_object(statement, object);
    read_renames(statement);
    // OWNER TO a role, CLUSTER ON an index.
    const bool names = at_.alters && dialect_ == Dialect::kPostgresql && !at_.effect.shape;
    if (names) read_words(statement.in(text_));
    const ObjectRef& object = statement.objects.front();
    if (names && object.name && has_word(statement.in(text_), dialect_, "cluster")) {
      touch_cluster(relation(object.schema, *object.name));
    }
    note_definition(action);
    read_context(statement);
    if (!sql::is_ascii(statement.in(text_))) touch(all_encodings_, Use::kEvaluates);
  } else if (statement.temporary) {
    at_.shows = book_.entry(NameKind::kRelation, std::nullopt, *statement.temporary);
    book_[at_.shows].told = true;
    touch(at_.shows, Use::kMakes);
  }
  if (statement.role == Role::kOther) read_step(statement);
  read_brought(statement);
  read_references(statement, references);
  if (at_.shows != kNone) read_replaced(statement, references);
}

std::size_t TouchReader::relation(const std::optional<std::string>& schema,
                                  std::string_view name) const {
  return book_.find(NameKind::kRelation, schema, name, at_.own_schema);
}

void TouchReader::read_object(const Statement& statement, const ObjectRef& object) {
  const sql::ObjectType& type = sql::object_type(object.type);
  if (object.action == Action::kGrant) {
    const bool on_all = grants_on_all(statement.in(text_), dialect_);
    if (on_all) touch(all_grants_, Use::kMakes);
    touch(single_grants_, on_all ? Use::kMakes : Use::kNeeds);
  }
  if (!object.name && !object.parent) return;
  read_schema(object);
  if (object.action == Action::kComment || object.action == Action::kGrant ||
      object.type == "extended_property" || object.type == "column") {
    const std::string& of = object.parent ? *object.parent : *object.name;
    for (const std::size_t name : book_.find_all(object.schema, of)) touch(name, Use::kNeeds);
    if (object.action == Action::kGrant) read_grantees(statement.in(text_));
  } else if (is_relation(object.type)) {
    const std::string_view first = statement.objects.front().type;
    const bool by_constraint = first == "constraint" || first == "index";
    const std::string_view text = statement.in(text_);
    Use use = Use::kMakes;
    if (object.action == Action::kAlter) {
      if (!by_constraint && object.name) read_first_change(object, text);
      const bool changes = by_constraint ? has_column_action(text, dialect_) : at_.effect.shape;
      const bool counts = dialect_ == Dialect::kMysql && has_word(text, dialect_, "auto_increment");
      if (!changes && counts) touch_rows(relation(object.schema, *object.name), Use::kMakes);
      if (counts) use = Use::kAmends;
      if (!changes) use = Use::kNeeds;
    }
    read_relation(object, text, use);
  } else if (type.is_child || (object.parent && object.type != "sequence")) {
    read_unnamed(object, &object == &statement.objects.front());
    read_child(object, statement.in(text_));
    const bool unique_index = object.type == "index" && object.action == Action::kCreate &&
                              has_word(statement.in(text_), dialect_, "unique");
    if (unique_index && object.parent) {
      touch_keys(relation(object.schema, *object.parent), Use::kMakes);
      touch_checks(relation(object.schema, *object.parent));
    }
  } else {
    read_other(object, statement.in(text_));
  }
}

// The schema that it lies in is there, and what has been granted on all that there are is not
// granted on it.
void TouchReader::read_schema(const ObjectRef& object) {
  if (object.action != Action::kCreate || object.parent) return;
  const bool takes_grants = is_relation(object.type) || object.type == "sequence" ||
                            sql::object_type(object.type).is_routine || object.type == "type" ||
                            object.type == "domain" || object.type == "schema";
  if (takes_grants) touch(all_grants_, Use::kNeeds);
  if (!object.schema) return;
  for (const std::string_view type : {"schema", "database"}) {
    touch(book_.find_exact(NameKind::kOther, std::nullopt, *object.schema, type), Use::kNeeds);
  }
}

}  // namespace engine::dependency
