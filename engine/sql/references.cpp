#include "engine/sql/references.h"

#include <span>
#include <string>

#include "engine/sql/reference_finder.h"
#include "engine/sql/reference_list.h"
#include "engine/sql/view_columns.h"

namespace engine::sql {
namespace {

// Bodies in bodies: a routine that creates a routine.
constexpr int kDeepestBody = 3;

void read_bodies(std::string_view text, const std::vector<LiteralBody>& bodies, Dialect dialect,
                 int depth, ReferenceList* list, std::vector<Reference>* out);

void read(std::string_view text, std::size_t begin, std::size_t end, Dialect dialect,
          bool procedural, int depth, ReferenceList* list, std::vector<Reference>* out) {
  ReferenceFinder finder(text, begin, end, dialect, procedural, list);
  finder.read();
  if (depth < kDeepestBody) read_bodies(text, finder.bodies(), dialect, depth + 1, list, out);
}

void read_bodies(std::string_view text, const std::vector<LiteralBody>& bodies, Dialect dialect,
                 int depth, ReferenceList* list, std::vector<Reference>* out) {
  for (const LiteralBody& body : bodies) {
    if (text[body.begin] == '$') {
      const std::size_t tag = text.find('$', body.begin + 1) + 1 - body.begin;
      if (body.end - body.begin < 2 * tag) continue;
      read(text, body.begin + tag, body.end - tag, dialect, true, depth, list, out);
    } else {
      // Quotes in quotes are doubled: the positions are those of a text of its own.
      const std::string inner = literal_text(text.substr(body.begin, body.end - body.begin));
      ReferenceList inner_list(inner, 0, list->line_at(body.begin), out);
      read(inner, 0, inner.size(), dialect, true, depth, &inner_list, out);
    }
  }
}

}  // namespace

std::vector<std::string> find_references(std::string_view text, std::size_t begin, std::size_t end,
                                         std::uint64_t line, Dialect dialect,
                                         std::vector<Reference>* out) {
  const std::size_t first = out->size();
  ReferenceList list(text, begin, line, out);
  ReferenceFinder finder(text, begin, end, dialect, false, &list);
  finder.read();
  read_bodies(text, finder.bodies(), dialect, 1, &list, out);
  if (finder.is_view()) {
    read_view_columns(text, begin, end, dialect, std::span(*out).subspan(first));
  }
  return finder.search_path();
}

}  // namespace engine::sql
