#include "engine/sql/clue_match.h"

#include <algorithm>

#include "engine/sql/ascii.h"
#include "engine/sql/byte_set.h"

namespace engine::sql {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool begins_line(std::string_view text, std::size_t at) { return at == 0 || text[at - 1] == '\n'; }
// The same, or blanks alone stand before it.
bool at_line_start(std::string_view text, std::size_t at) {
  return begins_line(text, at) || (text[at - 1] == ' ' && begins_line(text, at - 1));
}

// The rest of the line holds a number at most, behind a word: "/ 100" divides.
bool is_line(std::string_view text, std::size_t end) {
  const bool may_count = kWordBytes.contains(text[end - 1]);
  while (end < text.size() && (text[end] == ' ' || (may_count && kDigits.contains(text[end])))) {
    ++end;
  }
  return end == text.size() || text[end] == '\n';
}

std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size() && kWordBytes.contains(text[at])) ++at;
  return at;
}

// "@name int", "@name AS int"; "SELECT @name AS n" is a session's variable of MySQL.
bool is_parameter(std::string_view text, std::size_t at) {
  constexpr std::string_view kTypes[] = {
      "bigint",           "binary",    "bit", "char",    "cursor",      "date",     "datetime",
      "decimal",          "datetime2", "int", "float",   "money",       "numeric",  "nchar",
      "tinyint",          "nvarchar",  "xml", "varchar", "sql_variant", "smallint", "table",
      "uniqueidentifier", "varbinary"};
  constexpr std::string_view kAs = " as ";
  std::size_t end = word_end(text, at + 1);
  if (end == at + 1) return false;
  if (text.substr(end, kAs.size()) == kAs) end += kAs.size() - 1;
  if (end >= text.size() || text[end] != ' ') return false;
  return equals_any(text.substr(end + 1, word_end(text, end + 1) - end - 1), kTypes);
}

// What is looked for behind a clue is near, so that a line of megabytes costs what it is long.
constexpr std::size_t kNear = 256;

// A name in quotes of its own: from `open` on to `close`, on one line, not empty.
std::string_view quoted(std::string_view text, std::size_t open, char close) {
  const std::size_t limit = std::min(text.size(), open + kNear);
  for (std::size_t at = open + 1; at < limit && text[at] != '\n'; ++at) {
    if (text[at] == close) return text.substr(open + 1, at - open - 1);
  }
  return {};
}

bool is_bracket_name(std::string_view text, std::size_t at) {
  if (at > 0 && (kWordBytes.contains(text[at - 1]) || text[at - 1] == ']' || text[at - 1] == ')')) {
    return false;
  }
  const std::string_view name = quoted(text, at, ']');
  return !name.empty() && (kWordBytes.contains(name[0]) || name[0] == '#') &&
         !kDigits.contains(name[0]) &&
         name.find_first_of("(),'=") == kNone;  // [f(x) for x in list]
}

// Reads from a place to the begin of the text.
class Backwards {
 public:
  Backwards(std::string_view text, std::size_t at) : text_(text.substr(0, at)) {}

  std::string_view word() {
    skip_blanks();
    std::size_t begin = text_.size();
    while (begin > 0 && kWordBytes.contains(text_[begin - 1])) --begin;
    const std::string_view found = text_.substr(begin);
    text_.remove_suffix(found.size());
    return found;
  }
  bool symbol(char wanted) {
    skip_blanks();
    if (text_.empty() || text_.back() != wanted) return false;
    text_.remove_suffix(1);
    return true;
  }
  // A word, or a name in brackets.
  bool name() {
    if (!symbol(']')) return !word().empty();
    text_ = text_.substr(0, text_.find_last_of("[\n") + 1);  // npos + 1 is 0
    return symbol('[');
  }

 private:
  void skip_blanks() {
    while (!text_.empty() && (text_.back() == ' ' || text_.back() == '\n')) text_.remove_suffix(1);
  }

  std::string_view text_;
};

bool names_table(std::string_view text, std::size_t at) {
  constexpr std::string_view kBefore[] = {"from", "into", "join", "table", "update"};
  return at > 1 && text[at - 1] == ' ' && equals_any(Backwards(text, at).word(), kBefore);
}

// "INTO #t": elsewhere # begins a comment, or is an operator.
bool is_temporary_name(std::string_view text, std::size_t at) {
  return word_end(text, at + 1) > at + 1 && names_table(text, at);
}

