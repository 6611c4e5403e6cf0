#include "tests/sql/compare_units.h"

#include <cctype>
#include <regex>

#include "tests/sql/split_units.h"

namespace engine::test {
namespace {

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

// What psql sends begins with the comments before the statement, which are a gap to us.
std::string_view without_leading_comments(std::string_view text) {
  while (true) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    if (text.substr(0, 2) == "--") {
      text.remove_prefix(std::min(text.find('\n'), text.size()));
    } else if (text.substr(0, 2) == "/*") {
      std::size_t depth = 0, i = 0;
      for (; i < text.size(); ++i) {
        if (text.substr(i, 2) == "/*") {
          ++depth, ++i;
        } else if (text.substr(i, 2) == "*/") {
          ++i;
          if (--depth == 0) break;
        }
      }
      text.remove_prefix(std::min(i + 1, text.size()));
    } else {
      return text;
    }
  }
}

bool says_nothing(std::string_view query) {
  while (true) {
    query = without_leading_comments(query);
    if (query.empty()) return true;
    if (query.front() != ';') return false;
    query.remove_prefix(1);
  }
}

// Is `sent`, white space aside, what is left of `unit` when some of it is taken out?
bool holds(std::string_view unit, std::string_view sent) {
  std::size_t at = 0;
  for (const char c : sent) {
    if (is_space(c)) continue;
    at = unit.find(c, at);
    if (at == std::string_view::npos) return false;
    ++at;
  }
  return true;
}

// The units, and \copy, for which psql sends a COPY of its own.
std::vector<std::string> sent_parts_of(std::string_view script, Dialect dialect) {
  std::vector<std::string> found;
  sql::Splitter splitter(script, dialect);
  sql::SplitPart part;
  while (splitter.next(&part)) {
    const std::string_view text = part.in(script);
    const bool copies = part.kind == PartKind::kDirective && text.substr(0, 5) == "\\copy";
    if (part.kind == PartKind::kUnit || copies) found.emplace_back(text);
  }
  return found;
}

std::string start_of(std::string_view text) {
  return "[" + std::string(text.substr(0, 300)) + (text.size() > 300 ? "..." : "") + "]";
}

}  // namespace

std::string difference_of(std::string_view script, Dialect dialect,
                          const std::vector<std::string>& sent) {
  const std::vector<std::string> units = sent_parts_of(script, dialect);
  const bool variables = dialect == Dialect::kPostgresql && script.find("\\set ") != script.npos;
  std::size_t next = 0;
  const std::string* last = nullptr;
  for (const std::string& query : sent) {
    if (dialect == Dialect::kPostgresql && says_nothing(query)) continue;
    const std::string_view text =
        dialect == Dialect::kPostgresql ? without_leading_comments(query) : query;
    // "\\g" by itself sends the last query again.
    const bool again = dialect == Dialect::kPostgresql && last != nullptr && *last == query;
    last = &query;
    if (again && (next == units.size() || !holds(units[next], text))) continue;
    if (next == units.size()) return "the client also sends " + start_of(text);
    const std::string& unit = units[next++];
    if (holds(unit, text) || (variables && unit.find(':') != unit.npos)) continue;
    return "unit " + std::to_string(next) + " is " + start_of(unit) + ", the client sends " +
           start_of(text);
  }
  if (next == units.size()) return {};
  return "the client does not send unit " + std::to_string(next + 1) + ", " + start_of(units[next]);
}

std::string defused(std::string script, Dialect dialect) {
  if (script.find('\0') != std::string::npos) return {};
  if (dialect == Dialect::kPostgresql) {
    static const std::regex backquotes("\\\\[a-z]+[^\n]*`");
    if (std::regex_search(script, backquotes)) return {};
    static const std::regex sends("\\\\watch\\b");
    static const std::regex touches(
        "\\\\(!|(o|out|w|write|s|e|edit|ef|ev|i|ir|include|include_relative|cd|setenv|lo_\\w+|"
        "password|prompt|q|quit|c|connect|copy [^\n]* to|d\\w*|l|list|z|sf|sv)\\b)");
    script = std::regex_replace(script, sends, "\\g");
    return std::regex_replace(script, touches, "\\echo ");
  }
  static const std::regex words("(^|\n)([ \t]*)(system|source|tee|pager|help|connect)\\b",
                                std::regex::icase);
  static const std::regex alone("(^|\n)([ \t]*)(edit|exit|quit|status)\\b", std::regex::icase);
  static const std::regex with_text("\\\\[!.TPh?r]");
  static const std::regex letters("\\\\[eqs]");
  script = std::regex_replace(script, words, "$1$2prompt");
  script = std::regex_replace(script, alone, "$1$2rehash");
  script = std::regex_replace(script, with_text, "\\R");
  return std::regex_replace(script, letters, "\\W");
}

}  // namespace engine::test
