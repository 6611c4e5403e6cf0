// Words that stand where a name would, and statements that name nothing: what a database's own
// catalogue would not list must not be an object here.
#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/sql/shown_objects.h"

namespace engine::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TsqlNameless, TheDatabaseInUse) {
  EXPECT_THAT(shown_objects("ALTER DATABASE CURRENT SET RECOVERY SIMPLE\nGO\n"
                            "ALTER DATABASE SCOPED CONFIGURATION SET MAXDOP = 4\nGO\n"
                            "ALTER DATABASE SCOPED CONFIGURATION CLEAR PROCEDURE_CACHE\nGO\n",
                            Dialect::kTsql),
              IsEmpty());
  EXPECT_THAT(shown_objects("ALTER DATABASE [current] SET RECOVERY SIMPLE\n", Dialect::kTsql),
              ElementsAre("alter database current"));
}

TEST(TsqlNameless, KeysThatADatabaseHasOneOf) {
  EXPECT_THAT(
      shown_objects("CREATE MASTER KEY ENCRYPTION BY PASSWORD = 'x'\nGO\n"
                    "ALTER MASTER KEY REGENERATE WITH ENCRYPTION BY PASSWORD = 'y'\nGO\n"
                    "ALTER SERVICE MASTER KEY REGENERATE\nGO\nDROP MASTER KEY\nGO\n",
                    Dialect::kTsql),
      ElementsAre("create master_key master_key", "alter master_key master_key",
                  "alter service_master_key service_master_key", "drop master_key master_key"));
}

TEST(TsqlNameless, ARowsetFunctionIsNoTable) {
  EXPECT_THAT(shown_objects("INSERT INTO OPENROWSET('x', 'y', 'SELECT 1') SELECT 1\nGO\n"
                            "INSERT OPENQUERY(s, 'SELECT a FROM t') VALUES (1)\nGO\n",
                            Dialect::kTsql),
              IsEmpty());
}

TEST(TsqlObjects, ATriggerOfTheServerLiesInNoDatabase) {
  EXPECT_THAT(
      shown_objects("USE d\nGO\nCREATE TRIGGER g ON ALL SERVER FOR LOGON AS PRINT 1\nGO\n"
                    "DISABLE TRIGGER g ON ALL SERVER\nGO\n"
                    "CREATE TRIGGER h ON DATABASE FOR DROP_TABLE AS PRINT 1\nGO\n",
                    Dialect::kTsql),
      ElementsAre("create server_trigger g", "alter server_trigger g", "create ddl_trigger d:h"));
}

TEST(TsqlObjects, ALinkedServerLiesInNoDatabase) {
  EXPECT_THAT(
      shown_objects("USE d\nGO\nEXEC sp_addlinkedserver @server = N'far'\nGO\n", Dialect::kTsql),
      ElementsAre("create linked_server far"));
}

TEST(TsqlObjects, StatisticsMayBeDroppedWithTheirTableBefore) {
  EXPECT_THAT(shown_objects("DROP STATISTICS dbo.t.s\n", Dialect::kTsql),
              ElementsAre("drop statistics dbo.s < t"));
}

TEST(TsqlObjects, SelectIntoMakesATable) {
  EXPECT_THAT(shown_objects("SELECT a, (SELECT max(b) FROM u) AS b INTO dbo.t2 FROM dbo.t\nGO\n"
                            "WITH c AS (SELECT 1 AS a) SELECT a INTO t3 FROM c\nGO\n"
                            "SELECT a INTO #x FROM t\nGO\nSELECT a FROM t\nGO\n",
                            Dialect::kTsql),
              ElementsAre("create table dbo.t2", "create table t3"));
}

