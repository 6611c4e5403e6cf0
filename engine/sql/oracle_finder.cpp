// Oracle: SQL statements, PL/SQL blocks and SQL*Plus commands.
//
// Source: SQL*Plus User's Guide and Reference (19c), and scripts that are run with it.
#include <algorithm>
#include <utility>

#include "engine/sql/unit_finder.h"

namespace engine::sql {
namespace {

// SQL*Plus commands; the capitals must be written, the rest may be.
struct Command {
  std::string_view name;
  std::size_t shortest;
};
constexpr Command kCommands[] = {
    {"accept", 3},    {"append", 1},   {"archive", 7},    {"argument", 8}, {"attribute", 9},
    {"break", 3},     {"btitle", 3},   {"change", 1},     {"clear", 2},    {"column", 3},
    {"compute", 4},   {"config", 6},   {"connect", 4},    {"copy", 4},     {"define", 3},
    {"del", 3},       {"describe", 4}, {"disconnect", 4}, {"edit", 2},     {"exit", 4},
    {"get", 3},       {"help", 4},     {"history", 4},    {"host", 2},     {"input", 1},
    {"list", 1},      {"oradebug", 8}, {"password", 5},   {"pause", 3},    {"print", 3},
    {"prompt", 3},    {"quit", 4},     {"recover", 7},    {"remark", 3},   {"repfooter", 4},
    {"repheader", 4}, {"run", 1},      {"save", 3},       {"set", 3},      {"show", 3},
    {"shutdown", 8},  {"spool", 3},    {"start", 3},      {"startup", 7},  {"store", 5},
    {"timing", 4},    {"ttitle", 3},   {"undefine", 5},   {"variable", 3}, {"whenever", 8},
};

// What begins a block by itself; XQUERY's text ends as one.
constexpr std::string_view kBlocks[] = {"declare", "begin", "xquery"};
// What a CREATE makes that is ended by a line "/", and what may stand before it.
constexpr std::string_view kBlockTypes[] = {"package", "trigger", "type",
                                            "java",    "library", "module"};
constexpr std::string_view kModifiers[] = {"or",  "replace", "editionable", "noneditionable",
                                           "and", "resolve", "compile",     "noforce",
                                           "if",  "not",     "exists",      "mle"};

bool abbreviates(std::string_view word, const Command& command) {
  return word.size() >= command.shortest && word.size() <= command.name.size() &&
         equal_words(word, command.name.substr(0, word.size()));
}

class OracleFinder final : public UnitFinder {
 public:
  explicit OracleFinder(std::string_view text) : UnitFinder(text, Dialect::kOracle) {
    end_statements_with(";");
  }

 private:
  enum class Mode { kSql, kBlock };

  bool advance() override {
    while (true) {
      const std::size_t here = skip_spaces_and_marks(scanner_.position());
      if (here >= text().size()) return false;
      if (lone_word_line(here, "/") || ends_buffer(here)) {
        emit_line(here, DirectiveRole::kCloses);
        return true;
      }
      if (document(here) || command(here)) return true;
      scanner_.seek(here);
      const Token token = next_token(kNonSpaces);
      if (token.is_comment() && token.closed) continue;
      scanner_.seek(here);
      return token.closed && block_begins(here) ? block(here) : statement(here);
    }
  }

  // DOC[UMENT]: text for the reader, up to a line "#".
  bool document(std::size_t begin) {
    if (!abbreviates(word_at(begin), {"document", 3})) return false;
    if (begin >= no_document_end_) return false;
    if (!at_line_end(skip_blanks(begin + word_at(begin).size()))) return false;
    std::size_t line = next_line(begin);
    while (line < text().size() && !lone_word_line(line, "#")) line = next_line(line);
    if (line >= text().size()) {
      no_document_end_ = begin;
      return false;
    }
    const std::size_t end = line_end(line);
    emit_directive(begin, trim_end(begin, end), DirectiveRole::kIntroduces);
    scanner_.seek(end);
    return true;
  }

