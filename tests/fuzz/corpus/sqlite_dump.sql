sPRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE "t a" (a INTEGER PRIMARY KEY, b TEXT);
INSERT INTO "t a" VALUES(1,'x;y'),(2,replace('a\nb','\n',char(10)));
CREATE TRIGGER r AFTER INSERT ON "t a" BEGIN UPDATE t SET a = 1; END;
.mode csv
# a comment
SELECT [a b], `c` FROM t
go
COMMIT;
