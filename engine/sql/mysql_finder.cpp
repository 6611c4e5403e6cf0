// MySQL and MariaDB: statements up to the delimiter, which the script itself may change.
//
// Source: client/mysql.cc (add_line, find_command) of MariaDB 10.11.
#include <algorithm>
#include <string>

#include "engine/sql/unit_finder.h"

namespace engine::sql {
namespace {

// Client commands; some take arguments, the others are commands only by themselves. DELIMITER and
// USE have rules of their own.
struct Command {
  std::string_view name;
  bool takes_arguments;
};
constexpr Command kCommands[] = {
    {"?", true},       {"charset", true},  {"clear", false},    {"connect", true},
    {"edit", false},   {"ego", false},     {"exit", false},     {"go", false},
    {"help", true},    {"nopager", false}, {"notee", false},    {"nowarning", false},
    {"pager", true},   {"print", false},   {"prompt", true},    {"quit", false},
    {"rehash", false}, {"sandbox", false}, {"source", true},    {"status", false},
    {"system", true},  {"tee", true},      {"warnings", false},
};

class MysqlFinder final : public UnitFinder {
 public:
  explicit MysqlFinder(std::string_view text) : UnitFinder(text, Dialect::kMysql) { set_stops(); }

 private:
  void set_stops() {
    stops_ = scanner_.quote_stops();
    stops_.add("\\").add(terminator().substr(0, 1));
    const char stops[] = {'\\', terminator()[0]};
    skim_to({stops, 2});
  }

  bool advance() override {
    std::size_t unit = kNone;
    while (true) {
      if (unit == kNone) {
        // Commands are known only while the buffer is empty, at the start of a line.
        const std::size_t here = kNonSpaces.find(text(), scanner_.position());
        if (here < text().size() && starts_line(here) && command_line(here)) return true;
        if (text().substr(here, 12) == "/*M!999999\\-") return sandbox_mark(here);
        scanner_.seek(here);
      } else {
        int depth = 0;
        skim(&depth);
      }
      const ByteSet& stops = unit == kNone ? kNonSpaces : stops_;
      const std::size_t at = stops.find(text(), scanner_.position());
      if (at >= text().size()) {
        if (unit == kNone) return false;
        return end_unit(unit, trim_end(unit, text().size()), 0);
      }
      if (text().substr(at, terminator().size()) == terminator()) {
        return end_unit(unit == kNone ? at : unit, at + terminator().size(), terminator().size());
      }
      if (text()[at] == '\\') {
        if (unit == kNone) unit = at;
        const char command = at + 1 < text().size() ? text()[at + 1] : '\0';
        if (command == 'g' || command == 'G') return end_unit(unit, at + 2, 2);
        scanner_.seek(std::min(at + 2, text().size()));
        continue;
      }
      if (!scanner_.quote_stops().contains(text()[at])) {
        if (unit == kNone) unit = at;
        scanner_.seek(at + 1);
        continue;
      }
      scanner_.seek(at);
      const Token token = next_token(stops);
      if (!token.closed) {
        emit_broken(unit, token);
        return true;
      }
      if (unit == kNone && !token.is_comment()) unit = token.begin;
    }
  }

  // A delimiter with nothing before it sends nothing: a line for the client alone.
  bool end_unit(std::size_t begin, std::size_t end, std::size_t terminator) {
    const std::string_view sent = text().substr(begin, end - begin - terminator);
    const bool unit = !sent.empty() && !is_command(sent);
    scanner_.seek(end);
    if (unit) {
      emit_unit(begin, end);
      follow_sql_mode(text().substr(begin, end - begin));
    } else {
      emit_directive(begin, end, sent.empty() ? DirectiveRole::kCloses : DirectiveRole::kAlone);
    }
    return true;
  }

  bool starts_line(std::size_t position) const {
    while (position > 0 && (text()[position - 1] == ' ' || text()[position - 1] == '\t')) {
      --position;
    }
    return at_line_start(position);
  }

