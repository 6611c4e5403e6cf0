#include "engine/organize/statement_references.h"

#include <cstdint>
#include <optional>

#include "engine/sql/references.h"

namespace engine::organize {
namespace {

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

// ALTER TABLE of several actions names the table behind the constraints that it adds.
std::size_t first_sayer(const std::vector<ObjectRef>& objects) {
  const bool alters_both = objects.size() > 1 && objects.front().type == "constraint" &&
                           objects.back().action == Action::kAlter &&
                           objects.back().name == objects.front().parent;
  return alters_both ? objects.size() - 1 : 0;
}

}  // namespace

void StatementReferences::clear() {
  references_.clear();
  sayers_.clear();
  own_paths_.clear();
}

// Of a statement with several objects, a foreign key's reference is that constraint's; everything
// else is said by the first of them (by the table, where ALTER TABLE does more than to add keys),
// or from an element on by the element's first.
void StatementReferences::find(const sql::Statement& statement) {
  constexpr std::uint64_t kVeryLong = 4 << 20;  // what defines nothing, and may be a broken quote
  clear();
  if (statement.role != sql::Role::kDefinition && statement.length > kVeryLong) return;
  ForeignKeys keys(statement.objects);
  std::uint64_t begin = statement.offset;
  std::size_t object = first_sayer(statement.objects);
  const auto find_until = [&](std::uint64_t end) {
    std::vector<std::string> own_path =
        sql::find_references(text_, static_cast<std::size_t>(begin), static_cast<std::size_t>(end),
                             lines_.line_at(begin), dialect_, &references_);
    if (!own_path.empty()) own_paths_.emplace_back(object, std::move(own_path));
    for (std::size_t i = sayers_.size(); i < references_.size(); ++i) {
      const bool key = references_[i].kind == ReferenceKind::kReferences;
      sayers_.push_back(key ? keys.next(references_[i].constraint, object) : object);
    }
  };
  for (const sql::StatementElement& element : statement.elements) {
    if (element.object >= statement.objects.size()) continue;
    find_until(element.offset);
    begin = element.offset;
    object = element.object;
  }
  find_until(statement.offset + statement.length);
}

void StatementReferences::move_to(const std::vector<std::size_t>& places, Draft* draft) {
  for (auto& [object, path] : own_paths_) {
    draft->objects.set_search_path(places[object], std::move(path));
  }
  for (std::size_t i = 0; i < references_.size(); ++i) {
    draft->references.push_back({places[sayers_[i]], std::move(references_[i])});
  }
}

}  // namespace engine::organize
