#include "tests/sql/script_generator.h"

namespace engine::test {
namespace {

class PostgresqlWriter final : public ScriptWriter {
 public:
  using ScriptWriter::ScriptWriter;

  std::string script() {
    std::string out;
    for (std::uint32_t count = 3 + below(12); count > 0; --count) {
      if (chance(3)) out += comment();
      switch (below(9)) {
        case 0:
          out += meta_command();
          break;
        case 1:
          out += copy();
          break;
        case 2:
          out += routine();
          break;
        case 3:
          out += strings();
          break;
        default:
          out += statement() + end();
      }
      if (chance(40) && conditions_ == 0) out += leave();
    }
    if (chance(3)) out += statement() + (chance(2) ? "\n-- the end" : "");
    return finished(out);
  }

 private:
  std::string space() {
    static constexpr std::string_view kSpace[] = {" ", "\n", "\t", " \n ", " "};
    return chance(5) ? " " + comment() : one_of(kSpace);
  }

  std::string comment() {
    static constexpr std::string_view kText[] = {"'", "\"", ";", "$$", "it's ", "\\g", "a", "--"};
    if (chance(2)) return "--" + some_of(kText, 4) + "\n";
    std::string out = "/*" + some_of(kText, 3);
    if (chance(2)) out += comment_inside() + some_of(kText, 3);
    return out + "*/ ";
  }

  std::string comment_inside() {
    return "/* ; ' " + (chance(3) ? comment_inside() : std::string("/**/")) + " \" */";
  }

  std::string literal() {
    static constexpr std::string_view kText[] = {"a",  ";",   "\"", "--", "/*", "$$", "''",
                                                 "\n", "$x$", " ",  "(",  "$",  "`",  "\xc3\xa9"};
    static constexpr std::string_view kEscaped[] = {"\\'", "\\\\", "\\n", ";",
                                                    "''",  "a",    "\"",  "/*"};
    static constexpr std::string_view kName[] = {"a", ";", "'", "--", "/*", "$$", "\"\"", "\\"};
    static constexpr std::string_view kBody[] = {"'",  "\"", ";", "--",   "/*", "$",
                                                 "\\", "\n", "x", "$x$ ", "$y"};
    switch (below(8)) {
      case 0:
        return (chance(2) ? "E'" : "e'") + some_of(kEscaped, 6) + "'";
      case 1:
        return "\"n" + some_of(kName, 4) + "\"";
      case 2:
        return "$$" + body("$$") + "$$";
      case 3:
        return "$t_1$" + some_of(kBody, 8) + "$t_1$";
      case 4:
        return "U&'" + some_of(kText, 3) + "'";
      case 5:
        return chance(2) ? "B'01'" : "X'1F'";
      default:
        return "'" + some_of(kText, 5) + (standard_ ? backslash() : some_of(kEscaped, 3)) + "'";
    }
  }

  std::string backslash() { return chance(3) ? "\\" : ""; }

  std::string body(std::string_view tag) {
    static constexpr std::string_view kBody[] = {"'", ";", "--", "\\", "\n", "begin ", "$x$ "};
    std::string out = some_of(kBody, 8);
    return out.find(tag) == std::string::npos ? out : "";
  }

  std::string term() {
    static constexpr std::string_view kTerms[] = {
        "a",     "a$b$c",   "x$1",       "1.5e-3", "$1",  "begin_",  "t.c",   "1",
        ":name", ":'name'", ":\"name\"", "a::int", "5%2", "a-1",     "a*b/c", "case",
        "end",   "begin",   "$1$x$;$x$", "2$$;$$", "é$é", ":{?name}"};
    if (chance(3)) return literal();
    if (chance(8)) return "(" + term() + (chance(3) ? "; " : " + ") + term() + ")";
    return one_of(kTerms);
  }

  std::string statement() {
    static constexpr std::string_view kHeads[] = {"SELECT",
                                                  "INSERT INTO t VALUES",
                                                  "create table t",
                                                  "Update t SET a =",
                                                  "DO",
                                                  "CREATE RULE r AS ON UPDATE TO t DO ALSO",
                                                  "begin",
                                                  "create view v as select"};
    std::string out = one_of(kHeads);
    for (std::uint32_t count = 1 + below(5); count > 0; --count) {
      out += space() + term();
      if (chance(8)) out += "\n" + inner_command();
    }
    return out;
  }

  // Between the lines of a statement.
  std::string inner_command() {
    static constexpr std::string_view kCommands[] = {"\\echo 'a;' \"b;\" ;", "\\set a ';'",
                                                     "\\unknown \\g ;", "\\pset format aligned"};
    return one_of(kCommands) + "\n";
  }

