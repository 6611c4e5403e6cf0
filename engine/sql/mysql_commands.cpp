#include "engine/sql/mysql_commands.h"

#include <algorithm>
#include <string>

#include "engine/sql/ascii.h"
#include "engine/sql/byte_set.h"

namespace engine::sql {
namespace {

constexpr MysqlCommand kCommands[] = {
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

}  // namespace

const MysqlCommand* find_mysql_command(char letter) {
  const auto found = std::find_if(std::begin(kCommands), std::end(kCommands),
                                  [&](const MysqlCommand& one) { return one.letter == letter; });
  return found == std::end(kCommands) ? nullptr : found;
}

const MysqlCommand* find_mysql_command(std::string_view line, std::string_view delimiter) {
  line.remove_prefix(kNonSpaces.find(line, 0));
  const std::size_t blank = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view word = line.substr(0, blank);
  const auto found =
      std::find_if(std::begin(kCommands), std::end(kCommands),
                   [&](const MysqlCommand& one) { return equal_words(word, one.name); });
  if (found == std::end(kCommands)) return nullptr;
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
  if (statement.size() > kLongest) return std::nullopt;
  const std::string folded = lower(statement);
  const std::size_t set = folded.find("set");
  if (set > 12) return std::nullopt;  // behind "/*!40101 " at most
  // "SET @saved = @@sql_mode, sql_mode = '...'": the assignment is the one with an equals sign.
  std::size_t mode = folded.find("sql_mode", set);
  std::size_t value = folded.npos;
  for (; mode != folded.npos; mode = folded.find("sql_mode", mode + 1)) {
    const std::size_t next = folded.find_first_not_of("` \t\r\n:", mode + 8);
    if (next == folded.npos || folded[next] != '=') continue;
    const std::size_t before = folded.find_last_not_of("` \t\r\n", mode - 1);
    if (before != folded.npos && kWordBytes.contains(folded[before]) && before + 1 == mode) {
      continue;  // a part of another name
    }
    const std::size_t word = folded.find_last_of(", \t\r\n", before);
    const std::string_view scope = std::string_view(folded).substr(0, mode);
    if (scope.find("global", word == folded.npos ? 0 : std::max<std::size_t>(word, 7) - 7) !=
        scope.npos) {
      continue;
    }
    value = next + 1;
  }
  if (value == folded.npos) return std::nullopt;
  const std::string_view modes = std::string_view(folded).substr(value);
  const bool removes = modes.find("replace(") != modes.npos;
  const auto named = [&](std::string_view mode_name) {
    return !removes && modes.find(mode_name) != modes.npos;
  };
  MysqlQuoting quoting;
  quoting.no_backslash_escapes = named("no_backslash_escapes");
  quoting.ansi_quotes =
      named("ansi") || named("mssql") || named("postgresql") || named("db2") || named("maxdb");
  return quoting;
}

}  // namespace engine::sql
