#include "engine/organize/object_parts.h"

#include <optional>
#include <string_view>
#include <utility>

#include "engine/organize/statement_key.h"

namespace engine::organize {
namespace {

// Types whose ALTER names other objects, which may stand between the two.
bool takes_members(std::string_view type, Dialect dialect) {
  if (dialect != Dialect::kPostgresql) return false;
  for (const std::string_view taking : {"type", "domain", "index", "operator", "operator_family",
                                        "text_search_configuration", "publication"}) {
    if (type == taking) return true;
  }
  return false;
}

bool is_table_type(std::string_view type) {
  return type == "table" || type == "foreign_table" || type == "external_table" ||
         type == "materialized_view";
}

}  // namespace

std::size_t ObjectParts::place(const sql::Statement& statement) {
  const ObjectRef object = filed_object(statement);
  const dependency::ObjectKey own = own_key(statement, object, dialect_);
  const std::optional<dependency::ObjectKey> owner = owner_key(statement, object, dialect_);
  // What has no name is told apart by nothing: each is an object of its own.
  const std::size_t next = drafts_.size();
  std::size_t index =
      object.name ? main_of(definitions_.find_or_add(object, own, owner, next)) : next;
  const bool is_new = index == next;
  if (is_new) {
    Draft draft = drafts_.make();
    draft.kind = OutputKind::kDefinition;
    draft.own = own;
    draft.owner = owner;
    drafts_.add(std::move(draft));
  }
  if (is_owned_sequence(object)) drafts_[index].owner = owner;
  const std::size_t whole = index;
  index = standing_apart(index, object);
  if (is_parted(index)) index = next_part(main_of(whole), object);
  Draft& draft = drafts_[index];
  const bool body = object.type == "package_body" || object.type == "type_body";
  const bool names = object.action == Action::kCreate && !(body && draft.pieces.size() > 0);
  if (names && !(is_new && index == next)) {
    draft.own = own;
    if (!draft.created && !draft.change) draft.owner = owner;  // a DROP may not have named it
  }
  draft.created = draft.created || object.action == Action::kCreate;
  if (!object.constraint_kind.empty()) draft.constraint_kind = object.constraint_kind;
  return index;
}

std::size_t ObjectParts::main_of(std::size_t index) const {
  const auto found = mains_.find(index);
  return found == mains_.end() ? index : found->second;
}

// The statement at hand cannot be loaded with what the draft has: something between needs the one,
// and the statement needs that. What stands next to it in the source can.
bool ObjectParts::is_parted(std::size_t draft) const {
  const std::size_t pieces = drafts_[draft].pieces.size();
  if (pieces == 0 || (pieces == 1 && draft == drafts_.current())) return false;
  return journal_.parts(draft);
}

// A further output of an object. A definition is what the object is called by from then on; what it
// was before is a change.
std::size_t ObjectParts::next_part(std::size_t index, const ObjectRef& object) {
  Draft part = drafts_.make();
  part.kind = OutputKind::kDefinition;
  part.own = drafts_[index].own;
  part.owner = drafts_[index].owner;
  const std::size_t at = drafts_.add(std::move(part));
  if (object.action == Action::kCreate) {
    become_main(at, index);
  } else {
    drafts_[at].change = true;
    drafts_[at].drops = object.action == Action::kDrop;
    changes_[index] = at;
  }
  return at;
}

void ObjectParts::become_main(std::size_t draft, std::size_t index) {
  const auto first = firsts_.find(index);
  const std::size_t told_by = first == firsts_.end() ? index : first->second;
  mains_[told_by] = draft;
  firsts_[draft] = told_by;
  drafts_[index].change = true;
  drafts_[draft].change = drafts_[draft].drops = false;
}

// What alters a table, gives a sequence its column or drops an object after other things have been
// said is an output of its own: it may need an index or a table of which the object knows nothing,
// and what stands before it may need the object as it was. Comments go there too from then on, and
// a new definition takes it back: DROP and CREATE are one.
std::size_t ObjectParts::standing_apart(std::size_t index, const ObjectRef& object) {
  const auto found = changes_.find(index);
  const std::size_t last = found == changes_.end() ? index : found->second;
  if (object.action == Action::kComment) return last;
  const bool creates = object.action == Action::kCreate;
  const bool anew = creates && last != index && drafts_[last].drops;
  if (anew) {
    const bool parted = journal_.would_ring(index, last) || journal_.parts(index, last);
    changes_.erase(found);
    if (parted && last == drafts_.current()) {
      become_main(last, index);
      return last;
    }
    if (parted) return next_part(index, object);
    drafts_.join(last, index);
  }
  const Draft& defined = drafts_[index];
  // PostgreSQL has a type twice when the first is a shell for its functions to be declared with.
  const bool fills = creates && !anew && object.type == "type" && defined.created &&
                     dialect_ == Dialect::kPostgresql;
  const bool drops = object.action == Action::kDrop && defined.created;
  const bool alters = object.action == Action::kAlter &&
                      (is_table_type(defined.own.type) || is_owned_sequence(object) ||
                       takes_members(object.type, dialect_));
  if (!(alters || drops || fills) || defined.pieces.empty()) return index;
  if (last == drafts_.current()) {
    drafts_[last].drops = drops && last != index;
    return last;
  }
  Draft draft = drafts_.make();
  draft.kind = OutputKind::kDefinition;
  draft.own = drafts_[index].own;
  draft.owner = drafts_[index].owner;
  draft.change = true;
  draft.drops = drops;
  return changes_[index] = drafts_.add(std::move(draft));
}

}  // namespace engine::organize
