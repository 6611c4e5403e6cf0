// Calls that make an object as CREATE does: Oracle's scheduler.
#include <gmock/gmock.h>

#include "tests/sql/shown_objects.h"

namespace engine::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(OracleScheduler, WhatIsMadeInABlock) {
  EXPECT_THAT(shown_objects("BEGIN\ndbms_scheduler.create_job('\"HR\".\"Nightly\"', job_type => "
                            "'PLSQL_BLOCK', job_action => 'begin null; end;');\n"
                            "  SYS.DBMS_SCHEDULER.CREATE_PROGRAM(program_type => 'EXECUTABLE', "
                            "program_name => 'hr.p', program_action => trim('a, b'));\nEND;\n/\n",
                            Dialect::kOracle),
              ElementsAre("create job HR.Nightly dynamic", "create program HR.P dynamic"));
}

TEST(OracleScheduler, WhatIsMadeWithExecute) {
  EXPECT_THAT(shown_objects("EXECUTE dbms_scheduler.create_schedule('s', repeat_interval => "
                            "'FREQ=DAILY')\nEXEC DBMS_SCHEDULER.DROP_JOB('J')\n",
                            Dialect::kOracle),
              ElementsAre("create schedule S", "drop job J"));
}

TEST(OracleScheduler, UnderACondition) {
  EXPECT_THAT(shown_objects("BEGIN\nIF user = 'HR' THEN\ndbms_scheduler.drop_chain('c');\n"
                            "END IF;\nEND;\n/\n",
                            Dialect::kOracle),
              ElementsAre("drop chain C conditional dynamic"));
}

TEST(OracleScheduler, ANamePutTogetherAtRunTimeIsNotKnown) {
  EXPECT_THAT(shown_objects("BEGIN\ndbms_scheduler.create_job('J_' || n, job_type => 'x');\n"
                            "dbms_scheduler.create_job(job_name => n);\n"
                            "dbms_scheduler.enable('J');\ndbms_scheduler.create_job\nEND;\n/\n",
                            Dialect::kOracle),
              IsEmpty());
}

}  // namespace
}  // namespace engine::sql
