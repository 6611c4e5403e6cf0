#include "engine/sql/mysql_commands.h"

#include <algorithm>
#include <string>

#include "engine/sql/ascii.h"
#include "engine/sql/byte_set.h"

namespace engine::sql {
namespace {

constexpr MysqlCommand kMysqlCommands[] = {
    {"?", '?', true},          {"charset", 'C', true},   {"clear", 'c', false},
    {"connect", 'r', true},    {"delimiter", 'd', true}, {"edit", 'e', false},
    {"ego", 'G', false},       {"exit", 'q', false},     {"go", 'g', false},
    {"help", 'h', true},       {"nopager", 'n', false},  {"notee", 't', false},
    {"nowarning", 'w', false}, {"pager", 'P', true},     {"print", 'p', false},
    {"prompt", 'R', true},     {"quit", 'q', false},     {"rehash", '#', false},
    {"sandbox", '-', false},   {"source", '.', true},    {"status", 's', false},
    {"system", '!', true},     {"tee", 'T', true},       {"use", 'u', true},
    {"warnings", 'W', false},
};

// The comma behind this assignment of a SET, or the end.
std::size_t assignment_end(std::string_view text) {
  int depth = 0;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(' || c == ')') {
      depth += c == '(' ? 1 : -1;
    } else if (c == ',' && depth == 0) {
      return i;
    }
  }
  return text.size();
}

// "sql_mode =", "session sql_mode :=", "@@local.`sql_mode` =", but not "global sql_mode =".
bool sets_sql_mode(std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == assignment.npos) return false;
  const std::string_view name = assignment.substr(0, equals);
  const std::size_t end = name.find_last_not_of("` \t\r\n:");
  constexpr std::string_view kName = "sql_mode";
  if (end == name.npos || end + 1 < kName.size()) return false;
  const std::size_t begin = end + 1 - kName.size();
  if (name.substr(begin, kName.size()) != kName) return false;
  const std::string_view scope = name.substr(0, begin);
  // Another name that ends so, or a variable of the user's: @old_sql_mode, @sql_mode.
  if (!scope.empty() && kWordBytes.contains(scope.back())) return false;
  if (!scope.empty() && scope.back() == '@' && scope.find("@@") == scope.npos) return false;
  return scope.find("global") == scope.npos;
}

// Modes by themselves or in a list; replace() takes one out of those that are set.
MysqlQuoting quoting_of(std::string_view assignment) {
  const std::string_view modes = assignment.substr(assignment.find('='));
  const bool removes = modes.find("replace(") != modes.npos;
  const auto named = [&](std::string_view mode) {
    return !removes && modes.find(mode) != modes.npos;
  };
  MysqlQuoting quoting;
  quoting.no_backslash_escapes = named("no_backslash_escapes");
  quoting.ansi_quotes =
      named("ansi") || named("mssql") || named("postgresql") || named("db2") || named("maxdb");
  return quoting;
}

}  // namespace

const MysqlCommand* find_mysql_command(char letter) {
  const auto found = std::find_if(std::begin(kMysqlCommands), std::end(kMysqlCommands),
                                  [&](const MysqlCommand& one) { return one.letter == letter; });
  return found == std::end(kMysqlCommands) ? nullptr : found;
}

bool begins_as_mysql_command(std::string_view bytes) {
  return std::any_of(std::begin(kMysqlCommands), std::end(kMysqlCommands),
                     [&](const MysqlCommand& one) {
                       return equal_words(bytes.substr(0, one.name.size()), one.name);
                     });
}

const MysqlCommand* find_mysql_command(std::string_view line, std::string_view delimiter) {
  line.remove_prefix(kNonSpaces.find(line, 0));
  const std::size_t blank = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view word = line.substr(0, blank);
  const auto found =
      std::find_if(std::begin(kMysqlCommands), std::end(kMysqlCommands),
                   [&](const MysqlCommand& one) { return equal_words(word, one.name); });
  if (found == std::end(kMysqlCommands)) return nullptr;
  // With a delimiter in it, it is a statement like any other, and a command once that has ended it.
  if (line.find("\\g") != line.npos) return nullptr;
  if (found->letter != 'd' && line.find(delimiter) != line.npos) return nullptr;
  const bool alone = kNonSpaces.find(line, blank) == line.size();
  return alone || (found->takes_argument && mysql_argument(line)) ? found : nullptr;
}

std::optional<std::string_view> mysql_argument(std::string_view command) {
  std::size_t begin = kNonSpaces.find(command, 0);
  const bool letter = command.substr(begin, 1) == "\\";
  begin = letter ? begin + 2 : kSpaces.find(command, begin);
  begin = kNonSpaces.find(command, std::min(begin, command.size()));
  if (begin == command.size()) return std::nullopt;
  char quote = command[begin];
  if (quote != '\'' && quote != '"' && quote != '`') quote = '\0';
  if (quote != '\0') ++begin;
  std::size_t end = begin;
  bool closed = quote == '\0';
  for (; end < command.size(); ++end) {
    const char c = command[end];
    const bool another = end + 1 < command.size();
    const bool escape = c == '\\' && another && (letter || quote != '`');
    const bool doubled = !letter && quote != '\0' && c == quote && another && command[end + 1] == c;
    if (escape || doubled) {
      ++end;
    } else if (c == (quote == '\0' ? ' ' : quote)) {
      closed = true;
      break;
    }
  }
  if (!closed || end == begin) return std::nullopt;
  return command.substr(begin, end - begin);
}

std::optional<MysqlQuoting> mysql_quoting_set_by(std::string_view statement) {
  constexpr std::size_t kLongest = 1000;
  if (statement.substr(0, 3) == "/*!") {
    statement.remove_prefix(
        std::min(statement.find_first_not_of("0123456789 ", 3), statement.size()));
  }
  if (statement.size() > kLongest || statement.size() < 5) return std::nullopt;
  if (!equal_words(statement.substr(0, 3), "set") || !kSpaces.contains(statement[3])) {
    return std::nullopt;
  }
  const std::string folded = lower(statement.substr(4));
  std::string_view rest = folded;
  std::optional<MysqlQuoting> quoting;
  while (!rest.empty()) {
    const std::size_t end = assignment_end(rest);
    const std::string_view assignment = rest.substr(0, end);
    if (sets_sql_mode(assignment)) quoting = quoting_of(assignment);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return quoting;
}

}  // namespace engine::sql
