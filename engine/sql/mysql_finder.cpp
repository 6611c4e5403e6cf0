// MySQL and MariaDB: statements up to the delimiter, which the script itself may change.
//
// Source: client/mysql.cc (read_and_execute, find_command, add_line, get_arg) of MariaDB 10.11. The
// client reads lines into a buffer, without comments; a command of its own counts where a line
// begins while the buffer is empty, and where the delimiter ends what is then in the buffer.
#include <algorithm>
#include <string>

#include "engine/sql/mysql_commands.h"
#include "engine/sql/unit_finder.h"

namespace engine::sql {
namespace {

constexpr std::string_view kClient = "mariadb";

class MysqlFinder final : public UnitFinder {
 public:
  explicit MysqlFinder(std::string_view text) : UnitFinder(text, Dialect::kMysql) {
    line_stop_ = line_stop(0);
    set_stops();
  }

 private:
  void set_stops() {
    stops_ = scanner_.quote_stops();
    stops_.add("\\").add(terminator().substr(0, 1));
    const char stops[] = {'\\', terminator()[0]};
    skim_to({stops, 2});
  }

  bool advance() override {
    begin_statement();
    while (true) {
      std::size_t at = scanner_.position();
      if (unit_ == kNone) {
        at = kNonSpaces.find(text(), at);
        const bool commands = at < text().size() && !behind_mark_ && starts_line(at);
        if (commands && command_line(at)) return true;
        if (text().substr(at, 12) == "/*M!999999\\-") return sandbox_mark(at);
      } else {
        int depth = 0;
        if (skim_rows(unit_, &depth)) {
          behind_mark_ = false;
          return true;
        }
        at = stops_.find(text(), scanner_.position());
      }
      if (at >= text().size()) return last_statement();
      if (text()[at] == '\\') {
        if (backslash(at)) return true;
      } else if (delimiter_at(at)) {
        return end_statement(at);
      } else if (is_line_comment(at)) {
        skip_comment(at, std::min(text().find(line_feed(), at), text().size()));
      } else if (is_comment(at)) {
        const std::size_t end = comment_end(at + 2);
        if (end == kNone) {
          return broken({.kind = TokenKind::kBlockComment,
                         .closed = false,
                         .symbol = '\0',
                         .begin = at,
                         .end = text().size(),
                         .head = 0});
        }
        skip_comment(at, end);
      } else if (!content(at)) {
        return true;
      }
    }
  }

  void begin_statement() {
    unit_ = kNone;
    kept_.clear();
  }

  // One that holds a line end, as a comment before the command may give it, is never found: the
  // client looks for it in a line.
  bool delimiter_at(std::size_t at) const {
    return text().substr(at, terminator().size()) == terminator() &&
           terminator().find(line_feed()) == kNone;
  }

  // Text that the client puts into its buffer. False when it is a quote that is broken.
  bool content(std::size_t at) {
    const char c = text()[at];
    if (unit_ == kNone) unit_ = kept_from_ = at;
    if (c == '\'' || c == '"' || c == '`') {
      scanner_.seek(at);
      const Token token = next_token(stops_);
      return token.closed || !broken(token);
    }
    const std::string_view three = text().substr(at, 3);
    if (three == "/*!") executable_until_ = this_line_stop(at);
    if (three.substr(0, 2) == "*/") executable_until_ = 0;
    scanner_.seek(at + 1);
    return true;
  }

  bool broken(const Token& token) {
    emit_broken(unit_, token);
    executable_until_ = 0;
    line_stop_ = line_stop(scanner_.position());
    return true;
  }

  bool is_line_comment(std::size_t at) const {
    if (text()[at] == '#') return true;
    if (text().substr(at, 2) != "--") return false;
    // At the start of a statement nothing need follow, so that test scripts run.
    return (unit_ == kNone && !behind_mark_) || at + 2 >= text().size() ||
           kSpaces.contains(text()[at + 2]);
  }

  bool is_comment(std::size_t at) const {
    const std::string_view start = text().substr(at, 4);
    return start.substr(0, 2) == "/*" && start.substr(2, 1) != "!" && start.substr(2) != "M!";
  }

