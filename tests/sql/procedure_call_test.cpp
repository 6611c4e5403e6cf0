// Arguments of EXEC in T-SQL, by name and by place.
#include "engine/sql/procedure_call.h"

#include <gtest/gtest.h>

namespace engine::sql {
namespace {

std::string argument(std::string_view call, std::string_view parameter, std::size_t place) {
  TokenCursor cursor(call, 0, call.size(), Dialect::kTsql);
  EXPECT_TRUE(read_called_procedure(&cursor));
  return CallArguments(&cursor).text(parameter, place);
}

std::string_view behind(std::string_view call) {
  TokenCursor cursor(call, 0, call.size(), Dialect::kTsql);
  EXPECT_TRUE(read_called_procedure(&cursor));
  CallArguments arguments(&cursor);
  return cursor.raw();
}

TEST(ProcedureCall, ItsNameStandsBehindTheStatusThatItReturns) {
  constexpr std::string_view kCall = "EXECUTE @status = sys.sp_rename 'a', 'b'";
  TokenCursor cursor(kCall, 0, kCall.size(), Dialect::kTsql);
  const auto procedure = read_called_procedure(&cursor);
  ASSERT_TRUE(procedure);
  EXPECT_EQ(procedure->name, "sp_rename");
  EXPECT_EQ(cursor.raw(), "'a'");
}

TEST(ProcedureCall, AnArgumentIsFoundByItsNameOrByItsPlace) {
  EXPECT_EQ(argument("EXEC p 'a', N'b'", "@second", 1), "b");
  EXPECT_EQ(argument("EXEC p @Second = [b], @first = 'a'", "@second", 1), "b");
  EXPECT_EQ(argument("EXEC p @first = 'a'", "@second", 0), "") << "that place has another name";
  EXPECT_EQ(argument("EXEC p 'a'", "@first", CallArguments::kNoPlace), "");
  EXPECT_EQ(argument("EXEC p", "@first", 0), "");
}

TEST(ProcedureCall, NullSaysNothingAndAStringNullDoes) {
  EXPECT_EQ(argument("EXEC p NULL", "@first", 0), "");
  EXPECT_EQ(argument("EXEC p 'NULL'", "@first", 0), "NULL");
}

// A value is no expression: what goes on behind it does so at a symbol.
TEST(ProcedureCall, AValueOfSeveralTokensIsOneArgument) {
  EXPECT_EQ(argument("EXEC p -1, dbo.t, @x OUTPUT, @y OUT, 'e'", "@fifth", 4), "e");
}

TEST(ProcedureCall, ItEndsBeforeTheNextStatement) {
  EXPECT_EQ(behind("EXEC p 'a', 'b' SELECT x, y"), "SELECT");
  EXPECT_EQ(behind("EXEC p @x = 1; SET @x = 2, 3"), ";");
  EXPECT_EQ(behind("EXEC p @x OUTPUT EXEC q"), "EXEC");
}

TEST(ProcedureCall, ARenameIsReadInAnyOrderOfItsArguments) {
  constexpr std::string_view kCall = "@newname = N'b', @objtype = 'COLUMN', @objname = 'dbo.t.a'";
  TokenCursor cursor(kCall, 0, kCall.size(), Dialect::kTsql);
  const SystemRename rename = read_sp_rename(&cursor);
  EXPECT_EQ(rename.object, "dbo.t.a");
  EXPECT_EQ(rename.new_name, "b");
  EXPECT_EQ(kCall.substr(rename.position, 4), "N'b'");
  EXPECT_TRUE(rename.is_of_part());
}

}  // namespace
}  // namespace engine::sql
