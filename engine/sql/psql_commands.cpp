#include "engine/sql/psql_commands.h"

#include <algorithm>

#include "engine/sql/ascii.h"
#include "engine/sql/lex_rules.h"
#include "engine/sql/scanner.h"

namespace engine::sql {
namespace {

constexpr ByteSet kSpace(" \t\n\r\f");

// These take the rest of the line as it is.
constexpr std::string_view kWholeLine[] = {"!",    "copy", "ef",  "ev", "h",
                                           "help", "sf",   "sf+", "sv", "sv+"};
// These take a file, or a program that the line is for: "\g | sort".
constexpr std::string_view kPipes[] = {"g", "gx", "o", "out", "w", "write"};
constexpr std::string_view kSenders[] = {"crosstabview", "g",     "gdesc",        "gexec", "gset",
                                         "gx",           "parse", "sendpipeline", "watch"};
constexpr std::string_view kOtherCommands[] = {
    "?",
    "C",
    "H",
    "T",
    "a",
    "bind",
    "bind_named",
    "c",
    "cd",
    "close",
    "close_prepared",
    "connect",
    "conninfo",
    "copyright",
    "e",
    "echo",
    "edit",
    "elif",
    "else",
    "encoding",
    "endif",
    "endpipeline",
    "errverbose",
    "f",
    "flush",
    "flushrequest",
    "getenv",
    "getresults",
    "html",
    "i",
    "if",
    "include",
    "include_relative",
    "ir",
    "l",
    "l+",
    "lx",
    "lx+",
    "list",
    "list+",
    "lo_export",
    "lo_import",
    "lo_list",
    "lo_list+",
    "lo_unlink",
    "p",
    "password",
    "print",
    "prompt",
    "pset",
    "q",
    "qecho",
    "quit",
    "r",
    "reset",
    "restrict",
    "s",
    "set",
    "setenv",
    "startpipeline",
    "syncpipeline",
    "t",
    "timing",
    "unrestrict",
    "unset",
    "warn",
    "x",
    "z",
    "z+",
    "zx",
};

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

bool is_known(std::string_view name) {
  if (contains(kWholeLine, name) || contains(kPipes, name) || contains(kSenders, name)) return true;
  if (contains(kOtherCommands, name)) return true;
  // \d and all that begins with it.
  return name.front() == 'd' &&
         (name.size() == 1 || name[1] == '+' || kWordBytes.contains(name[1]));
}

// Behind the argument that begins at `from`: at white space or a backslash outside quotes. A quote
// that is not closed takes the line.
std::size_t argument_end(std::string_view line, std::size_t from) {
  char quote = '\0';
  std::size_t i = from;
  for (; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != '\0') {
      if (c == '\\' && quote == '\'') ++i;
      if (c == quote) quote = '\0';
    } else if (c == '\'' || c == '"' || c == '`') {
      quote = c;
    } else if (c == '\\' || kSpace.contains(c)) {
      break;
    }
  }
  return std::min(i, line.size());
}

// \copy t from stdin; pstdin is psql's own input, whatever file it reads.
bool copies_in(std::string_view arguments) {
  Scanner scanner(arguments, lex_rules(Dialect::kPostgresql));
  int depth = 0;
  bool from = false;
  for (Token token = scanner.next(kNonSpaces); token.kind != TokenKind::kEnd;
       token = scanner.next(kNonSpaces)) {
    const std::string_view w = token.in(arguments);
    if (w == "(") ++depth;
    if (w == ")") --depth;
    if (depth > 0) continue;
    if (from && (equal_words(w, "stdin") || equal_words(w, "stdout"))) return true;
    from = equal_words(w, "from");
  }
  return false;
}

}  // namespace

PsqlCommand psql_command(std::string_view text, std::size_t begin, std::size_t line_end,
                         std::string_view restriction) {
  const std::string_view line = text.substr(0, line_end);
  std::size_t at = begin + 1;
  while (at < line.size() && line[at] != '\\' && !kSpace.contains(line[at])) ++at;
  const std::string_view name = line.substr(begin + 1, at - begin - 1);
  PsqlCommand command;
  command.end = line.size();
  if (!restriction.empty() && name != "unrestrict") return command;
  if (equal_words(name, "copy")) {
    if (copies_in(line.substr(at))) command.kind = PsqlCommandKind::kCopyIn;
    return command;
  }
  // What psql does not know takes its line along.
  if (name.empty() || !is_known(name) || contains(kWholeLine, name)) return command;
  if (contains(kSenders, name)) command.kind = PsqlCommandKind::kSends;
  if (name == "r" || name == "reset") command.kind = PsqlCommandKind::kForgets;
  if (name == "q" || name == "quit") command.kind = PsqlCommandKind::kQuits;
  if (name == "if") command.kind = PsqlCommandKind::kIf;
  if (name == "endif") command.kind = PsqlCommandKind::kEndif;
  bool pipe = contains(kPipes, name);
  for (bool first = true;; first = false) {
    while (at < line.size() && kSpace.contains(line[at])) ++at;
    if (at >= line.size() || line[at] == '\\') break;
    if (line[at] == '|' && pipe) return command;
    const std::size_t end = argument_end(line, at);
    const std::string_view argument = line.substr(at, end - at);
    // "\g (format=csv) file": the file comes behind the options.
    if (pipe && !(first && argument.front() == '(') && argument.back() != ')') pipe = false;
    if (first && name == "restrict") {
      command.kind = PsqlCommandKind::kRestricts;
      command.argument = argument;
    }
    if (first && name == "unrestrict" && argument == restriction) {
      command.kind = PsqlCommandKind::kFrees;
    }
    at = end;
  }
  command.end = line.substr(at, 2) == "\\\\" ? at + 2 : std::min(at, line.size());
  return command;
}

}  // namespace engine::sql
