oSET DEFINE OFF
PROMPT it's here
CREATE TABLE boat (id NUMBER, name VARCHAR2(20) DEFAULT q'[it's]');
COMMENT ON COLUMN boat.id IS 'the key';
CREATE OR REPLACE PACKAGE BODY fleet AS
  PROCEDURE sail IS BEGIN NULL; END;
END;
/
INSERT INTO boat VALUES (1, nq'{a'b}') ; -- one
BEGIN dbms_output.put_line('x'); END;
/
SELECT 1 / 2
/
SET SQLTERMINATOR !
SELECT 2 !
EXEC fleet.sail
