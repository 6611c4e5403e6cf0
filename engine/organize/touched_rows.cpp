// Rows, and the steps of a script that may change them.
#include <algorithm>

#include "engine/organize/statement_words.h"
#include "engine/organize/touch_reader.h"

namespace engine::organize {
namespace {

using sql::Statement;
constexpr std::size_t kNone = NameBook::kNone;

}  // namespace

void TouchReader::read_rows(const Statement& statement) {
  const bool on_keys = rests_on_keys(text_of(statement));
  const bool quiet = loads_quietly(text_of(statement), dialect_);
  // Rows that take the place of others are changed or deleted besides.
  const Use by_use = on_keys ? Use::kMakes : quiet ? Use::kLoads : Use::kFills;
  const auto fill = [&](const std::optional<std::string>& schema, std::string_view name) {
    std::size_t of = relation(schema, name);
    if (of == kNone) of = book_.entry(NameKind::kRelation, schema, name);
    touch(of, Use::kEvaluates);
    touch_rows(of, by_use);
    if (on_keys) touch_told_keys(of);
  };
  if (statement.objects.empty()) fill(statement.owner_schema, statement.owner_name);
  for (const ObjectRef& object : statement.objects) {
    if (object.name) fill(object.schema, *object.name);
  }
  touch(all_rows_, Use::kEvaluates);
  touch(all_sequences_, Use::kEvaluates);
}

bool TouchReader::fills(std::size_t relation) {
  const std::size_t rows = book_.of_relation(NameKind::kRows, relation);
  return std::any_of(touches_.begin(), touches_.end(),
                     [rows](const Touch& one) { return one.name == rows && one.makes(); });
}

void TouchReader::touch_rows(std::size_t relation, Use use) {
  if (relation != kNone) touch(book_.of_relation(NameKind::kRows, relation), use);
}

void TouchReader::touch_keys(std::size_t relation, Use use) {
  if (relation == kNone) return;
  const std::size_t keys = book_.of_relation(NameKind::kKeys, relation);
  book_[keys].lenient = true;
  touch(keys, use);
}

// No name tells that they are needed.
void TouchReader::touch_told_keys(std::size_t relation) {
  touch_keys(relation, Use::kNeeds);
  if (relation != kNone) book_[book_.of_relation(NameKind::kKeys, relation)].told = true;
}

// The relation as it is, and the rows that it has or shows.
void TouchReader::evaluate(std::size_t relation) {
  if (relation == kNone) return;
  touch(relation, Use::kEvaluates);
  touch(all_rows_, Use::kEvaluates);
  touch(book_.of_relation(NameKind::kRows, relation), Use::kEvaluates);
  for (const std::size_t rows : std::vector(book_[relation].rows)) touch(rows, Use::kEvaluates);
}

// What a step does to rows is not known, but that a setting of the session does nothing.
void TouchReader::read_step(const Statement& statement) {
  const std::string_view text = text_of(statement);
  if (runs_program(text, dialect_)) touch(all_objects_, Use::kMakes);
  if (!may_touch_rows(text, dialect_)) return;
  touch(all_rows_, Use::kMakes);
  touch(all_sequences_, Use::kMakes);
}

}  // namespace engine::organize
