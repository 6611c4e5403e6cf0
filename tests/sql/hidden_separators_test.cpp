// Scripts made so that it is known where they part: what ends a batch or statement stands where it
// does so, and in every place where it is text. Two dialects whose clients do not run here.
//
// Source: docs/dialects.md, T-SQL and Oracle.
#include <gtest/gtest.h>

#include <iterator>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/encoder.h"
#include "engine/source/source_text.h"
#include "engine/sql/kernels/kernels.h"
#include "tests/sql/split_units.h"

namespace engine::sql {
namespace {

using test::units_of;

class Script {
 public:
  explicit Script(unsigned seed) : random_(seed) {}

  bool one_in(unsigned n) { return random_() % n == 0; }
  template <std::size_t N>
  std::string pick(const std::string_view (&choices)[N]) {
    return std::string(choices[random_() % N]);
  }

  void add(std::string_view text) { text_ += text; }
  void add_unit(const std::string& unit) {
    units_.push_back(unit);
    text_ += unit;
  }

  /// With all line ends of one kind.
  static std::string with_line_ends(std::string_view text, std::string_view line_end) {
    std::string changed;
    for (const char c : text) {
      if (c == '\n') {
        changed += line_end;
      } else {
        changed += c;
      }
    }
    return changed;
  }

  const std::string& text() const { return text_; }
  std::vector<std::string> units(std::string_view line_end) const {
    std::vector<std::string> changed;
    for (const std::string& unit : units_) changed.push_back(with_line_ends(unit, line_end));
    return changed;
  }

 private:
  std::mt19937 random_;
  std::string text_;
  std::vector<std::string> units_;
};

void expect_units(const Script& script, Dialect dialect) {
  for (const std::string_view line_end : {"\n", "\r\n", "\r"}) {
    const std::string text = Script::with_line_ends(script.text(), line_end);
    ASSERT_EQ(units_of(text, dialect), script.units(line_end)) << text;
  }
}

// T-SQL. In all of these GO is no separator.
constexpr std::string_view kBatchText[] = {
    "SELECT 1",
    "N'it''s\nGO\n'",
    "'\nGO\n'",
    "'\nGO 5\n'''",
    "''",
    "[a\nGO\n]]b]",
    "[]",
    "\"x\nGO\n\"\"y\"",
    "/* /*\nGO\n*/\nGO\n*/",
    "/* ' */",
    "/*/**/*/",
    "/* -- */",
    "-- '\n",
    "-- /*\n",
    "--\n",
    "-- [ GO\n",
    "\nGO;\n",
    "\nGO; SELECT 2\n",
    "\nGOTO done\n",
    "\nGO5\n",
    "\nGO_ON\n",
    "\nGO SELECT 2\n",
    "\nGO /* c */\n",
    "\nGO 5 5\n",
    "\nGO 5x\n",
    "\nGO,\n",
    "\nGO'x'\n",
    "\nGO[x]\n",
    "\nGO.x\n",
    "\n.GO\n",
    "\n;GO\n",
    "\n\\GO\n",
    "\n@GO\n",
    "\n#GO\n",
    "\n:GO\n",
    "\nG\xc3\x96\n",
    "\nxGO\n",
    "SELECT 1 GO",
    "SELECT 1 GO\n",
    "\xc2\x85GO\n",      // a next-line character ends no line
    "\xef\xbb\xbfGO\n",  // nor does a byte order mark in the middle of a text
    "\n:r other.sql\n",
    "\n!! dir\n",
    "done:\n",
    "$(name)",
    "\n\n",
    "1/*x*/-1--y\n",
    "\f\v",
};
constexpr std::string_view kBatchBegin[] = {
    "SELECT 1",   "CREATE PROC p AS", "'x'",    "[p]", "\"p\"", "N'\nGO\n'",
    "(SELECT 2)", "done: ",           "GOTO x", "GO;", ";"};
constexpr std::string_view kBeforeBatch[] = {
    "\n", "  \n", "-- GO\n", "/*\nGO\n*/\n", "/* /* */\nGO\n*/\n", "-- it's\n", "/* [ */\n"};
constexpr std::string_view kSqlcmdLines[] = {":setvar a \"GO\"\n", ":r a.sql\n", "!! dir 'x\n",
                                             ":connect s\n", "  :on error exit\n"};
constexpr std::string_view kGoLines[] = {
    "GO",    "go",     "Go",      "gO",      " GO",
    "\tGO",  "GO \t",  "GO 5",    "GO 3--x", "GO -- it's",
    "go--x", "GO\t10", "GO $(n)", "GO --/*", "GO    100   -- [",
};

Script tsql_script(unsigned seed) {
  Script script(seed);
  do {
    while (script.one_in(3)) script.add(script.pick(kSqlcmdLines));
    while (script.one_in(2)) script.add(script.pick(kBeforeBatch));
    if (!script.one_in(5)) {  // else there is no batch
      std::string batch = script.pick(kBatchBegin);
      while (!script.one_in(4)) batch += " " + script.pick(kBatchText);
      batch.erase(batch.find_last_not_of(" \n\f\v") + 1);
      script.add_unit(batch);
      script.add("\n");
    }
    script.add(script.pick(kGoLines));
    script.add("\n");
  } while (!script.one_in(5));
  return script;
}

class OnEachKernel : public testing::TestWithParam<const Kernels*> {
 protected:
  void SetUp() override { use_kernels(*GetParam()); }
  void TearDown() override { use_kernels(best_); }

