// Which routines of a script do more than work on their arguments.
#include "engine/dependency/volatile_code.h"

#include <gtest/gtest.h>

#include <deque>

namespace engine::dependency {
namespace {

Reference call_of(std::string name, bool in_expression = true) {
  Reference call;
  call.kind = ReferenceKind::kCalls;
  call.name = std::move(name);
  call.in_expression = in_expression;
  return call;
}

Reference reads(std::string name) {
  Reference read;
  read.kind = ReferenceKind::kReads;
  read.name = std::move(name);
  return read;
}

class VolatileCodeTest : public ::testing::Test {
 protected:
  /// The script makes routine `name`.
  std::size_t make(const std::string& name, std::string_view text,
                   const std::vector<Reference>& references = {}) {
    const std::size_t routine = book_.entry(NameKind::kRoutine, {}, name);
    code_.note(routine, name, texts_.emplace_back(text), references);
    return routine;
  }
  bool is_volatile(std::string_view text, Dialect dialect = Dialect::kPostgresql) {
    NameBook book(false, "public");
    return VolatileCode(dialect, &book).is_volatile(text, {});
  }

  NameBook book_{false, "public"};
  VolatileCode code_{Dialect::kPostgresql, &book_};
  std::deque<std::string> texts_;
};

TEST_F(VolatileCodeTest, WhatReadsOrWritesTablesIs) {
  EXPECT_TRUE(code_.is_volatile(make("f", "SELECT x FROM t", {reads("t")})));
  EXPECT_FALSE(code_.is_volatile(make("g", "SELECT $1 + 1")));
}

TEST_F(VolatileCodeTest, WhatCountsOrRunsATextThatIsPutTogetherIs) {
  EXPECT_TRUE(code_.is_volatile(make("f", "SELECT nextval('s')")));
  EXPECT_TRUE(code_.is_volatile(make("g", "EXECUTE 'DELETE FROM ' || $1")));
  EXPECT_TRUE(code_.is_volatile(make("h", "SELECT set_config('a.b', $1, false)")));
  EXPECT_FALSE(code_.is_volatile(make("i", "SELECT nextval FROM (VALUES (1)) v (nextval)")))
      << "a column is called so";
}

TEST_F(VolatileCodeTest, ACommentSaysNothingAndAStringIsABody) {
  EXPECT_FALSE(is_volatile("SELECT 1 -- execute it\n/* nextval('s') */"));
  EXPECT_TRUE(is_volatile("AS 'BEGIN EXECUTE x; END'"));
  EXPECT_TRUE(is_volatile("AS '-- of a string\nEXECUTE x'"));
}

TEST_F(VolatileCodeTest, AVariableOfTheSessionCountsInMysqlAlone) {
  EXPECT_TRUE(is_volatile("SET @last = NEW.id", Dialect::kMysql));
  EXPECT_FALSE(is_volatile("SET @last = NEW.id", Dialect::kTsql));
  EXPECT_FALSE(is_volatile("CREATE DEFINER = root@localhost TRIGGER g", Dialect::kMysql));
  EXPECT_FALSE(is_volatile("SET @@sql_mode = ''", Dialect::kMysql));
}

TEST_F(VolatileCodeTest, WhatCallsSuchARoutineIsHoweverFarItIs) {
  make("f0", "SELECT x FROM t", {reads("t")});
  for (int i = 1; i <= 40; ++i) {
    make("f" + std::to_string(i), "SELECT f()", {call_of("f" + std::to_string(i - 1))});
  }
  EXPECT_TRUE(code_.calls_volatile({call_of("f40")}));
  EXPECT_FALSE(code_.calls_volatile({reads("t")})) << "to read a table is no call";
}

TEST_F(VolatileCodeTest, ARingOfHarmlessOnesIsHarmless) {
  make("f", "SELECT g()", {call_of("g")});
  make("g", "SELECT f()", {call_of("f")});
  EXPECT_FALSE(code_.calls_volatile({call_of("f")}));
}

// Fan-out to the power of depth, if each way were gone.
TEST_F(VolatileCodeTest, LayersThatAllCallEachOtherAreLookedThroughOnce) {
  std::vector<Reference> layer;
  for (int depth = 0; depth < 12; ++depth) {
    std::vector<Reference> above;
    for (int i = 0; i < 10; ++i) {
      const std::string name = "f" + std::to_string(depth) + "_" + std::to_string(i);
      make(name, "SELECT 1", layer);
      above.push_back(call_of(name));
    }
    layer = above;
  }
  EXPECT_FALSE(code_.calls_volatile(layer));
}

TEST_F(VolatileCodeTest, WhatNobodyKnowsIsTheServersInAnExpressionOnly) {
  EXPECT_FALSE(code_.calls_volatile({call_of("upper")}));
  EXPECT_TRUE(code_.calls_volatile({call_of("p", false)}));
  Reference of_schema = call_of("f");
  of_schema.schema = "app";
  EXPECT_TRUE(code_.calls_volatile({of_schema}));
  of_schema.schema = "pg_catalog";
  EXPECT_FALSE(code_.calls_volatile({of_schema}));
}

// What was asked before a routine was made anew is asked again.
TEST_F(VolatileCodeTest, AnAnswerHoldsUntilARoutineChanges) {
  make("f", "SELECT 1");
  make("g", "SELECT f()", {call_of("f")});
  EXPECT_FALSE(code_.calls_volatile({call_of("g")}));
  make("f", "SELECT x FROM t", {reads("t")});
  EXPECT_TRUE(code_.calls_volatile({call_of("g")}));
}

TEST_F(VolatileCodeTest, ACallOfWhatComesLaterIsAskedAgain) {
  EXPECT_FALSE(code_.calls_volatile({call_of("later")}));
  const std::size_t later = book_.entry(NameKind::kRoutine, {}, "later");
  EXPECT_TRUE(code_.note(later, "later", "EXECUTE x", {})) << "answers may be others now";
  EXPECT_TRUE(code_.calls_volatile({call_of("later")}));
  EXPECT_FALSE(code_.note(book_.entry(NameKind::kRoutine, {}, "new"), "new", "SELECT 1", {}));
}

TEST_F(VolatileCodeTest, AStepThatMayMakeATriggerMakesAnything) {
  EXPECT_TRUE(code_.makes_anything("EXECUTE 'CREATE TRIGGER g ...'", {}));
  EXPECT_FALSE(code_.makes_anything("EXECUTE 'DROP TABLE t'", {}));
  make("f", "EXECUTE 'CREATE TRIGGER g ON ' || $1");
  EXPECT_TRUE(code_.makes_anything("SELECT f('t')", {call_of("f")}));
}

}  // namespace
}  // namespace engine::dependency