// "PIVOT (MAX(a) FOR b IN ([c], [d]))": the columns that it makes.
bool is_pivot_name(std::string_view text, std::size_t at) {
  Backwards before(text, at);
  return is_bracket_name(text, at) && before.symbol('(') && before.word() == "in" &&
         before.name() && before.word() == "for";
}

bool is_top_rows(std::string_view text, std::size_t at) {
  constexpr std::string_view kTop = "select top";
  const std::string_view found = text.substr(at, kTop.size() + 2);
  if (!found.starts_with(kTop)) return false;
  const std::string_view behind = found.substr(kTop.size());
  return behind.starts_with('(') || behind == " (";
}

// "FROM [#t]", "FROM server...[t]".
bool is_server_name(std::string_view text, std::size_t at) {
  if (!is_bracket_name(text, at)) return false;
  const bool is_part = at > 1 && text[at - 1] == '.';
  if (text[at + 1] == '#') return is_part || names_table(text, at);
  return is_part && text[at - 2] == '.';
}

// "CREATE TABLE [t]", "DROP VIEW IF EXISTS [v]".
bool names_new_object(std::string_view text, std::size_t at) {
  constexpr std::string_view kTypes[] = {"index", "table", "trigger", "view"};
  constexpr std::string_view kVerbs[] = {"alter", "create", "drop"};
  constexpr std::string_view kModifiers[] = {"unique", "temp", "temporary"};
  Backwards before(text, at);
  std::string_view word = before.word();
  if (word == "exists") {
    word = before.word();
    if (word == "not") word = before.word();
    if (word != "if") return false;
    word = before.word();
  }
  if (!equals_any(word, kTypes)) return false;
  word = before.word();
  if (equals_any(word, kModifiers)) word = before.word();
  return equals_any(word, kVerbs);
}

bool closes_statement(std::string_view text, std::size_t at) {
  const std::string_view line = text.substr(at, kNear);
  const std::size_t end = line.find('\n');
  return end != kNone ? line[end - 1] == ';' : line.size() < kNear && line.back() == ';';
}

// "$x$" in "$$x$$" is none.
bool is_dollar_tag(std::string_view text, std::size_t at) {
  if (at > 0 && (kWordBytes.contains(text[at - 1]) || text[at - 1] == '$')) return false;
  const std::size_t end = word_end(text, at + 1);
  return end > at + 1 && !kDigits.contains(text[at + 1]) && end < text.size() && text[end] == '$';
}

// Does a statement ALTER or DROP go on here? ALTER TABLE has clauses that begin with these words.
bool names_object(std::string_view text, std::size_t at) {
  constexpr std::string_view kTypes[] = {"database", "function", "proc",     "procedure",
                                         "role",     "schema",   "sequence", "synonym",
                                         "table",    "trigger",  "type",     "view"};
  if (at == text.size() || text[at] != ' ') return false;
  return equals_any(text.substr(at + 1, word_end(text, at + 1) - at - 1), kTypes);
}

constexpr std::string_view kBeginners[] = {"create",  "alter", "drop", "exec",
                                           "declare", "print", "begin"};

// CREATE at the start of a line although nothing closed what came before: T-SQL needs no semicolon.
// Of BEGIN, behind another block alone.
bool is_unterminated(std::string_view text, std::size_t at) {
  constexpr std::string_view kOpen[] = {"as",   "begin", "do",     "else",    "explain", "go",
                                        "then", "is",    "atomic", "analyze", "describe"};
  if (at < 2 || !begins_line(text, at)) return false;
  const std::string_view word = text.substr(at, word_end(text, at) - at);
  if (!equals_any(word, kBeginners)) return false;
  if ((word == "alter" || word == "drop") && !names_object(text, at + word.size())) return false;
  const std::size_t before = at - 2;
  if (!kWordBytes.contains(text[before]) && text[before] != ')' && text[before] != ']')
    return false;
  std::size_t begin = before + 1;
  while (begin > 0 && kWordBytes.contains(text[begin - 1])) --begin;
  const std::string_view last = text.substr(begin, before + 1 - begin);
  if (word == "begin") return last == "end";
  const std::size_t line = text.rfind('\n', before) + 1;  // npos + 1 is 0
  constexpr std::string_view kClientLines[] = {"set", "use", "prompt", "rem", "spool", "connect"};
  return !equals_any(last, kOpen) && text[line] != '.' && text[line] != '\\' && text[line] != '@' &&
         text.substr(line, 2) != "--" &&
         !equals_any(text.substr(line, word_end(text, line) - line), kClientLines);
}