TEST(MysqlNameless, TheDatabaseInUse) {
  EXPECT_THAT(shown_objects("ALTER DATABASE CHARACTER SET utf8mb4;\n"
                            "ALTER SCHEMA DEFAULT COLLATE utf8mb4_bin;\n"
                            "ALTER DATABASE CHARSET = utf8mb4;\nALTER DATABASE READ ONLY = 1;\n",
                            Dialect::kMysql),
              IsEmpty());
  EXPECT_THAT(shown_objects("ALTER DATABASE charset CHARACTER SET utf8;\n", Dialect::kMysql),
              ElementsAre("alter database charset"));
}

TEST(MysqlNameless, TheAccountInUse) {
  EXPECT_THAT(shown_objects("ALTER USER USER() IDENTIFIED BY 'x';\n"
                            "ALTER USER CURRENT_USER() IDENTIFIED BY 'x';\n",
                            Dialect::kMysql),
              IsEmpty());
}

TEST(MysqlObjects, ProxyIsGrantedOnAnAccount) {
  EXPECT_THAT(shown_objects("GRANT PROXY ON 'a'@'h' TO 'b'@'h';\n", Dialect::kMysql),
              ElementsAre("grant grant a@h"));
}

TEST(PostgresqlNameless, AllRolesAndTheOneInUse) {
  EXPECT_THAT(shown_objects("ALTER ROLE ALL SET work_mem = '1MB';\n"
                            "ALTER USER CURRENT_USER RESET ALL;\n",
                            Dialect::kPostgresql),
              IsEmpty());
  EXPECT_THAT(shown_objects("ALTER ROLE \"all\" RESET ALL;\n", Dialect::kPostgresql),
              ElementsAre("alter role all"));
}

TEST(PostgresqlNameless, DefaultPrivilegesHangOnASchemaOrOnWhoseObjectsTheyAre) {
  EXPECT_THAT(
      shown_objects("ALTER DEFAULT PRIVILEGES FOR ROLE o, p GRANT SELECT ON TABLES TO r;\n"
                    "ALTER DEFAULT PRIVILEGES FOR ROLE o IN SCHEMA s GRANT SELECT ON TABLES TO r;\n"
                    "ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;\n",
                    Dialect::kPostgresql),
      ElementsAre("grant grant o", "grant grant p", "grant grant s"));
}

TEST(PostgresqlNameless, StatisticsNeedNoName) {
  EXPECT_THAT(shown_objects("CREATE STATISTICS ON a, b FROM s.t;\n", Dialect::kPostgresql),
              ElementsAre("create statistics s.? < t"));
}

TEST(PostgresqlObjects, SelectIntoMakesATable) {
  EXPECT_THAT(shown_objects("SELECT * INTO UNLOGGED TABLE s.t2 FROM t;\n"
                            "SELECT * INTO TEMP x FROM t;\nSELECT nextval('s.q');\n",
                            Dialect::kPostgresql),
              ElementsAre("create table s.t2"));
}

TEST(GreenplumObjects, ProtocolsAndResourceQueues) {
  EXPECT_THAT(shown_objects("CREATE TRUSTED PROTOCOL p (readfunc = f);\n"
                            "CREATE RESOURCE QUEUE q WITH (ACTIVE_STATEMENTS=3);\n",
                            Dialect::kPostgresql),
              ElementsAre("create protocol p", "create resource_queue q"));
}

TEST(OracleNameless, TheDatabaseThatIsOpen) {
  EXPECT_THAT(shown_objects("ALTER DATABASE OPEN;\nALTER DATABASE DATAFILE 'x' AUTOEXTEND ON;\n"
                            "CREATE SPFILE FROM PFILE='x';\n",
                            Dialect::kOracle),
              IsEmpty());
  EXPECT_THAT(shown_objects("ALTER DATABASE shop OPEN;\n", Dialect::kOracle),
              ElementsAre("alter database SHOP"));
}

TEST(OracleObjects, AnInsertMayFillSeveralTables) {
  EXPECT_THAT(shown_objects("INSERT FIRST WHEN a > 1 THEN INTO s.t VALUES (a) INTO u VALUES (a)\n"
                            "ELSE INTO s.t VALUES (0) SELECT a FROM x;\n",
                            Dialect::kOracle),
              ElementsAre("data table S.T", "data table U"));
}

