#include "io/graph/name_pattern.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <optional>
#include <utility>

#include "io/graph/object_title.h"

namespace engine::io {
namespace {

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_letter);
}

bool goes_on(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }  // in UTF-8

// "*" is any text, "?" a character.
bool is_like(std::string_view text, std::string_view pattern) {
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t at = 0, wanted = 0;
  std::size_t star = kNone, behind_star = 0;  // where the last one stands, and its text ends
  while (at < text.size()) {
    const char next = wanted < pattern.size() ? pattern[wanted] : '\0';
    if (next == '*') {
      star = wanted++;
      behind_star = at;
    } else if (wanted < pattern.size() && (next == '?' || same_letter(next, text[at]))) {
      ++wanted;
      ++at;
      while (next == '?' && at < text.size() && goes_on(text[at])) ++at;
    } else if (star != kNone) {
      wanted = star + 1;
      at = ++behind_star;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', wanted) == kNone;
}

// Types whose objects lie in a schema; so does what hangs on one of them. Roles, databases, casts
// and the like do not.
constexpr auto kTypesInSchemas = std::to_array<std::string_view>(
    {"aggregate", "collation", "domain", "external_table", "foreign_table", "function",
     "materialized_view", "operator", "procedure", "sequence", "synonym", "table",
     "text_search_configuration", "text_search_dictionary", "type", "view", "virtual_table"});

// Written, or the dialect's own.
std::string_view schema_of(const RecordedObject& recorded) {
  const CatalogueObject& object = recorded.object;
  if (object.schema) return *object.schema;
  const bool has_one = object.parent || std::find(kTypesInSchemas.begin(), kTypesInSchemas.end(),
                                                  object.type) != kTypesInSchemas.end();
  return has_one ? default_schema(recorded.dialect) : std::string_view();
}

// At a mark that opens: to behind the one that closes; doubled, that stands for itself.
std::optional<std::string> read_quoted(std::string_view* text) {
  const char opens = text->front();
  const char closes = opens == '[' ? ']' : opens;
  std::string inside;
  for (std::size_t at = 1; at < text->size(); ++at) {
    if ((*text)[at] == closes) {
      if (at + 1 == text->size() || (*text)[at + 1] != closes) {
        text->remove_prefix(at + 1);
        return inside;
      }
      ++at;
    }
    inside += (*text)[at];
  }
  return std::nullopt;
}

}  // namespace

NamePattern::NamePattern(std::string_view asked)
    : asked_(asked), has_wildcards_(asked.find_first_of("*?") != std::string_view::npos) {
  read_parts();
}

// What has neither a quote nor an empty part is read as a title alone.
void NamePattern::read_parts() {
  std::string_view rest = asked_;
  bool as_in_script = false;
  std::vector<Part> parts;
  while (true) {
    const bool quoted = !rest.empty() && std::string_view("[\"`").find(rest.front()) < 3;
    if (quoted) {
      std::optional<std::string> inside = read_quoted(&rest);
      if (!inside) return;
      parts.insert(parts.begin(), {std::move(*inside), true});
    } else {
      const std::size_t end = std::min(rest.find('.'), rest.size());
      parts.insert(parts.begin(), {std::string(rest.substr(0, end)), false});
      rest.remove_prefix(end);
    }
    as_in_script = as_in_script || quoted || parts.front().text.empty();
    if (rest.empty()) break;
    if (rest.front() != '.') return;
    rest.remove_prefix(1);
  }
  if (as_in_script) parts_ = std::move(parts);
}

bool NamePattern::matches(const RecordedObject& object) const {
  return matches_title(object) || matches_parts(object);
}

bool NamePattern::matches_title(const RecordedObject& object) const {
  if (!object.object.name) return !has_wildcards_ && is_like(object_title(object, false), asked_);
  std::string title = *object.object.name;
  if (is_like(title, asked_)) return true;
  const std::string_view database =
      object.object.database ? std::string_view(*object.object.database) : std::string_view();
  for (const std::string_view part : {schema_of(object), database}) {
    if (part.empty()) continue;
    title.insert(0, ".").insert(0, part);
    if (is_like(title, asked_)) return true;
  }
  const bool has_more = object.object.parent || object.object.signature || object.object.minor;
  return has_more && (is_like(object_title(object, false), asked_) ||
                      is_like(object_title(object, true), asked_));
}

// Of Sales..t the schema is the dialect's own.
bool NamePattern::matches_parts(const RecordedObject& object) const {
  if (parts_.empty() || !object.object.name) return false;
  std::vector<std::string_view> names = {*object.object.name};
  const std::string_view schema = schema_of(object);
  if (!schema.empty()) names.push_back(schema);
  if (object.object.database) names.push_back(*object.object.database);
  if (parts_.size() > names.size()) return false;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Part& part = parts_[i];
    const bool own_schema = i > 0 && part.text.empty() && !part.is_literal;
    const std::string_view wanted = own_schema ? default_schema(object.dialect) : part.text;
    const bool same =
        part.is_literal || own_schema ? same_letters(names[i], wanted) : is_like(names[i], wanted);
    if (!same) return false;
  }
  return true;
}

std::vector<std::uint32_t> nodes_named(const ObjectGraph& graph, const NamePattern& pattern) {
  std::vector<std::uint32_t> found;
  for (std::uint32_t i = 0; i < graph.nodes().size(); ++i) {
    if (pattern.matches(graph.nodes()[i])) found.push_back(i);
  }
  return found;
}

}  // namespace engine::io
