#include "tests/sql/compare_units.h"

#include <algorithm>
#include <cctype>
#include <regex>

#include "engine/sql/ascii.h"
#include "tests/sql/split_units.h"
#include "tests/support/dialogue.h"
#include "tests/support/nested_comment.h"

namespace engine::test {
namespace {

// A statement as it stands in the script, and the script from there on.
struct Found {
  std::string_view text;
  std::string_view rest;
};

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

// What psql sends begins with the comments before the statement, which are a gap to us.
std::string_view without_leading_comments(std::string_view text) {
  while (true) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    if (text.substr(0, 2) == "--") {
      text.remove_prefix(std::min(text.find('\n'), text.size()));
    } else if (text.substr(0, 2) == "/*") {
      text.remove_prefix(nested_comment_end(text, 0));
    } else {
      return text;
    }
  }
}

// What the client sends before the statement's first word: comments are a gap to us, the mark of a
// dump is a directive.
std::string_view without_start(std::string_view query, Dialect dialect) {
  if (dialect == Dialect::kPostgresql) return without_leading_comments(query);
  constexpr std::string_view kMark = "/*M!999999 enable the sandbox mode */";
  if (query.substr(0, kMark.size()) == kMark) query.remove_prefix(kMark.size());
  return query;
}

bool says_nothing(std::string_view query) {
  while (true) {
    query = without_leading_comments(query);
    if (query.empty()) return true;
    if (query.front() != ';') return false;
    query.remove_prefix(1);
  }
}

// Is `sent`, white space aside, what is left of `unit` when some of it is taken out? psql writes
// the words of \copy anew, so there letter case is no difference.
bool holds(std::string_view unit, std::string_view sent) {
  const bool folds = unit.substr(0, 5) == "\\copy";
  std::size_t at = 0;
  for (const char c : sent) {
    if (is_space(c)) continue;
    while (at < unit.size() && unit[at] != c && !(folds && sql::lower(unit[at]) == sql::lower(c))) {
      ++at;
    }
    if (at == unit.size()) return false;
    ++at;
  }
  return true;
}

// The units, and \copy, for which psql sends a COPY of its own.
std::vector<Found> sent_parts_of(std::string_view script, Dialect dialect) {
  std::vector<Found> found;
  sql::Splitter splitter(script, dialect);
  sql::SplitPart part;
  while (splitter.next(&part)) {
    const std::string_view text = part.in(script);
    const bool copies = part.kind == PartKind::kDirective && text.substr(0, 5) == "\\copy";
    if (part.kind == PartKind::kUnit || copies) found.push_back({text, script.substr(part.offset)});
  }
  return found;
}

std::string start_of(std::string_view text) {
  return "[" + std::string(text.substr(0, 300)) + (text.size() > 300 ? "..." : "") + "]";
}

bool is_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// What takes the place of a word with which the client's own command begins.
std::string_view harmless(std::string_view word) {
  const auto is = [&](std::string_view command) {
    return std::equal(word.begin(), word.end(), command.begin(), command.end(),
                      [](char one, char other) { return sql::lower(one) == other; });
  };
  for (const char* command : {"system", "source", "tee", "pager", "help", "connect"}) {
    if (is(command)) return "prompt";
  }
  return is("edit") || is("status") ? "rehash" : word;
}

// By hand: std::regex takes a minute for some MiB where nothing is optimised.
std::string defused_for_mysql(std::string_view script) {
  std::string text;
  for (std::size_t at = 0; at < script.size();) {
    if (at == 0 || script[at - 1] == '\n') {
      const std::size_t begin = at;
      while (at < script.size() && (script[at] == ' ' || script[at] == '\t')) ++at;
      text += script.substr(begin, at - begin);
      const std::size_t word = at;
      while (at < script.size() && is_of_word(script[at])) ++at;
      text += harmless(script.substr(word, at - word));
      if (at == script.size()) break;
    }
    const std::string_view two = script.substr(at, 2);
    if (two.size() == 2 && two[0] == '\\' && std::string_view("!.TPh?r").find(two[1]) != two.npos) {
      text += "\\R";
      at += 2;
    } else if (two == "\\e" || two == "\\s") {
      text += "\\W";
      at += 2;
    } else {
      text += script[at++];
    }
  }
  return text;
}

}  // namespace

std::string difference_of(std::string_view script, Dialect dialect,
                          const std::vector<std::string>& sent) {
  const std::vector<Found> units = sent_parts_of(script, dialect);
  const bool psql = dialect == Dialect::kPostgresql;
  const bool variables = psql && script.find("\\set ") != script.npos;
  std::size_t next = 0;
  const std::string* last = nullptr;
  for (const std::string& query : sent) {
    if (psql && says_nothing(query)) continue;
    const std::size_t rows = std::min(query.find(kRowsFollow), query.size());
    const std::string_view text = without_start(std::string_view(query).substr(0, rows), dialect);
    // "\\g" by itself sends the last query again.
    const bool again = psql && last != nullptr && *last == query;
    last = &query;
    if (again && (next == units.size() || !holds(units[next].text, text))) continue;
    if (next == units.size()) return "the client also sends " + start_of(text);
    const Found& unit = units[next++];
    const bool expands = psql && (unit.text.find(":{?") != unit.text.npos ||
                                  (variables && unit.text.find(':') != unit.text.npos));
    if (!holds(unit.rest, std::string_view(query).substr(std::min(rows + 1, query.size()))) ||
        !(expands || holds(unit.text, text))) {
      return "unit " + std::to_string(next) + " is " + start_of(unit.text) + ", the client sends " +
             start_of(query);
    }
  }
  if (next == units.size()) return {};
  return "the client does not send unit " + std::to_string(next + 1) + ", " +
         start_of(units[next].text);
}

std::string defused(std::string script, Dialect dialect) {
  if (script.find('\0') != std::string::npos) return {};
  if (dialect == Dialect::kPostgresql) {
    static const std::regex backquotes("\\\\[a-z]+[^\n]*`");
    if (std::regex_search(script, backquotes)) return {};
    static const std::regex sends("\\\\watch\\b");
    static const std::regex touches(
        "\\\\(!|(o|out|w|write|s|e|edit|ef|ev|i|ir|include|include_relative|cd|setenv|lo_\\w+|"
        "password|prompt|c|connect|copy [^\n]* to|d\\w*|l|list|z|sf|sv)\\b)");
    script = std::regex_replace(script, sends, "\\g");
    return std::regex_replace(script, touches, "\\echo ");
  }
  return defused_for_mysql(script);
}

}  // namespace engine::test
