#include "engine/dependency/name_book.h"

#include "engine/sql/ascii.h"

namespace engine::dependency {
namespace {

// A name of more objects than this says nothing of which is meant.
constexpr std::size_t kVeryMany = 64;

}  // namespace

NameBook::NameBook(bool ignores_case, std::string_view default_schema,
                   std::pmr::memory_resource* memory)
    : ignores_case_(ignores_case),
      default_schema_(default_schema),
      entries_(memory),
      exact_(memory),
      by_name_(memory),
      rows_(memory),
      keys_(memory),
      defaults_(memory) {}

std::size_t NameBook::add(NameKind kind) {
  entries_.emplace_back(entries_.get_allocator().resource()).kind = kind;
  return entries_.size() - 1;
}

std::string NameBook::folded(std::string_view name) const {
  std::string out;
  add_folded(name, &out);
  return out;
}

void NameBook::add_folded(std::string_view name, std::string* out) const {
  if (ignores_case_) {
    sql::append_lower(name, out);
  } else {
    *out += name;
  }
}

// Empty where it is the one that names without a schema are in.
void NameBook::add_schema(std::string_view schema, std::string* out) const {
  const std::size_t begin = out->size();
  add_folded(schema, out);
  if (std::string_view(*out).substr(begin) == default_schema_) out->resize(begin);
}

std::string NameBook::key(NameKind kind, const std::optional<std::string>& schema,
                          std::string_view name, std::string_view type) const {
  std::string key;
  key.reserve(2 + type.size() + 1 + (schema ? schema->size() : 0) + name.size());
  key += static_cast<char>('0' + static_cast<int>(kind));
  (key += type) += '\0';
  if (schema) add_schema(*schema, &key);
  key += '\0';
  add_folded(name, &key);
  return key;
}

std::size_t NameBook::find_exact(NameKind kind, const std::optional<std::string>& schema,
                                 std::string_view name, std::string_view type) const {
  const auto found = exact_.find(key(kind, schema, name, type));
  return found == exact_.end() ? kNone : found->second;
}

std::size_t NameBook::entry(NameKind kind, const std::optional<std::string>& schema,
                            std::string_view name, std::string_view type) {
  const auto [found, added] = try_name(&exact_, key(kind, schema, name, type), entries_.size());
  if (added) {
    Entry& made = entries_[add(kind)];
    if (schema) add_schema(*schema, &made.schema);
    try_name(&by_name_, folded(name)).first->second.push_back(found->second);
  }
  return found->second;
}

std::size_t NameBook::of_relation(NameKind kind, std::size_t relation) {
  auto& map = kind == NameKind::kRows ? rows_ : kind == NameKind::kKeys ? keys_ : defaults_;
  const auto [found, added] = map.try_emplace(relation, entries_.size());
  if (added) add(kind);
  return found->second;
}

// Without a schema: the statement's own, else the only one there is. One that has no schema in the
// script may be the one that another statement spells with it.
std::size_t NameBook::find(NameKind kind, const std::optional<std::string>& schema,
                           std::string_view name,
                           const std::optional<std::string>& own_schema) const {
  const auto found = by_name_.find(folded(name));
  if (found == by_name_.end() || found->second.size() > kVeryMany) return kNone;
  std::string wanted;
  add_schema(schema ? *schema : own_schema.value_or(""), &wanted);
  std::size_t exact = kNone, other = kNone, others = 0;
  for (const std::size_t at : found->second) {
    if (entries_[at].kind != kind) continue;
    if (entries_[at].schema == wanted) {
      exact = at;
      if (entries_[at].made) return at;
    }
    if ((schema && !entries_[at].schema.empty()) || exact == at) continue;
    other = at;
    ++others;
  }
  // What is spelled so was dropped before it was there.
  const bool is_other = others == 1 && (exact == kNone || entries_[other].made);
  return is_other ? other : exact;
}

std::vector<std::size_t> NameBook::find_routines(const std::optional<std::string>& schema,
                                                 std::string_view name) const {
  std::vector<std::size_t> all = find_all(schema, name);
  std::erase_if(all, [this](std::size_t at) { return entries_[at].kind != NameKind::kRoutine; });
  return all;
}

// Much that lies in no schema has none as well.
bool NameBook::lies_in(std::size_t entry, std::string_view schema) const {
  std::string wanted;
  add_schema(schema, &wanted);
  const Entry& one = entries_[entry];
  if (one.schema != wanted) return false;
  return !wanted.empty() || one.kind == NameKind::kRelation || one.kind == NameKind::kRoutine;
}

std::vector<std::size_t> NameBook::find_all(const std::optional<std::string>& schema,
                                            std::string_view name) const {
  std::vector<std::size_t> all;
  const auto found = by_name_.find(folded(name));
  if (found == by_name_.end() || found->second.size() > kVeryMany) return all;
  std::string wanted;
  if (schema) add_schema(*schema, &wanted);
  for (const std::size_t at : found->second) {
    const std::string& has = entries_[at].schema;
    if (!schema || schema->empty() || has.empty() || has == wanted) all.push_back(at);
  }
  return all;
}

}  // namespace engine::dependency
