#include "tests/sql/script_generator.h"

namespace engine::test {
namespace {

class MysqlWriter final : public ScriptWriter {
 public:
  using ScriptWriter::ScriptWriter;

  std::string script() {
    std::string out;
    if (chance(8)) out += "/*M!999999\\- enable the sandbox mode */ \n-- dump\nSELECT 1;\n";
    for (std::uint32_t count = 3 + below(12); count > 0; --count) {
      if (chance(3)) out += comment();
      switch (below(9)) {
        case 0:
          out += "\n" + command() + "\n";
          break;
        case 1:
          out += change_delimiter();
          break;
        case 2:
          out += routine();
          break;
        case 3:
          out += sql_mode();
          break;
        default:
          out += ended(statement());
      }
      if (chance(40)) out += leave();
    }
    if (chance(3)) out += statement();
    return finished(out);
  }

 private:
  std::string space() {
    static constexpr std::string_view kSpace[] = {" ", "\n", "\t", " \n ", " "};
    return chance(5) ? " " + comment() : one_of(kSpace);
  }

  std::string comment() {
    static constexpr std::string_view kText[] = {"'",   "\"", ";", "`",  "it's ",
                                                 "\\g", "a",  "#", "//", "-- "};
    static constexpr std::string_view kInside[] = {"/*/ ", "/* ", "/*! b */ ", "-- ", "' "};
    switch (below(4)) {
      case 0:
        return "-- " + some_of(kText, 4) + "\n";
      case 1:
        return "#" + some_of(kText, 4) + "\n";
      case 2:
        return "--\n";
      default:
        return "/* " + some_of(kText, 3) + (chance(2) ? one_of(kInside) : "") + "\n" +
               some_of(kText, 2) + " */";
    }
  }

  std::string literal() {
    static constexpr std::string_view kText[] = {"a",  ";", "--", "/*", "#", "\n", "//",
                                                 "$$", "`", " ",  "|",  "é", "\\N"};
    static constexpr std::string_view kEscapes[] = {"\\'", "\\\"", "\\\\", "''", "\\\n"};
    switch (below(4)) {
      case 0:
        return "\"" + some_of(kText, 4) +
               (escapes_ && !ansi_ ? some_of(kEscapes, 3) : std::string(chance(3) ? "\\" : "")) +
               "'\"";
      case 1:
        return "`" + std::string(chance(3) ? "a\\" : "a;'") + "``" + "`";
      default:
        return "'" + some_of(kText, 4) +
               (escapes_ ? some_of(kEscapes, 3) : std::string(chance(3) ? "\\" : "")) + "'";
    }
  }

  std::string term() {
    static constexpr std::string_view kTerms[] = {"a",     "@x",   "1--1",  "t.c", "1.5",
                                                  "a*b/c", "\\N",  "5 / 2", "--x", "a -1",
                                                  "/**/",  "NULL", "a# b\n"};
    static constexpr std::string_view kCode[] = {"/*!40101 a", "/*! b", "/*M!100100 c",
                                                 "/*!99999 '*/' "};
    if (chance(3)) return literal();
    if (chance(6)) return one_of(kCode) + space() + (chance(3) ? literal() : "") + " */";
    return one_of(kTerms);
  }

  std::string statement() {
    static constexpr std::string_view kHeads[] = {
        "SELECT", "INSERT INTO t VALUES", "/*!40000 ALTER", "create table t", "used by",
        "go on",  "update t set a ="};
    std::string out = one_of(kHeads);
    const bool code = out.front() == '/';
    for (std::uint32_t count = 1 + below(5); count > 0; --count) {
      out += space() + term();
      if (chance(10)) out += " \\p ";
      if (chance(12)) out += "\nuse db\n";
    }
    return code ? out + " */ " : out;
  }

  // "*///" is "*", the delimiter and a statement that begins with "/": what stands behind would no
  // longer be what it is meant to be, a comment or SET.
  std::string ended(std::string statement) {
    if (statement.back() == '/' && delimiter_.front() == '/') statement += ' ';
    return statement + end();
  }

  std::string end() {
    if (chance(8)) return chance(2) ? " \\g\n" : "\\G\n";
    if (chance(12)) return " \\c\n";
    static constexpr std::string_view kBehind[] = {
        "\n", " ", "", " -- it's\n", " /* ; ' */\n", "--glued'\n", "\n\n"};
    return delimiter_ + one_of(kBehind);
  }

  std::string command() {
    static constexpr std::string_view kCommands[] = {
        "use db", "USE `a b`", "  use db -- it's", "notee", "prompt x>", "nowarning",
        "go",     "nopager",   "warnings",         "\\W",   "\\R it's>", "\\u db",
        "clear",  "print",     "delimiter",        "use",   "\\w"};
    const std::string command = one_of(kCommands);
    // A delimiter in a comment leaves the statement open, and "\\u" in one is sent before it.
    const bool commented = command.find("--") != command.npos;
    return command + (chance(4) && !commented ? delimiter_ : "");
  }

  // The client reads nothing behind it.
  std::string leave() {
    static constexpr std::string_view kForms[] = {"\nexit\n", "\n  QUIT \n", " \\q ", "\\q\n"};
    static constexpr std::string_view kWords[] = {"exit", "\nquit", "Exit"};
    if (chance(3)) return ended(one_of(kWords));
    return (chance(2) ? statement() : "") + one_of(kForms);
  }

  std::string change_delimiter() {
    static constexpr std::string_view kNew[] = {"//", "$$", ";;", "|", ";", ";", "END_OF", "//x"};
    static constexpr std::string_view kForms[] = {"DELIMITER ", "delimiter ", "  Delimiter\t",
                                                  "\\d "};
    // These would end a statement in every comment.
    if (chance(4)) {
      delimiter_ = ";";
      return chance(2) ? "\nDELIMITER --\nSELECT 1--\nSELECT ';' --\n\ndelimiter ;\n"
                       : "\ndelimiter #\nSELECT 1# SELECT ';' #\nDELIMITER ; #\n";
    }
    const std::string next = one_of(kNew);
    const std::string form = one_of(kForms);
    const bool letter = form.front() == '\\';  // its argument ends at the new delimiter
    std::string out = "\n" + form + (!letter && chance(5) ? "'" + next + "'" : next);
    if (!letter && chance(4)) out += " ignored";
    delimiter_ = next;
    return out + "\n";
  }

  std::string routine() {
    std::string out = "CREATE PROCEDURE p()" + space() + "BEGIN" + space();
    for (std::uint32_t count = 1 + below(3); count > 0; --count) {
      out += "SELECT " + literal() + ";" + space();
    }
    return out + "END" + space() + delimiter_ + "\n";
  }

  std::string sql_mode() {
    escapes_ = chance(2);
    ansi_ = chance(3);
    std::string modes = "STRICT_TRANS_TABLES";
    if (!escapes_) modes += ",NO_BACKSLASH_ESCAPES";
    if (ansi_) modes += ",ANSI_QUOTES";
    return "\nSET sql_mode='" + modes + "'" + delimiter_ + "\n";
  }

  std::string delimiter_ = ";";
  bool escapes_ = true;
  bool ansi_ = false;
};

}  // namespace

std::string generate_mysql(std::uint32_t seed) { return MysqlWriter(seed).script(); }

}  // namespace engine::test
