#!/usr/bin/env python3
"""Migrations in a real MariaDB server, see migrations.py. The state is what mariadb-dump tells.
mariadb_migrations_test.py ENGINE [NAME]

Exit status 77: skipped, said why.
"""

import sys

from mariadb_server import MariadbServer, is_installed
from migrations import PLAIN, Migrations

SCRIPTS = {
    **PLAIN,
    "dumped_without_autocommit": """
        CREATE TABLE a (i int);
        SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT, @@AUTOCOMMIT=0;
        INSERT INTO a VALUES (1);
        COMMIT;
        SET AUTOCOMMIT=@OLD_AUTOCOMMIT;
        CREATE TABLE b (i int);
        SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT, @@AUTOCOMMIT=0;
        INSERT INTO b VALUES (1);
        COMMIT;
        SET AUTOCOMMIT=@OLD_AUTOCOMMIT;
        """,
    "dumped_with_ignore": """
        SET FOREIGN_KEY_CHECKS=0;
        CREATE TABLE `c` (id int PRIMARY KEY, pid int,
          CONSTRAINT fk FOREIGN KEY (pid) REFERENCES `p` (id));
        /*!40000 ALTER TABLE `c` DISABLE KEYS */;
        INSERT IGNORE INTO `c` VALUES (1,1);
        /*!40000 ALTER TABLE `c` ENABLE KEYS */;
        /*!50003 SET sql_mode = 'STRICT_TRANS_TABLES' */ ;
        CREATE TABLE `p` (id int PRIMARY KEY);
        """,
    "rows_replaced_with_others": """
        CREATE TABLE p (id int PRIMARY KEY, n text);
        CREATE TABLE c (id int PRIMARY KEY, pid int,
          FOREIGN KEY (pid) REFERENCES p (id) ON DELETE CASCADE);
        INSERT INTO p VALUES (1, 'x');
        INSERT INTO c VALUES (1, 1);
        REPLACE INTO p VALUES (1, 'y');
        REPLACE INTO p VALUES (2, 'z');
        INSERT INTO c VALUES (2, 1);
        """,
    "rename_and_again": """
        CREATE TABLE t (a int, b text, KEY t_a (a));
        INSERT INTO t VALUES (1, 'x');
        RENAME TABLE t TO t_old;
        CREATE TABLE t (a int, c text);
        INSERT INTO t SELECT a, b FROM t_old;
        DROP TABLE t_old;
        CREATE INDEX t_a ON t (a);
        """,
    "rows_behind_a_rename": """
        CREATE TABLE t3 (i int PRIMARY KEY, note text);
        INSERT INTO t3 VALUES (1, 'a');
        RENAME TABLE t3 TO t4;
        REPLACE INTO t4 VALUES (1, 'rep');
        INSERT INTO t4 VALUES (99, 'locked');
        """,
    "tables_change_places": """
        CREATE TABLE a (i int);
        CREATE TABLE b (j int);
        INSERT INTO a VALUES (1);
        INSERT INTO b VALUES (2);
        RENAME TABLE a TO c, b TO a, c TO b;
        INSERT INTO a VALUES (20);
        INSERT INTO b VALUES (10);
        """,
    "index_anew": """
        CREATE TABLE t (a int);
        CREATE INDEX x ON t (a);
        DROP INDEX x ON t;
        ALTER TABLE t ADD COLUMN b int;
        CREATE INDEX x ON t (a, b);
        """,
    "rows_behind_a_step": """
        CREATE TABLE p (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, note varchar(20));
        CREATE TABLE c (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, pid int);
        INSERT INTO p (note) VALUES ('c');
        SET @last = LAST_INSERT_ID();
        INSERT INTO c (pid) VALUES (@last);
        CREATE INDEX ic ON c (pid);
        """,
    "key_made_wider": """
        CREATE TABLE p (id int NOT NULL PRIMARY KEY, note varchar(20));
        CREATE TABLE c (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, pid int,
                        CONSTRAINT fk FOREIGN KEY (pid) REFERENCES p (id));
        ALTER TABLE c DROP FOREIGN KEY fk;
        ALTER TABLE p MODIFY id bigint NOT NULL AUTO_INCREMENT;
        ALTER TABLE c MODIFY pid bigint;
        ALTER TABLE c ADD CONSTRAINT fk2 FOREIGN KEY (pid) REFERENCES p (id);
        """,
    "grants": """
        CREATE TABLE orders (id int);
        CREATE VIEW v AS SELECT id FROM orders;
        CREATE OR REPLACE ROLE reader;
        CREATE OR REPLACE USER 'app'@'%' IDENTIFIED BY 'x';
        GRANT SELECT ON orders TO reader;
        GRANT SELECT ON v TO 'app'@'%';
        """,
    "procedure_run_once": """
        CREATE TABLE t (i int);
        INSERT INTO t VALUES (1);
        CREATE TABLE u AS SELECT i FROM t;
        DELIMITER //
        CREATE PROCEDURE add_col() BEGIN ALTER TABLE u ADD COLUMN z int; END //
        DELIMITER ;
        CALL add_col();
        DROP PROCEDURE add_col;
        INSERT INTO u (i, z) VALUES (7, 8);
        """,
    "trigger_begins_later": """
        CREATE TABLE t (a int);
        CREATE TABLE log (a int);
        INSERT INTO t VALUES (1);
        CREATE TRIGGER t_ai AFTER INSERT ON t FOR EACH ROW INSERT INTO log VALUES (new.a);
        INSERT INTO t VALUES (2);
        DROP TRIGGER t_ai;
        INSERT INTO t VALUES (3);
        """,
    "columns_come_between_rows": """
        CREATE TABLE t (a int);
        CREATE TABLE u (a int);
        INSERT INTO t VALUES (1);
        ALTER TABLE t ADD COLUMN b int DEFAULT 4;
        INSERT INTO u VALUES (1);
        INSERT INTO t VALUES (2, 3);
        UPDATE t SET b = b + 1;
        ALTER TABLE t DROP COLUMN a;
        INSERT INTO t VALUES (9);
        """,
    "column_renamed": """
        CREATE TABLE t (a int, KEY x (a));
        CREATE VIEW v AS SELECT a FROM t;
        INSERT INTO t VALUES (1);
        ALTER TABLE t CHANGE a c int;
        CREATE OR REPLACE VIEW v AS SELECT c FROM t;
        INSERT INTO t (c) VALUES (2);
        """,
    "table_as": """
        CREATE TABLE t (a int);
        INSERT INTO t VALUES (1);
        CREATE TABLE made AS SELECT a FROM t;
        INSERT INTO t VALUES (2);
        CREATE TABLE again AS SELECT a FROM t;
        TRUNCATE TABLE t;
        INSERT INTO t VALUES (3);
        """,
    "counter_set": """
        CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, n text);
        INSERT INTO t (n) VALUES ('a');
        ALTER TABLE t AUTO_INCREMENT = 100;
        INSERT INTO t (n) VALUES ('b');
        """,
    "checks_off": """
        SET FOREIGN_KEY_CHECKS = 0;
        CREATE TABLE c (i int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p (i));
        INSERT INTO c VALUES (1, 1);
        CREATE TABLE p (i int PRIMARY KEY);
        INSERT INTO p VALUES (1);
        SET FOREIGN_KEY_CHECKS = 1;
        """,
    "trigger_dropped_first": """
        CREATE TABLE y (i int);
        DROP TRIGGER IF EXISTS ty;
        CREATE TRIGGER ty BEFORE INSERT ON y FOR EACH ROW SET NEW.i = NEW.i + 1;
        """,
    "like_another": """
        CREATE TABLE a (n int, id int);
        CREATE INDEX i2 ON a (n, id);
        CREATE TABLE b LIKE a;
        """,
    "rows_that_call": """
        CREATE TABLE t (s varchar(10));
        CREATE FUNCTION nm() RETURNS varchar(10) DETERMINISTIC RETURN 'x';
        INSERT INTO t VALUES (nm());
        """,
    "quotes_mean_names": """
        SET sql_mode = 'ANSI_QUOTES';
        CREATE TABLE "quoted" ("a b" int);
        SET sql_mode = '';
        CREATE TABLE t (s varchar(10) DEFAULT "dq");
        INSERT INTO t VALUES ("dq");
        """,
    "rows_on_a_key": """
        CREATE TABLE t (id int, n text);
        CREATE UNIQUE INDEX u ON t (id);
        INSERT INTO t VALUES (1, 'a');
        INSERT IGNORE INTO t VALUES (1, 'a');
        INSERT INTO t VALUES (1, 'b') ON DUPLICATE KEY UPDATE n = 'c';
        REPLACE INTO t VALUES (1, 'd');
        """,
}


def main():
    engine, *names = sys.argv[1:]
    if not is_installed():
        print("skipped: the package mariadb-server is not installed")
        return 77
    with MariadbServer() as server:
        def load(text):
            server.query("CREATE OR REPLACE DATABASE loaded")
            errors = server.run("USE loaded;\n" + text)
            return server.dump(["loaded"]), errors

        unsure = {("trigger_begins_later", "compact", "separate")}
        return Migrations(engine, "mysql", load, unsure).run(SCRIPTS, names)


if __name__ == "__main__":
    sys.exit(main())