  // A SQL*Plus command: to the end of its line, and on where that ends in a hyphen. EXECUTE sends a
  // block, so it is a unit.
  bool command(std::size_t begin) {
    const std::string_view word = word_at(begin);
    const char c = text()[begin];
    const bool execute = abbreviates(word, {"execute", 4});
    bool known = execute || c == '@' || c == '!' || c == '#' || c == '$';
    for (const Command& candidate : kCommands) known = known || abbreviates(word, candidate);
    if (!known) return false;
    const std::string_view next = word_at(skip_blanks(begin + word.size()));
    if (equal_words(word, "set") &&
        (equal_words(next, "transaction") || equal_words(next, "role") ||
         equal_words(next, "constraint") || equal_words(next, "constraints"))) {
      return false;
    }
    std::size_t stop = line_end(begin);
    while (stop < text().size() && stop > begin && text()[trim_end(begin, stop) - 1] == '-' &&
           !abbreviates(word, {"remark", 3})) {
      stop = line_end(next_line(stop));
    }
    const std::size_t end = trim_end(begin, stop);
    if (equal_words(word, "set")) follow_set(text().substr(begin, end - begin));
    if (leaves(word, text().substr(begin, end - begin))) leave("SQL*Plus", begin, begin);
    if (execute) {
      emit_unit(begin, end);
    } else {
      const bool introduces = abbreviates(word, {"prompt", 3}) || abbreviates(word, {"remark", 3});
      emit_directive(begin, end, introduces ? DirectiveRole::kIntroduces : DirectiveRole::kAlone);
    }
    scanner_.seek(stop);
    return true;
  }

  // EXIT and QUIT with what code they like, but EXIT WHEN is of a loop in PL/SQL.
  static bool leaves(std::string_view word, std::string_view line) {
    if (!equal_words(word, "exit") && !equal_words(word, "quit")) return false;
    const ByteSet ends = ByteSet(kWordBytes).invert();
    for (std::size_t begin = 0, end = 0; begin < line.size(); begin = end + 1) {
      end = std::min(ends.find(line, begin), line.size());
      if (equal_words(line.substr(begin, end - begin), "when")) return false;
    }
    return true;
  }

  // A line "." ends the buffer and does not run it; SET BLOCKTERMINATOR says which character.
  bool ends_buffer(std::size_t line) const {
    return !block_terminator_.empty() && lone_word_line(line, block_terminator_);
  }

  // SET SQLTERMINATOR {; | c | ON | OFF}, and BLOCKTERMINATOR likewise; one SET may hold several.
  void follow_set(std::string_view line) {
    std::string_view option;
    for (std::size_t begin = 0, end = 0; (begin = kNonSpaces.find(line, end)) < line.size();) {
      const char quote = line[begin];
      const bool quoted = quote == '\'' || quote == '"';
      end = quoted ? std::min(line.find(quote, begin + 1), line.size() - 1) + 1
                   : std::min(kSpaces.find(line, begin), line.size());
      const std::string_view word = line.substr(begin, end - begin);
      const bool of_blocks = abbreviates(option, {"blockterminator", 3});
      if (of_blocks || abbreviates(option, {"sqlterminator", 4})) {
        option = {};
        set_option(of_blocks, quoted && word.size() > 2 ? word.substr(1, 1) : word);
      } else {
        option = word;
      }
    }
  }

  void set_option(bool of_blocks, std::string_view value) {
    const bool on = equal_words(value, "on"), off = equal_words(value, "off");
    const std::string_view mark = off ? "" : value.substr(0, 1);
    if (of_blocks) {
      block_terminator_ = on ? "." : mark;
      end_statements_with(terminator());
    } else {
      end_statements_with(on ? ";" : mark);
    }
  }

  void end_statements_with(std::string_view terminator) {
    set_terminator(terminator);
    scanner_.set_rules(lex_rules(Dialect::kOracle, terminator));
    stops_ = scanner_.quote_stops();
    stops_.add("\r\n").add(terminator);
    const bool none = block_terminator_.empty();
    skim_to(terminator, none ? '\0' : block_terminator_[0], '/');
  }