  bool command_line(std::size_t begin) {
    if (!begins_command(begin)) return false;
    const std::size_t stop = line_end(begin);
    std::size_t word_end = begin;
    while (word_end < stop && text()[word_end] != ' ' && text()[word_end] != '\t') ++word_end;
    const std::string_view word = text().substr(begin, word_end - begin);
    const std::string_view line = text().substr(begin, stop - begin);
    if (equal_words(word, "delimiter")) {
      change_delimiter(text().substr(word_end, stop - word_end));
      emit_line(begin, terminator() == ";" ? DirectiveRole::kCloses : DirectiveRole::kIntroduces);
      return true;
    } else if (line.find(terminator()) != kNone) {
      return false;  // then it is a statement like any other
    } else if (equal_words(word, "use")) {
      emit_unit(begin, trim_end(begin, stop));
      scanner_.seek(stop);
      return true;
    } else if (!is_command(line)) {
      return false;
    }
    emit_line(begin);
    return true;
  }

  // Tells most lines by their first word; one of them may be a whole dump.
  bool begins_command(std::size_t begin) const {
    constexpr std::size_t kLongest = 9;
    const std::string_view head = text().substr(begin, kLongest + 1);
    const std::string_view word = head.substr(0, kSpaces.find(head, 0));
    return equal_words(word, "delimiter") || equal_words(word, "use") ||
           std::any_of(std::begin(kCommands), std::end(kCommands),
                       [&](const Command& command) { return equal_words(word, command.name); });
  }

  // A line, or a statement that the delimiter ended, that is a command of the client.
  static bool is_command(std::string_view line) {
    while (!line.empty() && kSpaces.contains(line.back())) line.remove_suffix(1);
    const std::string_view word = line.substr(0, kSpaces.find(line, 0));
    return std::any_of(std::begin(kCommands), std::end(kCommands), [&](const Command& command) {
      return equal_words(word, command.name) &&
             (command.takes_arguments || word.size() == line.size());
    });
  }

  // The first word of the argument, quotes stripped; without one the client complains and goes on.
  void change_delimiter(std::string_view argument) {
    const std::size_t begin = kNonSpaces.find(argument, 0);
    if (begin == argument.size()) return;
    const char quote = argument[begin];
    std::string_view word;
    if (quote == '\'' || quote == '"' || quote == '`') {
      word = argument.substr(begin + 1, argument.find(quote, begin + 1) - begin - 1);
    } else {
      word = argument.substr(begin, kSpaces.find(argument, begin) - begin);
    }
    if (word.empty() || word.find('\\') != kNone) return;
    set_terminator(word);
    set_stops();
  }

  // "/*M!999999\- enable the sandbox mode */": for the client alone, in front of every new dump.
  bool sandbox_mark(std::size_t begin) {
    const std::size_t close = text().find("*/", begin);
    const std::size_t end = close == kNone ? line_end(begin) : close + 2;
    emit_directive(begin, end);
    scanner_.seek(end);
    return true;
  }

  // SET sql_mode = '...NO_BACKSLASH_ESCAPES...' changes what a backslash means from here on.
  void follow_sql_mode(std::string_view unit) {
    if (unit.size() > 1000) return;
    const std::string folded = lower(unit);
    const std::size_t set = folded.find("set ");
    const std::size_t mode = folded.find("sql_mode");
    if (set == kNone || mode == kNone || set > 12) return;
    const std::size_t value = folded.find('=', mode);
    if (value == kNone || folded.find('\'', value) == kNone) return;
    LexRules rules = scanner_.rules();
    rules.backslash_in_single = rules.backslash_in_double =
        folded.find("no_backslash_escapes", value) == kNone;
    rules.double_is_name = folded.find("ansi", value) != kNone;
    scanner_.set_rules(rules);
    set_stops();
  }

  ByteSet stops_;
};

}  // namespace

std::unique_ptr<UnitFinder> make_mysql_finder(std::string_view text) {
  return std::make_unique<MysqlFinder>(text);
}

}  // namespace engine::sql