 private:
  const Kernels& best_ = kernels();
};

using HiddenGo = OnEachKernel;

TEST_P(HiddenGo, EndsABatchWhereItIsALineOnly) {
  for (unsigned seed = 0; seed < 1000; ++seed) expect_units(tsql_script(seed), Dialect::kTsql);
}

TEST_P(HiddenGo, InUtf16AsInUtf8) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    const Script script = tsql_script(seed);
    std::string bytes = "\xff\xfe";
    ASSERT_TRUE(Encoder(Encoding::kUtf16Le).add(script.text(), bytes));
    std::string room;
    const auto decoded = source::decode(bytes, Encoding::kAuto, [&](std::size_t size) {
      room.resize(size);
      return Result<std::span<char>>(room);
    });
    ASSERT_TRUE(decoded.has_value());
    ASSERT_EQ(units_of(decoded->text, Dialect::kTsql), script.units("\n"));
  }
}

// Oracle. What ends a statement is the last thing of its line, and a line "/" ends a block.
constexpr std::string_view kStatements[] = {
    "SELECT ';' FROM dual;",
    "SELECT 'it''s;' || ';' FROM dual;",
    "SELECT q'[it's; ]' FROM dual;",
    "SELECT nq'{a'; }' || q'!';!' FROM dual;",
    "SELECT q'<;'>' FROM dual; -- it's",
    "SELECT 4\n/ 2 FROM dual;",
    "SELECT 4 /\n2 FROM dual;",
    "SELECT \";\" FROM dual;",
    "SELECT ';\n' FROM dual;",
    "SELECT /* ;\n */ 1 FROM dual;",
    "SELECT 1 -- ;\nFROM dual;",
    "INSERT INTO t VALUES (1, 'x'); ",
    "INSERT INTO t VALUES (q'(;)');",
    "CREATE TABLE t (\n  i NUMBER\n\n);",
    "EXEC p(';')",
    "GRANT SELECT ON t TO u;",
};
constexpr std::string_view kBlocks[] = {
    "BEGIN NULL; END;",
    "BEGIN\n  x := 4\n / 2;\nEND;",
    "DECLARE x NUMBER; BEGIN x := 1; END;",
    "CREATE OR REPLACE PROCEDURE p AS BEGIN\n  s := 'it''s /';\n  -- /\n  t := q'[;']';\nEND;",
    "CREATE FUNCTION f RETURN NUMBER IS\n/* ; ' */\nBEGIN RETURN 1; END;",
    "CREATE PACKAGE p AS\n  PROCEDURE q;\nEND;",
    "CREATE TRIGGER t BEFORE INSERT ON u BEGIN\n  NULL;\nEND;",
    "CREATE TYPE t AS OBJECT (i NUMBER);",
    "<<label>>\nBEGIN NULL; END;",
    "WITH FUNCTION f RETURN NUMBER IS BEGIN RETURN 1; END;\nSELECT f FROM dual;",
    "CREATE PROCEDURE p wrapped\na000000\n'b2\nabcd;",
    "CREATE OR REPLACE AND COMPILE JAVA SOURCE NAMED x AS\nclass X { char c = '\"'; }",
};
constexpr std::string_view kClientLines[] = {
    "PROMPT it's;\n",
    "REM it's -\n",
    "REMARK /*\n",
    "@other.sql\n",
    "@@other\n",
    "SET DEFINE OFF\n",
    "SET SQLBLANKLINES ON\n",
    "PROMPT a -\nb's\n",
    "SPOOL it.log\n",
    "/\n",
    "WHENEVER SQLERROR EXIT\n",
    "-- it's ;\n",
    "/* it's\n;\n*/\n",
    "\n",
    "DEFINE x = 'a'\n",
};

std::string without_line_comment(std::string statement) {
  const std::size_t comment = statement.rfind("; --");
  const bool last =
      comment != std::string::npos && statement.find('\n', comment) == std::string::npos;
  if (last) statement.erase(comment + 1);
  statement.erase(statement.find_last_not_of(' ') + 1);
  return statement;
}

Script oracle_script(unsigned seed) {
  Script script(seed);
  do {
    while (script.one_in(2)) script.add(script.pick(kClientLines));
    if (script.one_in(6)) {
      script.add("SET SQLTERMINATOR #\n");
      script.add_unit("SELECT 1;\nFROM dual#");
      script.add("\nSET SQLTERMINATOR ON\n");
    } else if (script.one_in(8)) {
      script.add("SET BLOCKTERMINATOR !\n");
      script.add_unit("BEGIN\n.\nNULL; END;");
      script.add("\n!\nSET BLOCKTERMINATOR ON\n");
    } else if (script.one_in(2)) {
      const std::string statement = script.pick(kStatements);
      const std::string unit = without_line_comment(statement);
      script.add_unit(unit);
      script.add(statement.substr(unit.size()) + "\n");
    } else {
      script.add_unit(script.pick(kBlocks));
      script.add(script.one_in(4) ? "\n.\n" : script.one_in(3) ? "\n  /  \n" : "\n/\n");
    }
  } while (!script.one_in(8));
  return script;
}

using HiddenSlash = OnEachKernel;

TEST_P(HiddenSlash, EndsAStatementWhereItIsALineOnly) {
  for (unsigned seed = 0; seed < 1000; ++seed) expect_units(oracle_script(seed), Dialect::kOracle);
}

const auto kNames = [](const auto& kernels) { return std::string(kernels.param->name); };
INSTANTIATE_TEST_SUITE_P(Each, HiddenGo, testing::ValuesIn(supported_kernels()), kNames);
INSTANTIATE_TEST_SUITE_P(Each, HiddenSlash, testing::ValuesIn(supported_kernels()), kNames);

}  // namespace
}  // namespace engine::sql