// "DEFINE name = text" is a command of SQL*Plus; Snowflake has "DEFINE type name".
bool is_define(std::string_view text, std::size_t at, bool of_object) {
  constexpr std::string_view kDefine = "define ";
  constexpr std::string_view kTypes[] = {
      "authentication", "database", "dynamic", "file",  "function", "pipe", "procedure",
      "role",           "schema",   "secure",  "stage", "table",    "tag",  "task",
      "view",           "warehouse"};
  if (!at_line_start(text, at) || !text.substr(at).starts_with(kDefine)) return false;
  const std::size_t name = at + kDefine.size();
  const std::size_t end = word_end(text, name);
  const std::string_view behind = text.substr(end, 2);
  const bool has_value = behind.starts_with('=') || behind == " =";
  if (end == name || !of_object) return end > name && has_value;
  return behind.starts_with(' ') && !has_value && equals_any(text.substr(name, end - name), kTypes);
}

// "CREATE PROCEDURE p(a INT) RETURNS STRING" and "WITH p AS PROCEDURE" are Snowflake's; Firebird's
// returns a list "(a INT)".
bool is_procedure_returning(std::string_view text, std::size_t at) {
  constexpr std::string_view kBefore[] = {"create", "replace", "alter", "secure", "as"};
  constexpr std::string_view kProcedure = "procedure", kReturns = "returns";
  if (!whole_words(text, at, kProcedure) || !text.substr(at).starts_with(kProcedure)) return false;
  if (!equals_any(Backwards(text, at).word(), kBefore)) return false;
  text = text.substr(at, 4 * kNear);
  std::size_t open = text.find_first_of("(;");
  int depth = 0;
  if (open == kNone || text[open] == ';') return false;
  do {
    depth += text[open] == '(' ? 1 : -1;
    if (depth > 0) open = text.find_first_of("()", open + 1);
  } while (depth > 0 && open != kNone);
  if (open == kNone) return false;
  const std::size_t word = text.find_first_not_of(" \n", open + 1);
  if (word == kNone || !text.substr(word).starts_with(kReturns)) return false;
  const std::size_t type = text.find_first_not_of(" \n", word + kReturns.size());
  return type != kNone && type > word + kReturns.size() && kWordBytes.contains(text[type]);
}

bool is_trigger_body(std::string_view text, std::size_t at) {
  if (!whole_words(text, at, "begin")) return false;
  std::string_view head = text.substr(at - std::min(at, kNear), std::min(at, kNear));
  const std::size_t create = head.rfind("create");
  if (create == kNone) return false;
  head.remove_prefix(create);
  if (head.find(';') != kNone || head.find(" trigger") == kNone) return false;
  if (head.find("execute") != kNone || head.find(" or replace ") != kNone) return false;
  text = text.substr(0, at + 16 * kNear);
  std::size_t end = text.find("end", text.find(';', at));
  while (end != kNone && !whole_words(text, end, "end")) end = text.find("end", end + 1);
  if (end == kNone) return false;
  const std::size_t close = text.find_first_not_of(" \n", end + 3);
  return close != kNone && text[close] == ';' && text.substr(close + 1, 2) != "\n/";
}

// E'it\'s': the prefix says what the backslash means.
bool is_escape_string(std::string_view text, std::size_t quote) {
  return quote > 0 && quote < text.size() && text[quote - 1] == 'e' &&
         !(quote > 1 && kWordBytes.contains(text[quote - 2]));
}

// ".mode csv", but not ".then(" of a script in a string.
bool is_dot_command(std::string_view text, std::size_t at) {
  const std::size_t end = word_end(text, at + 1);
  if (end == at + 1 || text[at + 1] < 'a' || text[at + 1] > 'z') return false;
  return end == text.size() || text[end] == ' ' || text[end] == '\n';
}

// PostgreSQL has operators @ and @@.
bool is_trailing_at(std::string_view text, std::size_t at) {
  return at > 0 && text[at - 1] != '\n' && text[at - 1] != '@' &&
         (at + 1 == text.size() || text[at + 1] == '\n');
}

bool is_source_file(std::string_view text, std::size_t at) {
  constexpr std::string_view kSource = "source ";
  if (!at_line_start(text, at) || text.substr(at, kSource.size()) != kSource) return false;
  std::string_view name = text.substr(at + kSource.size());
  name = name.substr(0, name.find_first_of("\n;"));
  return name.find_first_of("./") != kNone && name.find_first_of(" =(") == kNone;
}

