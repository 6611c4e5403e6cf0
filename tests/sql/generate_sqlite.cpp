#include "tests/sql/script_generator.h"

namespace engine::test {
namespace {

// Statements that sqlite3 can run: each SELECT gives one row, its number; triggers are named by
// theirs.
class SqliteWriter final : public ScriptWriter {
 public:
  using ScriptWriter::ScriptWriter;

  std::string script() {
    std::string out = "CREATE TABLE t (a, b);\n";
    for (std::uint32_t count = 3 + below(12); count > 0; --count) {
      if (chance(3)) out += comment();
      switch (below(6)) {
        case 0:
          out += line();
          break;
        case 1:
          out += trigger() + end();
          break;
        default:
          out += select() + end();
      }
    }
    return finished(out);
  }

 private:
  std::string space() {
    static constexpr std::string_view kSpace[] = {" ", "\n", "\t", " \n ", " "};
    return chance(5) ? " " + comment() : one_of(kSpace);
  }

  std::string comment() {
    static constexpr std::string_view kText[] = {"'", "\"", ";", "`", "it's ", ".x", "[", "go"};
    if (chance(2)) return "--" + some_of(kText, 4) + "\n";
    return "/*" + some_of(kText, 3) + (chance(3) ? "\n.y\n/\ngo\n" : "") + "/* */";
  }

  std::string value() {
    static constexpr std::string_view kText[] = {
        "a", ";", "\"", "--", "/*", "''", "\n", "[", "\\", "\ngo\n", "\n/\n", "\n.z\n", "END;"};
    static constexpr std::string_view kValues[] = {
        "1", "1.5e3", "x'00'", "1-1", "(2)", "CASE 1 WHEN 1 THEN 2 END", "3/2"};
    return chance(2) ? "'" + some_of(kText, 5) + "'" : one_of(kValues);
  }

  std::string name() {
    static constexpr std::string_view kNames[] = {"[a;'b]", "`c;``d`", "\"e;\"\"f\"", "g$h",
                                                  "é",      "[end]",   "\"--\"",      "'x;'"};
    return one_of(kNames);
  }

  std::string select() {
    return "SELECT" + space() + std::to_string(next_++) + space() + "AS" + space() + name() +
           space() + "WHERE " + value() + space() + "IS NOT NULL OR 1";
  }

  std::string trigger() {
    static constexpr std::string_view kTemporary[] = {"", " TEMP", " temporary"};
    std::string out = "create" + one_of(kTemporary) + " trigger" + space() + "n" +
                      std::to_string(next_++) + " AFTER DELETE ON t BEGIN" + space();
    for (std::uint32_t count = 1 + below(3); count > 0; --count) {
      out += chance(2) ? "SELECT CASE 1 WHEN " + value() + " THEN 2 END;"
                       : "INSERT INTO t VALUES (" + value() + ", 1);";
      out += space();
    }
    return out + "END" + space();
  }

  std::string end() {
    static constexpr std::string_view kEnds[] = {";\n",         ";",
                                                 "; ;\n",       "; -- it's\n",
                                                 "; /* ; */\n", "\n;\n",
                                                 "\ngo\n",      "\n  GO -- it's\n",
                                                 "\n/\n",       "\n / /* ' */\n"};
    return one_of(kEnds);
  }

  // Lines that the shell takes for itself where nothing waits for its end.
  std::string line() {
    static constexpr std::string_view kLines[] = {
        ".nullvalue it's;", "# it's ;", ".width 1;", "go", "/", ".headers off"};
    return ";\n" + one_of(kLines) + "\n";
  }

  unsigned next_ = 1000;
};

}  // namespace

std::string generate_sqlite(std::uint32_t seed) { return SqliteWriter(seed).script(); }

}  // namespace engine::test