  // Behind the "*/" that closes the comment whose text begins at `at`. The client takes "/*" inside
  // for two bytes that cannot close, and lets "/*! */" stand inside as long as the line goes on.
  std::size_t comment_end(std::size_t at) {
    constexpr ByteSet marks("*/");
    if (at >= no_comment_end_) return kNone;
    const std::size_t begin = at;
    while ((at = marks.find(text(), at)) < text().size()) {
      const std::string_view two = text().substr(at, 2);
      if (is_comment(at)) {
        ++at;
      } else if (two == "/*") {
        executable_until_ = this_line_stop(at);
      } else if (two == "*/" && at >= executable_until_) {
        return at + 2;
      } else if (two == "*/") {
        executable_until_ = 0;
      }
      ++at;
    }
    no_comment_end_ = begin;
    return kNone;
  }

  void skip_comment(std::size_t begin, std::size_t end) {
    keep(begin, end);
    scanner_.seek(end);
  }

  // The buffer as the client has it: only its start matters, where a command would stand.
  void keep(std::size_t end, std::size_t next) {
    constexpr std::size_t kEnough = 512;
    if (unit_ == kNone) return;
    if (kept_.size() < kEnough) {
      kept_ += text().substr(kept_from_, std::min(end - kept_from_, kEnough));
      kept_ += ' ';
    }
    kept_from_ = next;
  }

  bool last_statement() {
    if (unit_ == kNone) return false;
    emit_unit(unit_, trim_end(unit_, text().size()));
    scanner_.seek(text().size());
    return true;
  }

  // At a delimiter. With nothing before it, it sends nothing: a line for the client alone.
  bool end_statement(std::size_t at) {
    const std::size_t end = at + terminator().size();
    scanner_.seek(end);
    if (unit_ == kNone) {
      emit_directive(at, end, DirectiveRole::kCloses);
      return true;
    }
    std::string_view buffer = text().substr(kept_from_, at - kept_from_);
    if (!kept_.empty()) {
      keep(at, at);
      buffer = kept_;
    }
    const MysqlCommand* command = find_mysql_command(buffer, terminator());
    // "go" sends the buffer, and that holds "go"; "exit" ends the client, which sends it before
    // that.
    constexpr std::string_view kSent = "gGq";
    if (command == nullptr || kSent.find(command->letter) != kNone) {
      if (command != nullptr && command->letter == 'q') leave(kClient, unit_, unit_);
      send(end);
    } else if (command->letter == 'u' && mysql_argument(buffer)) {
      emit_unit(unit_, end);
    } else {
      if (command->letter == 'd' && kept_.empty()) change_delimiter(buffer);
      emit_directive(unit_, end);
    }
    return true;
  }

  void send(std::size_t end) {
    behind_mark_ = false;
    emit_unit(unit_, end);
    follow_sql_mode(text().substr(unit_, end - unit_));
  }

  // A command at the start of a line takes the line.
  bool command_line(std::size_t begin) {
    // First of all, because a line of rows may be a megabyte long.
    if (!begins_as_mysql_command(text().substr(begin))) return false;
    const std::size_t stop = trim_end(begin, line_stop(begin));
    const std::string_view line = text().substr(begin, stop - begin);
    const MysqlCommand* command = find_mysql_command(line, terminator());
    if (command == nullptr) return false;
    scanner_.seek(stop);
    if (command->letter == 'u' && mysql_argument(line)) {
      emit_unit(begin, stop);
      return true;
    }
    DirectiveRole role = DirectiveRole::kAlone;
    if (command->letter == 'q') leave(kClient, begin, begin);
    if (command->letter == 'd') {
      change_delimiter(line);
      role = terminator() == ";" ? DirectiveRole::kCloses : DirectiveRole::kIntroduces;
    }
    emit_directive(begin, stop, role);
    return true;
  }

