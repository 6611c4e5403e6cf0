#include "engine/organize/organizer.h"

#include <algorithm>
#include <utility>

namespace engine::organize {
namespace {

using sql::Role;
using sql::SplitPart;
using sql::Statement;

bool is_child_type(std::string_view type) {
  for (const std::string_view child :
       {"index", "fulltext_index", "constraint", "trigger", "policy", "rule", "extended_property",
        "statistics", "materialized_view_log"}) {
    if (type == child) return true;
  }
  return false;
}

// The object that an output of this statement is filed under: a comment on a column goes with its
// table.
ObjectRef filed_object(const Statement& statement) {
  ObjectRef object = statement.objects.front();
  if (object.type == "column" && object.parent) {
    object.type = "table";
    object.name = std::exchange(object.parent, std::nullopt);
  }
  return object;
}

std::optional<ObjectKey> owner_of(const Statement& statement, const ObjectRef& object) {
  if (object.parent) {
    const bool typed = !statement.owner_type.empty() && statement.owner_name == *object.parent;
    return ObjectKey{typed ? statement.owner_type : "table",
                     object.parent_schema ? object.parent_schema : object.schema, *object.parent};
  }
  if (object.type == "grant") {
    return ObjectKey{statement.owner_type, statement.owner_schema, statement.owner_name};
  }
  return std::nullopt;
}

}  // namespace

Organizer::Organizer(std::string_view text, Dialect dialect, std::uint64_t segment_size)
    : text_(text), keys_(dialect), segment_size_(segment_size) {}

// A part begins where the assigned text ends: its line is known from here.
void Organizer::meet(std::uint64_t offset, std::uint64_t line) {
  known_offset_ = offset;
  known_line_ = line;
  if (offset == assigned_) assigned_line_ = line;
}

// Asked in ascending order, so that no line is counted twice.
std::uint64_t Organizer::line_at(std::uint64_t offset) {
  const auto begin = text_.begin() + static_cast<std::ptrdiff_t>(known_offset_);
  const auto end = text_.begin() + static_cast<std::ptrdiff_t>(offset);
  known_line_ += static_cast<std::uint64_t>(std::count(begin, end, '\n'));
  known_offset_ = offset;
  return known_line_;
}

void Organizer::add_gap(const SplitPart& part) {
  meet(part.offset, part.line);
  if (current_ == kNoDraft || assigned_ != part.offset) return;
  // The rest of the line belongs to what it ends: "; -- the end". What follows introduces the next.
  const std::size_t end = part.in(text_).find('\n');
  if (end == std::string_view::npos) return;
  attach(current_, part.offset + end + 1);
  assigned_line_ = part.line + 1;
}

void Organizer::add(const SplitPart& part, const std::vector<Statement>& statements) {
  meet(part.offset, part.line);
  for (const Statement& statement : statements) {
    if (statement.offset == assigned_ && statement.offset > part.offset) {
      assigned_line_ = line_at(statement.offset);
    }
    add_statement(part, statement);
  }
}

void Organizer::add_statement(const SplitPart& part, const Statement& statement) {
  const bool is_unit = part.kind == PartKind::kUnit;
  const std::uint64_t end = statement.offset + statement.length;
  std::size_t draft = kNoDraft;
  switch (statement.role) {
    case Role::kSettingNext:
      ++pending_units_;
      return;
    case Role::kSettingPrevious:
      if (pending_units_ > 0 || current_ == kNoDraft) {
        pending_units_ += is_unit;
        return;
      }
      attach(current_, end);
      drafts_[current_].pieces.back().batch_ended = !is_unit;
      drafts_[current_].units += is_unit;
      return;
    case Role::kDefinition:
      draft = definition_draft(statement);
      break;
    case Role::kData:
    case Role::kDataFrame:
      if (statement.length > segment_size_ && statement.role == Role::kData) {
        return attach_copy(statement);
      }
      draft = segment_draft(statement);
      break;
    case Role::kOther:
      draft = other_draft();
      unclassified_units_ += is_unit;
      break;
  }
  attach(draft, end);
  drafts_[draft].pieces.back().batch_ended = false;
  drafts_[draft].units += is_unit + std::exchange(pending_units_, 0);
}

void Organizer::attach(std::size_t index, std::uint64_t end) {
  Draft& draft = drafts_[index];
  if (!draft.pieces.empty() &&
      draft.pieces.back().offset + draft.pieces.back().length == assigned_) {
    draft.pieces.back().length = end - draft.pieces.back().offset;
  } else {
    draft.pieces.push_back({assigned_, end - assigned_, assigned_line_, false});
  }
  draft.bytes += end - assigned_;
  assigned_ = end;
  current_ = index;
}

// A COPY larger than a segment goes on in further ones, cut between rows.
void Organizer::attach_copy(const Statement& statement) {
  const auto begin = static_cast<std::size_t>(statement.offset);
  const std::size_t end = begin + static_cast<std::size_t>(statement.length);
  const std::size_t header_end = text_.find('\n', begin) + 1;
  const bool copy = (text_[begin] | 0x20) == 'c' && header_end != 0 && header_end < end &&
                    text_.substr(begin, header_end - begin).find(';') != std::string_view::npos;
  std::size_t draft = new_segment(statement);
  while (copy && end - assigned_ > segment_size_) {
    const std::size_t row = text_.find('\n', static_cast<std::size_t>(assigned_ + segment_size_));
    if (row == std::string_view::npos || row + 1 >= end || text_.substr(row + 1, 2) == "\\.") break;
    attach(draft, row + 1);
    assigned_line_ = line_at(row + 1);
    drafts_[draft].copy_goes_on = true;
    draft = new_segment(statement);
    drafts_[draft].copy_header = text_.substr(begin, header_end - begin);
  }
  attach(draft, end);
  drafts_[draft].units += 1 + std::exchange(pending_units_, 0);
}

std::size_t Organizer::definition_draft(const Statement& statement) {
  const ObjectRef object = filed_object(statement);
  const std::optional<ObjectKey> owner = owner_of(statement, object);
  const std::string name = object.name.value_or("");
  std::string key = keys_.key(object.type, object.schema, name, owner ? owner->name : "");
  if (object.signature) key += *object.signature;
  // What has no name is told apart by nothing: each is an object of its own.
  std::size_t index = object.name ? find_definition(object, key) : kNoDraft;
  if (index == kNoDraft) {
    Draft draft;
    draft.kind = OutputKind::kDefinition;
    draft.own = {object.type, object.schema, name};
    draft.owner = owner;
    index = add_draft(std::move(draft));
    if (object.name) {
      index_.emplace(std::move(key), index);
      loose_index_.emplace(loose_key(object), index);
    }
  }
  Draft& draft = drafts_[index];
  if (object.action == Action::kCreate) draft.own = {object.type, object.schema, name};
  if (!object.constraint_kind.empty()) draft.constraint_kind = object.constraint_kind;
  for (const ObjectRef& noted : statement.objects) {
    if (std::find(draft.objects.begin(), draft.objects.end(), noted) == draft.objects.end()) {
      draft.objects.push_back(noted);
    }
  }
  return index;
}

// Without parent and parameters; a child's schema is its parent's.
std::string Organizer::loose_key(const ObjectRef& object) const {
  return keys_.key(object.type, is_child_type(object.type) ? std::nullopt : object.schema,
                   object.name.value_or(""));
}

// Something later said of an object may leave out its table or its parameters.
std::size_t Organizer::find_definition(const ObjectRef& object, const std::string& key) const {
  if (const auto found = index_.find(key); found != index_.end()) return found->second;
  if (object.action == Action::kCreate || object.type == "grant") return kNoDraft;
  if (is_child_type(object.type) ? object.parent.has_value() : object.signature.has_value()) {
    return kNoDraft;
  }
  const auto found = loose_index_.find(loose_key(object));
  return found == loose_index_.end() ? kNoDraft : found->second;
}

bool Organizer::fills_current(const Statement& statement) const {
  if (current_ == kNoDraft || pending_units_ > 0) return false;
  const Draft& draft = drafts_[current_];
  return draft.kind == OutputKind::kSegment && draft.bytes < segment_size_ &&
         draft.owner->name == statement.owner_name && draft.owner->schema == statement.owner_schema;
}

std::size_t Organizer::segment_draft(const Statement& statement) {
  if (!fills_current(statement)) return new_segment(statement);
  if (drafts_[current_].objects.empty()) drafts_[current_].objects = statement.objects;
  return current_;
}

std::size_t Organizer::new_segment(const Statement& statement) {
  Draft draft;
  draft.kind = OutputKind::kSegment;
  draft.owner = ObjectKey{"table", statement.owner_schema, statement.owner_name};
  draft.objects = statement.objects;
  return add_draft(std::move(draft));
}

std::size_t Organizer::other_draft() {
  if (current_ != kNoDraft && drafts_[current_].kind == OutputKind::kOther) return current_;
  return add_draft(Draft{});
}

std::size_t Organizer::add_draft(Draft draft) {
  drafts_.push_back(std::move(draft));
  return drafts_.size() - 1;
}

std::vector<Draft> Organizer::finish() {
  if (assigned_ < text_.size()) {
    const bool settings = pending_units_ > 0;
    const std::size_t draft = settings || current_ == kNoDraft ? other_draft() : current_;
    attach(draft, text_.size());
    drafts_[draft].units += std::exchange(pending_units_, 0);
  }
  return std::move(drafts_);
}

}  // namespace engine::organize
