gCREATE TABLE t (a int);
INSERT INTO t VALUES ('O'Brien'), ('a');
CREATE TABLE u (a int);
UPDATE t SET a = "b;c" WHERE `d` = 1;
