// MysqlCommand: the commands that the mysql and mariadb clients keep for themselves, their
// arguments, and what SET sql_mode does to quotes.
//
// Thread contract: pure.
// Source: client/mysql.cc (commands, find_command, get_arg) of MariaDB 10.11; sql_mode in the
// MariaDB Knowledge Base.
#pragma once

#include <optional>
#include <string_view>

namespace engine::sql {

struct MysqlCommand {
  std::string_view name;
  char letter;  ///< behind a backslash it means the same
  bool takes_argument;
};

/// Do these bytes begin with the name of a command? What follows may still make a longer word.
bool begins_as_mysql_command(std::string_view bytes);
/// The command that this line (or statement, without its delimiter) is; null where it is none.
const MysqlCommand* find_mysql_command(std::string_view line, std::string_view delimiter);
/// The command that a backslash and this letter are.
const MysqlCommand* find_mysql_command(char letter);

/// The first argument of a command, quotes stripped; empty where there is none.
std::optional<std::string_view> mysql_argument(std::string_view command);

struct MysqlQuoting {
  bool no_backslash_escapes = false;
  bool ansi_quotes = false;
};

/// What this statement sets for its session; empty where it does not set sql_mode.
std::optional<MysqlQuoting> mysql_quoting_set_by(std::string_view statement);

}  // namespace engine::sql