  // A backslash outside quotes and one letter is a command, wherever it stands. True when something
  // was emitted.
  bool backslash(std::size_t at) {
    const std::size_t stop = this_line_stop(at);
    if (at + 1 >= stop) {  // at the end of a line it is dropped
      scanner_.seek(at + 1);
      return false;
    }
    const MysqlCommand* command = find_mysql_command(text()[at + 1]);
    if (command == nullptr) {  // "\N" is NULL, others are kept as they are
      if (unit_ == kNone) unit_ = kept_from_ = at;
      scanner_.seek(at + 2);
      return false;
    }
    const std::string_view line = text().substr(at, stop - at);
    if (command->letter == 'd') change_delimiter(line);
    const std::size_t end = command->takes_argument ? argument_end(at + 2, stop) : at + 2;
    scanner_.seek(end);
    const bool empty = unit_ == kNone;
    if (empty) unit_ = at;
    switch (command->letter) {
      case 'g':
      case 'G':
        if (empty) break;
        send(end);
        return true;
      case 'c':  // these two forget the statement so far
      case 'r':
        emit_directive(unit_, end);
        return true;
      case 'q':  // what is in the buffer is sent before it leaves
        if (!leave(kClient, at, unit_) && !empty) return false;
        if (empty) break;
        send(end);
        return true;
      default:
        if (!empty) return false;
    }
    if (command->letter == 'u' && mysql_argument(line)) {
      emit_unit(at, end);
    } else {
      const bool leaves = command->letter == 'q';
      emit_directive(at, end, leaves ? DirectiveRole::kAlone : DirectiveRole::kCloses);
    }
    return true;
  }

  // Arguments of a command inside a line run to the delimiter, which goes with them, to the end of
  // the executable comment that they stand in, or to the end of the line.
  std::size_t argument_end(std::size_t from, std::size_t stop) const {
    const bool executable = from < executable_until_;
    const std::string_view mark = executable ? std::string_view("*/") : terminator();
    const std::size_t end = text().substr(0, stop).find(mark, from);
    return end == kNone ? stop : executable ? end : end + mark.size();
  }

  // A carriage return before a line feed belongs to the line's end.
  std::size_t line_stop(std::size_t position) const {
    const std::size_t feed = std::min(text().find(line_feed(), position), text().size());
    const bool pair =
        feed < text().size() && feed > position && text()[feed - 1] == '\r' && text()[feed] == '\n';
    return pair ? feed - 1 : feed;
  }

  // The same for places in ascending order: each line is searched once.
  std::size_t this_line_stop(std::size_t position) {
    if (position > line_stop_) line_stop_ = line_stop(position);
    return line_stop_;
  }

  bool starts_line(std::size_t position) const {
    while (position > 0 && text()[position - 1] != line_feed()) {
      if (!kSpaces.contains(text()[--position])) return false;
    }
    return true;
  }

  // A delimiter with a backslash is refused (before anything else it is taken away), a long one is
  // cut.
  void change_delimiter(std::string_view command) {
    constexpr std::size_t kLongest = 15;
    const std::optional<std::string_view> argument = mysql_argument(command);
    if (!argument || argument->find("\\\\") != kNone || argument->back() == '\\') return;
    set_terminator(argument->substr(0, kLongest));
    set_stops();
  }

  // "/*M!999999\- enable the sandbox mode */", in front of every new dump: a command in the middle
  // of what is then the buffer's start. We take all of it for the client's.
  bool sandbox_mark(std::size_t begin) {
    behind_mark_ = true;
    const std::size_t close = text().find("*/", begin);
    const std::size_t end = close == kNone ? line_end(begin) : close + 2;
    emit_directive(begin, end);
    scanner_.seek(end);
    return true;
  }

  // SET sql_mode changes what a backslash means from here on. The server tells the client.
  void follow_sql_mode(std::string_view unit) {
    const std::optional<MysqlQuoting> quoting = mysql_quoting_set_by(unit);
    if (!quoting) return;
    LexRules rules = scanner_.rules();
    rules.backslash_in_single = !quoting->no_backslash_escapes;
    rules.backslash_in_double = !quoting->no_backslash_escapes && !quoting->ansi_quotes;
    rules.double_is_name = quoting->ansi_quotes;
    scanner_.set_rules(rules);
    set_stops();
  }

  ByteSet stops_;
  std::size_t unit_ = kNone;   // where the statement being read begins
  std::string kept_;           // of the buffer, where comments were taken out
  std::size_t kept_from_ = 0;  // what is not in kept_ yet
  std::size_t line_stop_ = 0;
  std::size_t no_comment_end_ = kNone;  // from here on nothing closes a comment
  bool behind_mark_ = false;            // the buffer is not empty though no statement has begun
  std::size_t executable_until_ = 0;    // the end of the line of a "/*!" that is open
};

}  // namespace

std::unique_ptr<UnitFinder> make_mysql_finder(std::string_view text) {
  return std::make_unique<MysqlFinder>(text);
}

}  // namespace engine::sql