  // CREATE [OR REPLACE] [...] {FUNCTION | PROCEDURE | PACKAGE | TRIGGER | TYPE | JAVA | LIBRARY},
  // DECLARE, BEGIN, <<label>>, WITH {FUNCTION | PROCEDURE}, and statements that hold that last one:
  // ended by a line "/" or ".".
  bool block_begins(std::size_t begin) const {
    Scanner scanner(text(), scanner_.rules(), begin);
    std::string_view first;
    for (int count = 0; count < 12;) {
      const Token token = scanner.next(kNonSpaces);
      if (token.kind == TokenKind::kEnd) return false;
      if (token.is_comment() || token.kind == TokenKind::kNewline) continue;
      const std::string_view w = token.in(text());
      if (count++ == 0) {
        first = w;
        if (equals_any(w, kBlocks)) return true;
        if (w == "<") return text().substr(begin, 2) == "<<";
        if (!equal_words(w, "create") && !equal_words(w, "with")) return has_plsql_hint(begin);
        continue;
      }
      if (equal_words(w, "function") || equal_words(w, "procedure")) return true;
      if (equal_words(first, "with")) return false;
      if (equals_any(w, kBlockTypes)) return true;
      if (equal_words(w, "view")) return is_with_function(&scanner);
      if (!equals_any(w, kModifiers) && !equal_words(w, "force") && !equal_words(w, "no")) {
        return false;
      }
    }
    return false;
  }

  // CREATE VIEW ... AS WITH FUNCTION: behind VIEW.
  bool is_with_function(Scanner* scanner) const {
    constexpr int kMost = 200;  // columns and constraints
    std::string_view before, last;
    for (int count = 0; count < kMost;) {
      const Token token = scanner->next(kNonSpaces);
      if (token.kind == TokenKind::kEnd || !token.closed) return false;
      if (token.is_comment() || token.kind == TokenKind::kNewline) continue;
      const std::string_view w = token.in(text());
      if (w == ";" || equal_words(w, "select")) return false;
      const bool routine = equal_words(w, "function") || equal_words(w, "procedure");
      if (routine && equal_words(last, "with") && equal_words(before, "as")) return true;
      before = std::exchange(last, w);
      ++count;
    }
    return false;
  }

  // INSERT /*+ WITH_PLSQL */: the hint that says that one follows.
  bool has_plsql_hint(std::size_t begin) const {
    const std::size_t hint = kNonSpaces.find(text(), begin + word_at(begin).size());
    if (text().substr(hint, 3) != "/*+") return false;
    const std::string_view start = text().substr(hint, 100);
    return lower(start.substr(0, start.find("*/"))).find("with_plsql") != kNone;
  }

  // Quotes do not matter here: SQL*Plus looks only for the line.
  bool block(std::size_t begin) {
    std::size_t line = next_line(begin);
    while (line < text().size() && !lone_word_line(line, "/") && !ends_buffer(line)) {
      line = next_line(line);
    }
    emit_unit(begin, trim_end(begin, line));
    scanner_.seek(line);
    return true;
  }

  // The terminator ends a statement only as the last thing on its line; a comment behind it is no
  // hindrance. A line "/" ends it as well.
  bool statement(std::size_t begin) {
    while (true) {
      const std::size_t from = scanner_.position();
      int depth = 0;
      if (skim_rows(begin, &depth)) return true;
      const std::size_t line = line_begun(from);
      if (line != kNone && (lone_word_line(line, "/") || ends_buffer(line))) {
        emit_unit(begin, trim_end(begin, line));
        scanner_.seek(line);
        return true;
      }
      const Token token = next_token(stops_);
      if (token.kind == TokenKind::kEnd) {
        emit_unit(begin, trim_end(begin, token.begin));
        return true;
      }
      if (!token.closed) {
        emit_broken(begin, token);
        return true;
      }
      if (token.kind == TokenKind::kNewline) {
        if (!lone_word_line(token.end, "/") && !ends_buffer(token.end)) continue;
        emit_unit(begin, trim_end(begin, token.begin));
        return true;
      }
      if (token.kind != TokenKind::kSymbol || token.in(text()) != terminator()) continue;
      const std::size_t rest = skip_blanks(token.end);
      const std::string_view mark = text().substr(rest, 2);
      if (at_line_end(rest) || mark == "--" || mark == "/*") {
        emit_unit(begin, token.end);
        return true;
      }
    }
  }

  ByteSet stops_;
  std::string_view block_terminator_ = ".";
  std::size_t no_document_end_ = kNone;  // from here on no line ends one
};

}  // namespace

std::unique_ptr<UnitFinder> make_oracle_finder(std::string_view text) {
  return std::make_unique<OracleFinder>(text);
}

}  // namespace engine::sql