TEST(SnowflakeNameless, AGrantOnTheAccountHangsOnWhoGetsIt) {
  EXPECT_THAT(shown_objects("GRANT CREATE DATABASE ON ACCOUNT TO ROLE r;\n", Dialect::kSnowflake),
              ElementsAre("grant grant R"));
}

TEST(SnowflakeObjects, AnIdentifierHoldsAName) {
  EXPECT_THAT(shown_objects("CREATE TABLE IDENTIFIER('d.\"s\".t') (a int);\n"
                            "CREATE TABLE IDENTIFIER($name) (a int);\n"
                            "INSERT INTO IDENTIFIER('t') (a) VALUES (1);\n",
                            Dialect::kSnowflake),
              ElementsAre("create table D:s.T", "data table T"));
}

TEST(SnowflakeObjects, ASchemaHasItsDatabaseBefore) {
  EXPECT_THAT(shown_objects("CREATE SCHEMA d.s;\nGRANT USAGE ON SCHEMA d.s TO ROLE r;\n"
                            "CREATE DATABASE ROLE d.q;\n",
                            Dialect::kSnowflake),
              ElementsAre("create schema D:S", "grant grant D:S", "create role D:Q"));
}

TEST(BigqueryObjects, ASchemaHasItsProjectBefore) {
  EXPECT_THAT(shown_objects("CREATE SCHEMA `my-project.sales`;\n", Dialect::kBigquery),
              ElementsAre("create schema my-project:sales"));
}

TEST(Db2Nameless, AllOfTheDatabase) {
  EXPECT_THAT(shown_objects("GRANT CONNECT ON DATABASE TO USER u;\n", Dialect::kDb2),
              ElementsAre("grant grant U"));
}

TEST(Db2Objects, SpecificNamesAndUserTemporaryTablespaces) {
  EXPECT_THAT(shown_objects("CREATE USER TEMPORARY TABLESPACE x MANAGED BY AUTOMATIC STORAGE;\n"
                            "COMMENT ON SPECIFIC FUNCTION s.f1 IS 'x';\n"
                            "DROP SPECIFIC PROCEDURE s.p1;\n"
                            "COMMENT ON s.t (a IS 'x', b IS 'y');\n"
                            "GRANT EXECUTE ON SPECIFIC PROCEDURE s.p1 TO USER u;\n",
                            Dialect::kDb2),
              ElementsAre("create tablespace X", "comment function S.F1", "drop procedure S.P1",
                          "comment table S.T", "grant grant S.P1"));
}

TEST(Db2Objects, BlanksAtTheEndOfANameAreNoPartOfIt) {
  EXPECT_THAT(shown_objects("CREATE TABLE \"SALES   \".\"T\" (A INT);\n", Dialect::kDb2),
              ElementsAre("create table SALES.T"));
}

TEST(Db2Objects, TheSchemaOfWhoRunsItIsNoName) {
  EXPECT_THAT(shown_objects("SET SCHEMA s;\nSET CURRENT SCHEMA = USER;\nCREATE TABLE t (a int);\n",
                            Dialect::kDb2),
              ElementsAre("create table T"));
}

TEST(FirebirdNameless, TheDatabaseAndParameters) {
  EXPECT_THAT(
      shown_objects("COMMENT ON DATABASE IS 'x';\nALTER DATABASE ADD FILE 'y';\n"
                    "COMMENT ON PARAMETER p.a IS 'x';\n"
                    "COMMENT ON FUNCTION PARAMETER f.a IS 'x';\n"
                    "COMMENT ON PROCEDURE parameter IS 'x';\n",
                    Dialect::kFirebird),
      ElementsAre("comment procedure P", "comment function F", "comment procedure PARAMETER"));
}

}  // namespace
}  // namespace engine::sql
