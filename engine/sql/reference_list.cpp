#include "engine/sql/reference_list.h"

#include <algorithm>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/lines.h"

namespace engine::sql {
namespace {

std::string key_of(ReferenceKind kind, const std::optional<std::string>& database,
                   const std::optional<std::string>& schema,
                   const std::optional<std::string>& constraint, std::string_view name) {
  std::string key(1, static_cast<char>('0' + static_cast<int>(kind)));
  for (const auto* part : {&database, &schema, &constraint}) {
    if (*part) key += **part;
    key += '\0';
  }
  return key += name;
}

std::string key_of(const Reference& reference) {
  return key_of(reference.kind, reference.database, reference.schema, reference.constraint,
                reference.name);
}

}  // namespace

std::optional<std::string> database_of(const QualifiedName& name) {
  if (name.server.empty()) return name.database;
  std::string text = "@" + name.server;
  if (name.database) text.append(".").append(*name.database);
  return text;
}

ReferenceList::ReferenceList(std::string_view text, std::size_t position, std::uint64_t line,
                             std::vector<Reference>* out)
    : text_(text),
      known_position_(position),
      known_line_(line),
      line_mark_(line_mark(text)),
      out_(out),
      first_(out->size()) {}

std::size_t ReferenceList::add(ReferenceKind kind, const QualifiedName& name, std::size_t position,
                               bool in_expression) {
  std::optional<std::string> database = database_of(name);
  if (!is_new(kind, database, name)) return kNone;
  Reference& reference = out_->emplace_back();
  reference.kind = kind;
  reference.database = std::move(database);
  reference.schema = name.schema;
  reference.name = name.name;
  reference.in_expression = in_expression;
  reference.line = line_at(position);
  return out_->size() - 1;
}

// Two keys of one table to another are two references.
std::size_t ReferenceList::add_foreign_key(Reference reference, std::size_t position) {
  reference.line = line_at(position);
  out_->push_back(std::move(reference));
  return out_->size() - 1;
}

bool ReferenceList::rename(std::size_t index, const QualifiedName& name) {
  std::optional<std::string> database = database_of(name);
  const ReferenceKind kind = at(index).kind;
  const Reference& one = at(index);
  if (one.name == name.name && one.schema == name.schema && one.database == database) return true;
  if (!is_new(kind, database, name)) {
    remove(index);
    return false;
  }
  Reference& reference = (*out_)[index];
  seen_.erase(key_of(reference));
  reference.database = std::move(database);
  reference.schema = name.schema;
  reference.name = name.name;
  return true;
}

void ReferenceList::remove(std::size_t index) {
  seen_.erase(key_of(at(index)));
  out_->erase(out_->begin() + static_cast<std::ptrdiff_t>(index));
}

template <class IsOne>
void ReferenceList::remove_if(std::string_view name, const IsOne& is_one) {
  for (std::size_t i = out_->size(); i > first_; --i) {
    const Reference& one = (*out_)[i - 1];
    if (is_one(one.kind) && !one.schema && same_letters(one.name, name)) remove(i - 1);
  }
}

void ReferenceList::forget_relation(std::string_view name) {
  remove_if(name, [](ReferenceKind kind) {
    return kind == ReferenceKind::kReads || kind == ReferenceKind::kWrites;
  });
}

void ReferenceList::forget_calls(std::string_view name) {
  remove_if(name, [](ReferenceKind kind) { return kind == ReferenceKind::kCalls; });
}

// Most names are there already: a body says the same ones again and again.
bool ReferenceList::is_new(ReferenceKind kind, const std::optional<std::string>& database,
                           const QualifiedName& name) {
  constexpr std::size_t kFew = 8;
  if (out_->size() - first_ < kFew) {
    return std::none_of(out_->begin() + static_cast<std::ptrdiff_t>(first_), out_->end(),
                        [&](const Reference& one) {
                          return one.kind == kind && one.name == name.name &&
                                 one.schema == name.schema && one.database == database;
                        });
  }
  if (seen_.empty()) {
    for (std::size_t i = first_; i < out_->size(); ++i) seen_.insert(key_of((*out_)[i]));
  }
  return seen_.insert(key_of(kind, database, name.schema, std::nullopt, name.name)).second;
}

std::uint64_t ReferenceList::line_at(std::size_t position) {
  if (position < known_position_) return known_line_;
  known_line_ += count_lines(text_.substr(known_position_, position - known_position_), line_mark_);
  known_position_ = position;
  return known_line_;
}

}  // namespace engine::sql
