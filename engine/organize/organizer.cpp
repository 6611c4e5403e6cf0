#include "engine/organize/organizer.h"

#include <algorithm>
#include <utility>

#include "engine/organize/rows_query.h"
#include "engine/organize/statement_key.h"
#include "engine/sql/lines.h"
#include "engine/sql/references.h"

namespace engine::organize {
namespace {

using sql::Role;
using sql::SplitPart;
using sql::Statement;

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

std::optional<std::string> database_of(const Statement& statement) {
  return statement.objects.empty() ? std::nullopt : statement.objects.front().database;
}

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

}  // namespace

Organizer::Organizer(std::string_view text, Dialect dialect, std::uint64_t segment_size)
    : text_(text),
      dialect_(dialect),
      keys_(dialect),
      definitions_(dialect),
      segment_size_(segment_size),
      line_mark_(sql::line_mark(text)),
      journal_(text, dialect) {}

// A part begins where the assigned text ends: its line is known from here.
void Organizer::meet(const SplitPart& part) {
  known_offset_ = part.offset;
  known_line_ = part.line;
  if (part.offset == assigned_) assigned_line_ = part.line;
}

// Asked in ascending order, so that no line is counted twice.
std::uint64_t Organizer::line_at(std::uint64_t offset) {
  known_line_ += sql::count_lines(text_.substr(static_cast<std::size_t>(known_offset_),
                                               static_cast<std::size_t>(offset - known_offset_)),
                                  line_mark_);
  known_offset_ = offset;
  return known_line_;
}

void Organizer::add_gap(const SplitPart& part) {
  meet(part);
  if (current_ == kNoDraft || assigned_ != part.offset) return;
  // The rest of the line belongs to what it ends: "; -- the end". What follows introduces the next.
  const std::size_t end = part.in(text_).find(line_mark_);
  if (end == std::string_view::npos) return;
  attach(current_, part.offset + end + 1, part.terminator);
  assigned_line_ = part.line + 1;
}

void Organizer::add(const SplitPart& part, const std::vector<Statement>& statements) {
  meet(part);
  unclassified_ = false;
  for (const Statement& statement : statements) {
    if (statement.offset == assigned_ && statement.offset > part.offset) {
      assigned_line_ = line_at(statement.offset);
    }
    add_statement(part, statement);
  }
  unclassified_units_ += unclassified_;
}

// A unit counts once in every output that holds a statement of it.
void Organizer::count_unit(const SplitPart& part, Draft* draft) {
  draft->units += std::exchange(pending_units_, 0);
  if (part.kind != PartKind::kUnit || draft->last_unit == part.offset) return;
  draft->last_unit = part.offset;
  ++draft->units;
}

void Organizer::add_statement(const SplitPart& part, const Statement& statement) {
  const bool is_unit = part.kind == PartKind::kUnit;
  std::size_t draft = kNoDraft;
  switch (statement.role) {
    case Role::kSettingNext:
      ++pending_settings_;
      pending_units_ += is_unit;
      return;
    case Role::kSettingPrevious:
      if (pending_settings_ > 0 || current_ == kNoDraft) {
        ++pending_settings_;
        pending_units_ += is_unit;
        return;
      }
      draft = current_;
      break;
    case Role::kFlow:
      draft = flow_draft(statement.transaction);
      unclassified_ = unclassified_ || (is_unit && drafts_[draft].kind != OutputKind::kSegment);
      break;
    case Role::kDefinition:
      find_references(statement);
      journal_.read(statement, references_);
      draft = definition_draft(statement);
      note_references(&drafts_[draft]);
      journal_.note(draft);
      close_segments(statement.offset + statement.length);
      break;
    case Role::kData:
    case Role::kDataFrame:
      if (statement.rows != 0 && statement.length > segment_size_) {
        return attach_copy(part, statement);
      }
      draft = segment_draft(statement);
      break;
    case Role::kOther:
      draft = other_draft();
      find_references(statement);
      journal_.read(statement, references_);
      journal_.note(draft);
      close_segments(statement.offset + statement.length);
      unclassified_ = unclassified_ || is_unit;
      break;
  }
  attach(draft, statement.offset + statement.length, statement.terminator);
  const bool closes = statement.role == Role::kSettingPrevious && !is_unit;
  drafts_[draft].pieces.back().batch_ended = closes;
  count_unit(part, &drafts_[draft]);
  pending_settings_ = 0;
}

void Organizer::attach(std::size_t draft_index, std::uint64_t end, std::string_view terminator) {
  Draft& draft = drafts_[draft_index];
  if (!draft.pieces.empty() &&
      draft.pieces.back().offset + draft.pieces.back().length == assigned_) {
    draft.pieces.back().length = end - draft.pieces.back().offset;
    draft.pieces.back().terminator_after = terminator;
  } else {
    draft.pieces.push_back(
        {assigned_, end - assigned_, assigned_line_, false, terminator_, terminator});
    ++pieces_;
  }
  draft.bytes += end - assigned_;
  assigned_ = end;
  terminator_ = terminator;
  current_ = draft_index;
  if (in_segment()) last_segment_ = draft_index;
}

// A COPY larger than a segment goes on in further ones, cut between rows.
void Organizer::attach_copy(const SplitPart& part, const Statement& statement) {
  const auto end = static_cast<std::size_t>(statement.offset + statement.length);
  const std::string_view header =
      text_.substr(static_cast<std::size_t>(statement.offset),
                   static_cast<std::size_t>(statement.rows - statement.offset));
  std::size_t draft = new_segment(statement);
  while (end - assigned_ > segment_size_) {
    const std::size_t row = text_.find('\n', static_cast<std::size_t>(assigned_ + segment_size_));
    if (row == std::string_view::npos || row + 1 >= end || text_.substr(row + 1, 2) == "\\.") break;
    attach(draft, row + 1, statement.terminator);
    assigned_line_ = line_at(row + 1);
    drafts_[draft].copy_goes_on = true;
    draft = new_segment(statement);
    drafts_[draft].copy_header = header;
  }
  attach(draft, end, statement.terminator);
  count_unit(part, &drafts_[draft]);
  pending_settings_ = 0;
}

std::size_t Organizer::definition_draft(const Statement& statement) {
  const ObjectRef object = filed_object(statement);
  const ObjectKey own = own_key(statement, object, dialect_);
  const std::optional<ObjectKey> owner = owner_key(statement, object, dialect_);
  // What has no name is told apart by nothing: each is an object of its own.
  const std::size_t next = drafts_.size();
  std::size_t index =
      object.name ? main_of(definitions_.find_or_add(object, own, owner, next)) : next;
  if (index == next) {
    Draft draft;
    draft.kind = OutputKind::kDefinition;
    draft.own = own;
    draft.owner = owner;
    add_draft(std::move(draft));
  }
  if (is_owned_sequence(object)) drafts_[index].owner = owner;
  const std::size_t whole = index;
  index = standing_apart(index, object);
  if (is_parted(index)) index = next_part(main_of(whole), object);
  Draft& draft = drafts_[index];
  const bool body = object.type == "package_body" || object.type == "type_body";
  if (object.action == Action::kCreate && !(body && draft.pieces.size() > 0)) draft.own = own;
  draft.created = draft.created || object.action == Action::kCreate;
  if (!object.constraint_kind.empty()) draft.constraint_kind = object.constraint_kind;
  note_objects(statement, &draft);
  return index;
}

void Organizer::note_objects(const Statement& statement, Draft* draft) {
  places_.clear();
  for (const ObjectRef& object : statement.objects) places_.push_back(draft->objects.note(object));
}

// Of a statement with several objects, a foreign key's reference is that constraint's; everything
// else is said by the first of them, or of a schema's element by the element's first.
void Organizer::find_references(const Statement& statement) {
  constexpr std::uint64_t kVeryLong = 4 << 20;  // what defines nothing, and may be a broken quote
  references_.clear();
  sayers_.clear();
  own_paths_.clear();
  if (statement.role != Role::kDefinition && statement.length > kVeryLong) return;
  ForeignKeys keys(statement.objects);
  std::uint64_t begin = statement.offset;
  std::size_t object = 0;
  const auto find_until = [&](std::uint64_t end) {
    std::vector<std::string> own_path =
        sql::find_references(text_, static_cast<std::size_t>(begin), static_cast<std::size_t>(end),
                             line_at(begin), dialect_, &references_);
    if (!own_path.empty()) own_paths_.emplace_back(object, std::move(own_path));
    for (std::size_t i = sayers_.size(); i < references_.size(); ++i) {
      const bool key = references_[i].kind == ReferenceKind::kReferences;
      sayers_.push_back(key ? keys.next(references_[i].constraint, object) : object);
    }
  };
  for (const sql::SchemaElement& element : statement.elements) {
    if (element.object >= statement.objects.size()) continue;
    find_until(element.offset);
    begin = element.offset;
    object = element.object;
  }
  find_until(statement.offset + statement.length);
}

void Organizer::note_references(Draft* draft) {
  for (auto& [object, path] : own_paths_) {
    draft->objects.set_search_path(places_[object], std::move(path));
  }
  for (std::size_t i = 0; i < references_.size(); ++i) {
    draft->references.push_back({places_[sayers_[i]], std::move(references_[i])});
  }
}

std::size_t Organizer::main_of(std::size_t index) const {
  const auto found = mains_.find(index);
  return found == mains_.end() ? index : found->second;
}

// The statement at hand cannot be loaded with what the draft has: something between needs the one,
// and the statement needs that. What stands next to it in the source can.
bool Organizer::is_parted(std::size_t draft) const {
  const std::size_t pieces = drafts_[draft].pieces.size();
  if (pieces == 0 || (pieces == 1 && draft == current_)) return false;
  return journal_.parts(draft);
}

// A further output of an object. A definition is what the object is called by from then on; what it
// was before is a change.
std::size_t Organizer::next_part(std::size_t index, const ObjectRef& object) {
  Draft part;
  part.kind = OutputKind::kDefinition;
  part.own = drafts_[index].own;
  part.owner = drafts_[index].owner;
  const std::size_t at = add_draft(std::move(part));
  if (object.action == Action::kCreate) {
    become_main(at, index);
  } else {
    drafts_[at].change = true;
    drafts_[at].drops = object.action == Action::kDrop;
    changes_[index] = at;
  }
  return at;
}

void Organizer::become_main(std::size_t draft, std::size_t index) {
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
std::size_t Organizer::standing_apart(std::size_t index, const ObjectRef& object) {
  const auto found = changes_.find(index);
  const std::size_t last = found == changes_.end() ? index : found->second;
  if (object.action == Action::kComment) return last;
  const bool creates = object.action == Action::kCreate;
  const bool anew = creates && last != index && drafts_[last].drops;
  if (anew) {
    const bool parted = journal_.would_ring(index, last);
    changes_.erase(found);
    if (parted && last == current_) {
      become_main(last, index);
      return last;
    }
    if (parted) return next_part(index, object);
    take_back(last, index);
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
  if (last == current_) {
    drafts_[last].drops = drops && last != index;
    return last;
  }
  Draft draft;
  draft.kind = OutputKind::kDefinition;
  draft.own = drafts_[index].own;
  draft.owner = drafts_[index].owner;
  draft.change = true;
  draft.drops = drops;
  return changes_[index] = add_draft(std::move(draft));
}

void Organizer::take_back(std::size_t from, std::size_t to) {
  Draft& source = drafts_[from];
  Draft& target = drafts_[to];
  target.pieces.insert(target.pieces.end(), source.pieces.begin(), source.pieces.end());
  target.tell_also(&source);
  target.units += source.units;
  target.bytes += source.bytes;
  target.last_unit = source.last_unit;
  source = Draft{};
  journal_.join(from, to);
  if (current_ == from) current_ = to;
  if (transaction_ == from) transaction_ = to;
}

bool Organizer::in_segment() const {
  return current_ != kNoDraft && drafts_[current_].kind == OutputKind::kSegment;
}

// Rows of several tables in turn go on where each table's rows are, as long as nothing but rows
// came between, and none of them were read from a table. With very many turns they are kept as they
// stand: the list of pieces is bounded.
std::size_t Organizer::segment_draft(const Statement& statement) {
  // Most rows follow rows of their table, where no key has to be made to find it.
  const bool same = current_ == last_rows_.draft && last_rows_.schema == statement.owner_schema &&
                    last_rows_.name == statement.owner_name &&
                    last_rows_.database == database_of(statement) &&
                    last_rows_.in_force == statement.database;
  if (same && in_segment() && goes_on(current_, statement)) return note_rows(current_, statement);
  last_rows_ = {keyed_segment(statement), statement.owner_schema, statement.owner_name,
                database_of(statement), statement.database};
  return last_rows_.draft;
}

// Next to the rows before it, or with nothing but plain rows between.
bool Organizer::goes_on(std::size_t segment, const Statement& statement) {
  const Draft& draft = drafts_[segment];
  if (draft.bytes >= segment_size_ || begins_with_query(statement)) return false;
  if (segment == current_ && draft.pieces.size() == 1) return true;
  const std::uint64_t end = statement.offset + statement.length;
  const std::string_view between = text_.substr(static_cast<std::size_t>(plain_until_),
                                                static_cast<std::size_t>(end - plain_until_));
  if (has_query(between, dialect_)) {
    close_segments(statement.offset);
    return false;
  }
  plain_until_ = end;
  return true;
}

// INSERT INTO t (a, b) SELECT: not VALUES, and not the rows of a COPY.
bool Organizer::begins_with_query(const Statement& statement) const {
  if (statement.rows != 0 || statement.role != Role::kData) return false;
  const std::string_view all = text_.substr(static_cast<std::size_t>(statement.offset),
                                            static_cast<std::size_t>(statement.length));
  if (statement.owner_end <= statement.offset) return has_query(all, dialect_);
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t name_end = static_cast<std::size_t>(statement.owner_end - statement.offset);
  std::size_t at = all.find_first_not_of(kSpace, std::min(name_end, all.size()));
  if (at != std::string_view::npos && all[at] == '(') {
    at = all.find(')', at);
    if (at != std::string_view::npos) at = all.find_first_not_of(kSpace, at + 1);
  }
  if (at != std::string_view::npos && (all[at] == 'v' || all[at] == 'V')) return false;
  return has_query(all, dialect_);
}

void Organizer::close_segments(std::uint64_t until) {
  open_segments_.clear();
  last_rows_ = {};
  plain_until_ = until;
}

std::size_t Organizer::keyed_segment(const Statement& statement) {
  constexpr std::size_t kMostPieces = 100'000;
  const auto open = open_segments_.find(keys_.key(rows_owner_key(statement, dialect_)));
  if (open != open_segments_.end() && goes_on(open->second, statement)) {
    if (open->second != current_ && pieces_ >= kMostPieces) return other_draft();
    return note_rows(open->second, statement);
  }
  if (pieces_ >= kMostPieces) return other_draft();
  return new_segment(statement);
}

std::size_t Organizer::note_rows(std::size_t draft, const Statement& statement) {
  if (drafts_[draft].objects.empty()) note_objects(statement, &drafts_[draft]);
  return draft;
}

// Rows that are read from tables come behind what is in those now, and before what comes there
// later.
std::size_t Organizer::new_segment(const Statement& statement) {
  const bool rows_only = statement.rows != 0 || statement.role != Role::kData;
  const std::string_view all = text_.substr(static_cast<std::size_t>(statement.offset),
                                            static_cast<std::size_t>(statement.length));
  references_.clear();
  const bool queries = !rows_only && has_query(all, dialect_);
  if (queries) {
    find_references(statement);
    close_segments(statement.offset + statement.length);
  }
  journal_.read(statement, references_);
  Draft draft;
  draft.kind = OutputKind::kSegment;
  draft.queries = queries;
  draft.owner = rows_owner_key(statement, dialect_);
  note_objects(statement, &draft);
  const std::string key = keys_.key(*draft.owner);
  const std::size_t index = add_draft(std::move(draft));
  open_segments_[key] = index;
  journal_.note(index);
  return index;
}

std::size_t Organizer::other_draft() {
  if (current_ != kNoDraft && drafts_[current_].kind == OutputKind::kOther) return current_;
  return add_draft(Draft{});
}

// COMMIT every hundred rows does not cut a table's rows into pieces. An output that ends no
// transaction that it does not begin, nor leaves one open, runs by itself.
std::size_t Organizer::flow_draft(sql::Transaction transaction) {
  const bool within =
      transaction == sql::Transaction::kGoesOn || transaction == sql::Transaction::kEnds;
  if (within && transaction_ != kNoDraft) {
    const std::size_t draft = transaction_;
    if (transaction == sql::Transaction::kEnds) transaction_ = kNoDraft;
    return draft;
  }
  std::size_t draft = current_;
  if (!in_segment()) draft = open_segments_.empty() ? other_draft() : last_segment_;
  if (transaction == sql::Transaction::kBegins) transaction_ = draft;
  return draft;
}

std::size_t Organizer::add_draft(Draft draft) {
  draft.node = drafts_.size();
  drafts_.push_back(std::move(draft));
  journal_.add_draft();
  return drafts_.size() - 1;
}

// The pieces tile the text, so one ends where the next begins.
void Organizer::note_end_lines() {
  std::vector<Piece*> pieces;
  pieces.reserve(pieces_);
  for (Draft& draft : drafts_) {
    for (Piece& piece : draft.pieces) pieces.push_back(&piece);
  }
  std::sort(pieces.begin(), pieces.end(),
            [](const Piece* a, const Piece* b) { return a->offset < b->offset; });
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) pieces[i]->end_line = pieces[i + 1]->line;
  if (!pieces.empty()) pieces.back()->end_line = line_at(text_.size());
}

std::vector<Draft> Organizer::finish() {
  if (assigned_ < text_.size()) {
    const bool settings = pending_settings_ > 0;
    const std::size_t draft = settings || current_ == kNoDraft ? other_draft() : current_;
    attach(draft, text_.size(), terminator_);
    drafts_[draft].units += std::exchange(pending_units_, 0);
  }
  note_end_lines();
  std::erase_if(drafts_, [](const Draft& draft) { return draft.pieces.empty(); });
  return std::move(drafts_);
}

}  // namespace engine::organize
