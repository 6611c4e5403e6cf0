#include "engine/organize/found_references.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "engine/sql/references.h"

namespace engine::organize {
namespace {

// Of [first, end), what one text is about: ALTER TABLE of several actions names the table behind
// the constraints that it adds.
std::size_t sayer_of(const std::vector<ObjectRef>& objects, std::size_t first, std::size_t end) {
  const ObjectRef& last = objects[end - 1];
  const bool alters_both = end - first > 1 && objects[first].type == "constraint" &&
                           last.action == Action::kAlter && last.name == objects[first].parent;
  return alters_both ? end - 1 : first;
}

constexpr std::uint64_t kVeryLong = 4 << 20;

// Finds the constraints of a statement in turn: the next one of that name, or without one. Keys are
// mostly asked for as they stand, so the next is looked for behind the last.
class ForeignKeys {
 public:
  explicit ForeignKeys(const std::vector<ObjectRef>& objects) : objects_(objects) {}

  /// Where there is none, `otherwise`.
  std::size_t next(const std::optional<std::string>& name, std::size_t otherwise) {
    for (std::size_t i = 0; i < objects_.size(); ++i) {
      const std::size_t at = (next_ + i) % objects_.size();
      if (objects_[at].constraint_kind != "foreign_key" || objects_[at].name != name) continue;
      next_ = at + 1;
      return at;
    }
    return otherwise;
  }

 private:
  const std::vector<ObjectRef>& objects_;
  std::size_t next_ = 0;
};

// Of the texts of one statement, one after the other.
class References {
 public:
  References(const sql::Statement& statement, Dialect dialect, FoundReferences* found)
      : dialect_(dialect), keys_(statement.objects), found_(*found) {}

  void find(std::string_view text, std::uint64_t begin, std::uint64_t end, std::uint64_t line,
            std::size_t object) {
    std::vector<std::string> own_path =
        sql::find_references(text, static_cast<std::size_t>(begin), static_cast<std::size_t>(end),
                             line, dialect_, &found_.all);
    if (object == FoundReferences::kNobody) own_path.clear();
    if (!own_path.empty()) found_.own_paths.emplace_back(object, std::move(own_path));
    for (std::size_t i = found_.sayers.size(); i < found_.all.size(); ++i) {
      const Reference& one = found_.all[i];
      const bool key = one.kind == ReferenceKind::kReferences && object != FoundReferences::kNobody;
      found_.sayers.push_back(key ? keys_.next(one.constraint, object) : object);
    }
  }

 private:
  const Dialect dialect_;
  ForeignKeys keys_;
  FoundReferences& found_;
};

}  // namespace

void FoundReferences::clear() {
  all.clear();
  sayers.clear();
  own_paths.clear();
}

bool is_surely_asked(const sql::Statement& statement) {
  if (statement.role == sql::Role::kDefinition) return true;
  return statement.role == sql::Role::kOther && statement.length <= kVeryLong;
}

// Of a statement with several objects, a foreign key's reference is that constraint's; everything
// else is said by the first of them (by the table, where ALTER TABLE does more than to add keys).
// An element says what its own text says; what stands around it, a check or rows, is said by nobody
// where the statement makes its elements alone.
void find_references(const sql::Statement& statement, std::string_view text, Dialect dialect,
                     sql::LineCursor* lines, FoundReferences* found) {
  found->clear();
  if (statement.role != sql::Role::kDefinition && statement.length > kVeryLong) return;
  References references(statement, dialect, found);
  const std::vector<sql::StatementElement>& elements = statement.elements;
  const bool has_own = elements.empty() || elements.front().object != 0;
  const std::size_t count = statement.objects.size();
  const std::size_t own_end = elements.empty() ? count : elements.front().object;
  const std::size_t around = !has_own       ? FoundReferences::kNobody
                             : own_end == 0 ? 0
                                            : sayer_of(statement.objects, 0, own_end);
  const std::uint64_t statement_end = statement.offset + statement.length;
  std::uint64_t behind = statement.offset;
  const auto find_until = [&](std::uint64_t end) {
    if (behind < end) references.find(text, behind, end, lines->line_at(behind), around);
  };
  // What surrounds a definition in a string stands in the string too: DO $$ ... $$.
  const bool in_string = std::any_of(elements.begin(), elements.end(),
                                     [](const auto& element) { return !element.text.empty(); });
  if (in_string && !has_own) {
    find_until(statement_end);
    behind = statement_end;
  }
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const sql::StatementElement& element = elements[i];
    if (element.object >= statement.objects.size()) continue;
    find_until(element.offset);
    const std::size_t behind_own = i + 1 < elements.size() ? elements[i + 1].object : count;
    const std::size_t sayer = sayer_of(statement.objects, element.object,
                                       std::clamp(behind_own, element.object + 1, count));
    const std::uint64_t line = lines->line_at(element.offset) + element.lines;
    if (element.text.empty()) {
      references.find(text, element.offset, element.end, line, sayer);
    } else {
      references.find(element.text, 0, element.text.size(), line, sayer);
    }
    behind = std::max(behind, element.end);
  }
  find_until(statement_end);
}

}  // namespace engine::organize