// "@tables.sql", "@@types/t.tps 'a'": a variable has no dot or slash.
bool is_start_file(std::string_view text, std::size_t at) {
  if (!begins_line(text, at)) return false;
  std::string_view name = text.substr(at, kNear);
  name.remove_prefix(std::min(name.find_first_not_of('@'), name.size()));
  name = name.substr(0, name.find_first_of(" \n"));
  return !name.empty() && name.find_first_of("./") != kNone &&
         name.find_first_of("=(,;'\"") == kNone;
}

}  // namespace

bool whole_words(std::string_view text, std::size_t at, std::string_view clue) {
  const std::size_t end = at + clue.size();
  const bool before =
      at > 0 && kWordBytes.contains(clue.front()) && kWordBytes.contains(text[at - 1]);
  const bool after = end < text.size() && kWordBytes.contains(clue.back()) && clue.back() != '_' &&
                     kWordBytes.contains(text[end]) && !kDigits.contains(clue.back());
  return !before && !after;
}

bool clue_fits(std::string_view text, std::size_t at, const DialectClue& clue) {
  switch (clue.where) {
    case Where::kAnywhere:
      return whole_words(text, at, clue.text);
    case Where::kLineStart:
    case Where::kComment:
    case Where::kNamed:
      return at_line_start(text, at) && whole_words(text, at, clue.text);
    case Where::kLine:
      return at_line_start(text, at) && is_line(text, at + clue.text.size());
    case Where::kParameter:
      return is_parameter(text, at);
    case Where::kUnterminated:
      return is_unterminated(text, at);
    case Where::kBracketName:
      return is_bracket_name(text, at);
    case Where::kTemporaryName:
      return is_temporary_name(text, at);
    case Where::kPivotName:
      return is_pivot_name(text, at);
    case Where::kTopRows:
      return is_top_rows(text, at);
    case Where::kServerName:
      return is_server_name(text, at);
    case Where::kDefinedBracketName:
      return names_new_object(text, at);
    case Where::kClosedBracketName:
      return is_bracket_name(text, at) && closes_statement(text, at);
    case Where::kBacktickPath:
      return quoted(text, at, '`').find_first_of(".-") != kNone;
    case Where::kDollarTag:
      return is_dollar_tag(text, at);
    case Where::kEscapedQuote:
      return text.substr(at, 3) == "\\''" && !is_escape_string(text, at - 1);
    case Where::kDotCommand:
      return at_line_start(text, at) && is_dot_command(text, at);
    case Where::kTriggerBody:
      return is_trigger_body(text, at);
    case Where::kTrailingAt:
      return is_trailing_at(text, at);
    case Where::kSourceFile:
      return is_source_file(text, at);
    case Where::kDefineVariable:
      return is_define(text, at, false);
    case Where::kDefineObject:
      return is_define(text, at, true);
    case Where::kProcedureReturns:
      return is_procedure_returning(text, at);
    case Where::kStartFile:
      return is_start_file(text, at);
  }
  return false;
}

std::span<const std::string_view> clue_beginnings(const DialectClue& clue) {
  static constexpr std::string_view kAt[] = {"@"}, kBracket[] = {"["}, kHash[] = {"#"},
                                    kBacktick[] = {"`"}, kDollar[] = {"$"}, kBackslash[] = {"\\"},
                                    kDot[] = {"."}, kBegin[] = {"begin"}, kSource[] = {"source"},
                                    kDefine[] = {"define"}, kSelect[] = {"select"},
                                    kProcedure[] = {"procedure"};
  switch (clue.where) {
    case Where::kParameter:
    case Where::kTrailingAt:
    case Where::kStartFile:
      return kAt;
    case Where::kUnterminated:
      return kBeginners;
    case Where::kBracketName:
    case Where::kClosedBracketName:
    case Where::kDefinedBracketName:
    case Where::kPivotName:
    case Where::kServerName:
      return kBracket;
    case Where::kTemporaryName:
      return kHash;
    case Where::kBacktickPath:
      return kBacktick;
    case Where::kDollarTag:
      return kDollar;
    case Where::kEscapedQuote:
      return kBackslash;
    case Where::kDotCommand:
      return kDot;
    case Where::kTriggerBody:
      return kBegin;
    case Where::kSourceFile:
      return kSource;
    case Where::kDefineVariable:
    case Where::kDefineObject:
      return kDefine;
    case Where::kTopRows:
      return kSelect;
    case Where::kProcedureReturns:
      return kProcedure;
    default:
      return {&clue.text, 1};
  }
}

}  // namespace engine::sql