  std::string end() {
    static constexpr std::string_view kEnds[] = {";\n",
                                                 ";",
                                                 ";;\n",
                                                 " \\g\n",
                                                 "\\gx\n",
                                                 " \\gset p_\n",
                                                 "\n\\gexec\n",
                                                 " \\gdesc\n",
                                                 "\\; SELECT 1;",
                                                 " \\;\nselect 2 ;\n",
                                                 " \\g (format=csv) \\\\ ",
                                                 " \\g | cat >/dev/null ; \\\\\n",
                                                 "\\r\n",
                                                 " \\crosstabview 1 2\n",
                                                 "; -- end ; '\n",
                                                 " \\g \\echo ;\n",
                                                 " \\g;\n;\n",
                                                 ";\n",
                                                 ";\n"};
    return one_of(kEnds);
  }

  std::string meta_command() {
    static constexpr std::string_view kCommands[] = {
        "\\echo it''s '; \\' ' \"a\\\" \\\\ ",
        "\\set v 'x;''y\\'z'\n",
        "\\t\n\\t\n",
        "\\unset v\n",
        "\\echo a \\echo b ;\n",
        "\\nothing 'a \\\\\n",
        "\\if true\n",
        "\\endif\n",
        "\\restrict k1\n\\echo a\nSELECT 1 \\g\n;\n\\unrestrict k1\n",
        "\\x off \\\\ "};
    const std::string command = one_of(kCommands);
    if (command == "\\if true\n") ++conditions_;
    if (command == "\\endif\n" && conditions_ > 0) --conditions_;
    return "\n" + command;
  }

  // psql reads nothing behind it.
  std::string leave() {
    static constexpr std::string_view kForms[] = {"\n\\q\n", " \\quit x ;\n", "\\q \\echo a\n"};
    return (chance(2) ? statement() : "") + one_of(kForms);
  }

  std::string copy() {
    static constexpr std::string_view kRows[] = {"1\ta;b\n", "it's\n", "\\\\.\n", "\\.x\n", "$$\n",
                                                 "-- x\n",   "/*\n",   "\n",      " \\.\n"};
    const std::string data = some_of(kRows, 4) + "\\.\n";
    switch (below(6)) {
      case 0:
        return "\n\\copy t (a, b) from stdin with (format csv) \\\\ ;\n" + data;
      case 1:
        return "COPY t FROM stdin; SELECT " + one_line() + ";\n" + data;
      case 2:
        return "SELECT 1 \\; copy t from stdin \\; COPY u FROM STDIN;\n" + data + data;
      case 3:
        return "COPY t FROM stdin \\g\n" + data;
      case 4:
        return "COPY (SELECT a FROM stdin) TO stdout;\n";
      default:
        return "COPY public.t (a, \"from\") FROM stdin" + std::string(chance(2) ? ";" : " ;  ") +
               (chance(3) ? " -- rows\n" : "\n") + data;
    }
  }

  std::string one_line() { return chance(2) ? "'a;'" : "1"; }

  std::string routine() {
    static constexpr std::string_view kHeads[] = {
        "CREATE FUNCTION f() RETURNS int", "create or replace procedure p(a int default (1))",
        "CREATE OR REPLACE FUNCTION \"begin\".f()", "CREATE /* ; */ PROCEDURE p()"};
    std::string out = one_of(kHeads) + space();
    if (chance(3)) return out + "LANGUAGE sql AS " + "$$ select ';' ; $$" + ";\n";
    out += "BEGIN ATOMIC" + space();
    for (std::uint32_t count = below(4); count > 0; --count) {
      out += chance(2) ? "SELECT CASE WHEN a THEN ';' ELSE (case b when 1 then 2 end) END;"
                       : "INSERT INTO t VALUES (" + literal() + ");";
      out += space();
    }
    return out + "END" + space() + ";\n";
  }

  std::string strings() {
    static constexpr std::string_view kOff[] = {
        "SET standard_conforming_strings = off;\n", "set standard_conforming_strings to 'off';\n",
        "SET SESSION standard_conforming_strings TO false;\n"};
    static constexpr std::string_view kOn[] = {"RESET standard_conforming_strings;\n",
                                               "SET standard_conforming_strings = on;\n"};
    standard_ = chance(2);
    return "\n" + (standard_ ? one_of(kOn) : one_of(kOff));
  }

  bool standard_ = true;
  int conditions_ = 0;  // \if that are open
};

}  // namespace

std::string generate_postgresql(std::uint32_t seed) { return PostgresqlWriter(seed).script(); }

}  // namespace engine::test
