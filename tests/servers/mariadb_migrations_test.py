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
    "defaults_between_rows": """
        CREATE TABLE t (a int, b int DEFAULT 1);
        INSERT INTO t (a) VALUES (1);
        ALTER TABLE t ALTER b SET DEFAULT 2;
        INSERT INTO t (a) VALUES (2);
        ALTER TABLE t MODIFY b int DEFAULT 3;
        INSERT INTO t (a) VALUES (3);
        """,
    "sequence_between_rows": """
        CREATE SEQUENCE s START WITH 5;
        CREATE TABLE t (i int, n int);
        INSERT INTO t VALUES (nextval(s), 1);
        ALTER SEQUENCE s RESTART 500;
        INSERT INTO t VALUES (NEXT VALUE FOR s, 1);
        """,
    "default_of_a_sequence": """
        CREATE SEQUENCE s START WITH 5;
        CREATE TABLE t (i int DEFAULT nextval(s), n int);
        INSERT INTO t (n) VALUES (1);
        INSERT INTO t (n) VALUES (2);
        ALTER SEQUENCE s RESTART 500;
        INSERT INTO t (n) VALUES (3);
        """,
    "sequence_again": """
        CREATE SEQUENCE s START WITH 5;
        CREATE TABLE t (i int DEFAULT nextval(s), n int);
        INSERT INTO t (n) VALUES (1);
        DROP TABLE t;
        DROP SEQUENCE s;
        CREATE SEQUENCE s START WITH 50;
        CREATE TABLE t (i int DEFAULT nextval(s), n int);
        INSERT INTO t (n) VALUES (2);
        """,
    "rows_from_another_database": """
        CREATE OR REPLACE DATABASE loaded2;
        CREATE OR REPLACE DATABASE loaded1;
        USE loaded1;
        CREATE TABLE t (id int PRIMARY KEY, n text);
        CREATE TABLE u (id int);
        USE loaded2;
        CREATE TABLE t (id int PRIMARY KEY, m text);
        INSERT INTO t VALUES (8,'q');
        INSERT INTO loaded1.u SELECT id FROM t WHERE id > 6;
        USE loaded;
        CREATE TABLE shown AS SELECT * FROM loaded1.u;
        """,
    "rows_in_two_databases": """
        CREATE OR REPLACE DATABASE loaded2;
        CREATE OR REPLACE DATABASE loaded1;
        USE loaded1;
        CREATE TABLE t (id int);
        CREATE TABLE u (id int);
        INSERT INTO u VALUES (1);
        USE loaded2;
        CREATE TABLE t (z varchar(9));
        CREATE TABLE u (id int);
        INSERT INTO t VALUES ('7');
        INSERT INTO loaded1.u SELECT z FROM t;
        CREATE TABLE loaded1.cp AS SELECT z FROM t;
        ALTER TABLE loaded1.cp ADD COLUMN n int DEFAULT 4;
        USE loaded;
        CREATE TABLE shown AS SELECT * FROM loaded1.u;
        CREATE TABLE shown2 AS SELECT * FROM loaded1.cp;
        CREATE TABLE shown3 AS SELECT * FROM loaded2.u;
        """,
    "keys_made_possible": """
        CREATE TABLE a (i int, n int);
        INSERT INTO a VALUES (1,1),(1,2);
        DELETE FROM a WHERE n = 2;
        ALTER TABLE a ADD PRIMARY KEY (i);
        UPDATE a SET n = i;
        ALTER TABLE a ADD UNIQUE (n);
        """,
    "checks_off_between_rows": """
        CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE c (pid int, FOREIGN KEY (pid) REFERENCES p (id));
        SET foreign_key_checks=0;
        INSERT INTO c VALUES (5);
        SET foreign_key_checks=1;
        CREATE TABLE q (i int);
        INSERT INTO p VALUES (6);
        INSERT INTO c VALUES (6);
        """,
    "database_dropped_with_all": """
        CREATE OR REPLACE DATABASE loaded1;
        USE loaded1;
        CREATE TABLE t (i int);
        DROP DATABASE loaded1;
        CREATE DATABASE loaded1;
        USE loaded1;
        CREATE TABLE t (z text);
        INSERT INTO t VALUES ('z');
        USE loaded;
        CREATE TABLE shown AS SELECT * FROM loaded1.t;
        """,
    "granted_in_two_databases": """
        CREATE OR REPLACE DATABASE loaded1;
        CREATE OR REPLACE DATABASE loaded2;
        USE loaded1;
        CREATE TABLE t (i int);
        USE loaded2;
        CREATE OR REPLACE USER k_a@localhost;
        CREATE TABLE p (i int PRIMARY KEY);
        USE loaded1;
        GRANT SELECT ON t TO k_a@localhost;
        USE loaded2;
        GRANT SELECT ON p TO k_a@localhost;
        USE loaded;
        CREATE TABLE shown AS SELECT Db, Table_name FROM mysql.tables_priv WHERE User = 'k_a';
        DROP USER k_a@localhost;
        """,
    "function_made_in_another_database": """
        CREATE OR REPLACE DATABASE loaded1;
        CREATE OR REPLACE DATABASE loaded2;
        USE loaded1;
        CREATE TABLE t (i int);
        INSERT INTO t VALUES (1);
        USE loaded2;
        CREATE FUNCTION f() RETURNS int RETURN 2;
        INSERT INTO loaded1.t VALUES (f());
        USE loaded;
        CREATE TABLE shown AS SELECT * FROM loaded1.t;
        """,
    "key_of_the_row_before": """
        CREATE TABLE author (id INT AUTO_INCREMENT PRIMARY KEY, n TEXT);
        CREATE TABLE book (id INT AUTO_INCREMENT PRIMARY KEY, author INT, t TEXT);
        INSERT INTO author (n) VALUES ('a');
        INSERT INTO book (author, t) VALUES (LAST_INSERT_ID(), 'a1');
        INSERT INTO author (n) VALUES ('b');
        INSERT INTO book (author, t) VALUES (LAST_INSERT_ID(), 'b1');
        """,
    "key_that_a_step_takes": """
        CREATE TABLE author (id INT AUTO_INCREMENT PRIMARY KEY, n TEXT);
        CREATE TABLE book (id INT AUTO_INCREMENT PRIMARY KEY, author INT, t TEXT,
                           FOREIGN KEY (author) REFERENCES author (id));
        INSERT INTO author (n) VALUES ('a');
        SET @a = LAST_INSERT_ID();
        INSERT INTO book (author, t) VALUES (@a, 'a1');
        INSERT INTO book (author, t) VALUES (@a, 'a2');
        INSERT INTO author (n) VALUES ('b');
        SET @a = LAST_INSERT_ID();
        INSERT INTO book (author, t) VALUES (@a, 'b1');
        INSERT INTO author (n) VALUES ('c');
        INSERT INTO book (author, t) VALUES (1, 'a3');
        INSERT INTO author (n) VALUES ('d');
        SELECT LAST_INSERT_ID() INTO @a;
        INSERT INTO book (author, t) VALUES (@a, 'd1');
        """,
    "key_of_rows_that_went_on": """
        CREATE TABLE author (id INT AUTO_INCREMENT PRIMARY KEY, n TEXT);
        CREATE TABLE book (id INT AUTO_INCREMENT PRIMARY KEY, author INT, t TEXT);
        INSERT INTO author (n) VALUES ('a');
        INSERT INTO book (author, t) VALUES (1, 'a1');
        INSERT INTO book (author, t) VALUES (1, 'a2');
        INSERT INTO book (author, t) VALUES (1, 'a3');
        INSERT INTO author (n) VALUES ('b');
        INSERT INTO book (author, t) VALUES (LAST_INSERT_ID(), 'b1');
        """,
    "rows_that_a_trigger_writes": """
        CREATE SEQUENCE s;
        CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, n TEXT);
        CREATE TABLE b (id INT AUTO_INCREMENT PRIMARY KEY, n TEXT);
        CREATE TABLE c (id INT DEFAULT NEXTVAL(s), n TEXT);
        CREATE TABLE d (id INT DEFAULT (NEXT VALUE FOR s), n TEXT);
        CREATE VIEW v AS SELECT * FROM b;
        CREATE TRIGGER a_b AFTER INSERT ON a FOR EACH ROW INSERT INTO b (n) VALUES ('auto');
        INSERT INTO a (n) VALUES ('1');
        INSERT INTO b (n) VALUES ('2');
        INSERT INTO a (n) VALUES ('3');
        INSERT INTO v (n) VALUES ('4');
        INSERT INTO b (n) VALUES ('5');
        INSERT INTO c (n) VALUES ('6');
        INSERT INTO d (n) VALUES ('7');
        INSERT INTO c (n) VALUES ('8');
        """,
    "rebuilt_like_another": """
        CREATE TABLE posts (id BIGINT PRIMARY KEY, title TEXT);
        INSERT INTO posts VALUES (1, 'a');
        RENAME TABLE posts TO articles;
        ALTER TABLE articles CHANGE COLUMN title headline VARCHAR(200), ADD INDEX (headline);
        CREATE TABLE posts LIKE articles;
        INSERT INTO posts SELECT * FROM articles;
        DROP TABLE articles;
        INSERT INTO posts (id, headline) VALUES (2, 'b');
        """,
    "account_with_a_host": """
        DROP USER IF EXISTS k_app@'%';
        CREATE TABLE u (id INT PRIMARY KEY, z INT);
        CREATE USER k_app@'%' IDENTIFIED BY 'x';
        GRANT SELECT ON u TO k_app@'%';
        """,
    "trigger_that_sets_a_variable": """
        CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY, n text);
        CREATE TABLE b (a int, n text);
        CREATE TRIGGER ta AFTER INSERT ON a FOR EACH ROW SET @last_a = NEW.id;
        INSERT INTO a (n) VALUES ('1');
        INSERT INTO b VALUES (@last_a, 'of 1');
        INSERT INTO a (n) VALUES ('2');
        INSERT INTO b VALUES (@last_a, 'of 2');
        """,
    "row_that_calls_what_writes": """
        CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY, n text);
        DELIMITER //
        CREATE FUNCTION new_a(x text) RETURNS int MODIFIES SQL DATA
          BEGIN INSERT INTO a (n) VALUES (x); RETURN LAST_INSERT_ID(); END //
        DELIMITER ;
        CREATE TABLE b (a int, n text);
        CREATE TABLE c (a int, n text);
        INSERT INTO b VALUES (new_a('1'), '1');
        INSERT INTO c VALUES (new_a('2'), '2');
        INSERT INTO a (n) VALUES ('3');
        INSERT INTO b VALUES (new_a('4'), '4');
        INSERT INTO c VALUES (new_a('5'), '5');
        """,
    "left_behind_a_transaction": """
        SET FOREIGN_KEY_CHECKS = 0;
        START TRANSACTION;
        CREATE TABLE a (i int);
        INSERT INTO a VALUES (1);
        CREATE VIEW v AS SELECT * FROM a;
        COMMIT;
        exit
        DROP TABLE a;
        """,
    "left_within_a_statement": """
        CREATE TABLE a (i int);
        DELIMITER //
        CREATE PROCEDURE p() BEGIN INSERT INTO b SELECT * FROM a; END //
        CREATE TABLE b (i int) \\q
        DROP TABLE a//
        """,
}


def main():
    engine, *names = sys.argv[1:]
    if not is_installed():
        print("skipped: the package mariadb-server is not installed")
        return 77
    with MariadbServer() as server:
        def load(text):
            server.query("SET foreign_key_checks = 0; CREATE OR REPLACE DATABASE loaded")
            errors = server.run("USE loaded;\n" + text)
            return server.dump(["loaded"]), errors

        unsure = {("trigger_begins_later", "compact", "separate")}
        return Migrations(engine, "mysql", load, unsure).run(SCRIPTS, names)


if __name__ == "__main__":
    sys.exit(main())
