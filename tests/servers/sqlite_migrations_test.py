#!/usr/bin/env python3
"""Migrations in SQLite, see migrations.py. sqlite_migrations_test.py ENGINE [NAME]"""

import sqlite3
import sys

from migrations import Migrations

SCRIPTS = {
    "rows_replaced_with_others": """
        PRAGMA foreign_keys=ON;
        CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT);
        CREATE TABLE c (id INTEGER PRIMARY KEY, pid REFERENCES p(id) ON DELETE CASCADE);
        INSERT INTO p VALUES(1,'x');
        INSERT INTO c VALUES(1,1);
        INSERT OR REPLACE INTO p VALUES(1,'y');
        INSERT INTO c VALUES(2,1);
        """,
    "rows_counted": """
        CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT);
        INSERT INTO p VALUES(1,'x');
        DELETE FROM sqlite_sequence;
        INSERT INTO sqlite_sequence VALUES('p',500);
        INSERT INTO p(n) VALUES ('later');
        """,
    "rename_and_again": """
        CREATE TABLE t (a int, b text);
        INSERT INTO t VALUES (1, 'x');
        ALTER TABLE t RENAME TO t_old;
        CREATE TABLE t (a int, c text);
        INSERT INTO t SELECT a, b FROM t_old;
        DROP TABLE t_old;
        """,
    "rename_and_again_with_rows_behind": """
        CREATE TABLE u (i int);
        CREATE TABLE t (a int, b text);
        INSERT INTO u VALUES (7);
        INSERT INTO t VALUES (1, 'x');
        CREATE INDEX t_a ON t (a);
        ALTER TABLE t RENAME TO t_old;
        CREATE TABLE t (a int, c text);
        INSERT INTO t SELECT a, b FROM t_old;
        INSERT INTO u SELECT a FROM t;
        DROP TABLE t_old;
        INSERT INTO t VALUES (2, 'y');
        CREATE INDEX t_a ON t (a, c);
        """,
    "twelve_steps": """
        CREATE TABLE t (a int, b text);
        CREATE INDEX t_b ON t (b);
        CREATE VIEW v AS SELECT a FROM t;
        INSERT INTO t VALUES (1, 'x');
        INSERT INTO t VALUES (2, 'y');
        DROP VIEW v;
        CREATE TABLE t_new (a int primary key, b text not null);
        INSERT INTO t_new SELECT a, b FROM t;
        DROP TABLE t;
        ALTER TABLE t_new RENAME TO t;
        CREATE INDEX t_b ON t (b);
        CREATE VIEW v AS SELECT a, b FROM t;
        INSERT INTO t VALUES (3, 'z');
        """,
    "twelve_steps_twice": """
        CREATE TABLE t (a int);
        INSERT INTO t VALUES (1);
        CREATE TABLE new_t (a int, b int);
        INSERT INTO new_t SELECT a, a + 1 FROM t;
        DROP TABLE t;
        ALTER TABLE new_t RENAME TO t;
        CREATE TABLE other (i int);
        INSERT INTO other SELECT b FROM t;
        CREATE TABLE new_t (a int, b int, c int);
        INSERT INTO new_t SELECT a, b, 0 FROM t;
        DROP TABLE t;
        ALTER TABLE new_t RENAME TO t;
        """,
    "dropped_and_again": """
        CREATE TABLE t (a int);
        CREATE TABLE keep (a int);
        INSERT INTO t VALUES (1);
        INSERT INTO keep SELECT a FROM t;
        DROP TABLE t;
        CREATE TABLE t (b text);
        INSERT INTO t VALUES ('again');
        """,
    "index_anew": """
        CREATE TABLE t (a int);
        CREATE TABLE u (i int);
        CREATE INDEX x ON t (a);
        CREATE INDEX y ON u (i);
        DROP INDEX x;
        ALTER TABLE t ADD COLUMN b int;
        CREATE INDEX x ON t (a, b);
        """,
    "to_and_fro": """
        CREATE TABLE a (i int, n text);
        CREATE TABLE b (i int, n text);
        INSERT INTO a VALUES (1, 'select');
        INSERT INTO b SELECT i + 10, n FROM a;
        INSERT INTO a SELECT i + 100, n FROM b;
        INSERT INTO b SELECT i + 1000, n FROM a;
        INSERT INTO a VALUES (2, 'from');
        INSERT INTO b VALUES (3, 'z');
        """,
    "subqueries_in_values": """
        CREATE TABLE a (i int, n int);
        CREATE TABLE b (i int, n int);
        INSERT INTO a VALUES (1, 1);
        INSERT INTO b VALUES (1, 2);
        INSERT INTO a VALUES ((SELECT max(i) FROM b), 3);
        INSERT INTO a VALUES (5, (SELECT count(*) FROM b));
        INSERT INTO b VALUES (2, (SELECT sum(i) FROM a));
        INSERT INTO b VALUES (9, 9);
        """,
    "update_between_rows": """
        CREATE TABLE a (i int, n int);
        CREATE TABLE b (i int);
        INSERT INTO a VALUES (1, 1);
        UPDATE a SET n = n + 1;
        INSERT INTO a VALUES (2, 1);
        DELETE FROM b;
        INSERT INTO b VALUES (3);
        UPDATE a SET n = n + 1 WHERE i IN (SELECT i - 1 FROM b);
        """,
    "row_from_a_view": """
        CREATE TABLE a (i int);
        INSERT INTO a VALUES (1);
        CREATE VIEW v AS SELECT i + 1 AS i FROM a;
        CREATE TABLE b (i int);
        INSERT INTO b SELECT i FROM v;
        INSERT INTO a VALUES (2);
        """,
    "rows_into_a_view": """
        CREATE TABLE a (i int, j int);
        CREATE VIEW v AS SELECT i FROM a;
        CREATE TRIGGER v_in INSTEAD OF INSERT ON v BEGIN INSERT INTO a VALUES (new.i, 5); END;
        INSERT INTO v VALUES (1);
        INSERT INTO v VALUES (2);
        """,
    "full_text": """
        CREATE TABLE doc (id integer primary key, body text);
        CREATE VIRTUAL TABLE doc_fts USING fts5(body, content='doc', content_rowid='id');
        CREATE TRIGGER doc_ai AFTER INSERT ON doc BEGIN
          INSERT INTO doc_fts (rowid, body) VALUES (new.id, new.body);
        END;
        INSERT INTO doc VALUES (1, 'one');
        INSERT INTO doc VALUES (2, 'two');
        """,
    "audit_begins_later": """
        CREATE TABLE t (a int);
        CREATE TABLE log (a int);
        INSERT INTO t VALUES (1);
        CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END;
        INSERT INTO t VALUES (2);
        DROP TRIGGER t_ai;
        INSERT INTO t VALUES (3);
        CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a * 2); END;
        INSERT INTO t VALUES (4);
        """,
    "rename_behind_a_trigger": """
        CREATE TABLE t (a int);
        CREATE TABLE log (a int);
        CREATE TRIGGER tr AFTER UPDATE ON t BEGIN INSERT INTO log VALUES (new.a); END;
        INSERT INTO t VALUES (1);
        ALTER TABLE t RENAME TO u;
        INSERT INTO u VALUES (2);
        UPDATE u SET a = 3;
        """,
    "rename_behind_a_view": """
        CREATE TABLE t (a int);
        CREATE VIEW v AS SELECT a FROM t;
        ALTER TABLE t RENAME TO u;
        CREATE VIEW w AS SELECT a FROM u;
        """,
    "rename_a_column": """
        CREATE TABLE t (a int, b int);
        CREATE INDEX x ON t (a);
        CREATE VIEW v AS SELECT a FROM t;
        INSERT INTO t VALUES (1, 2);
        ALTER TABLE t RENAME COLUMN a TO c;
        CREATE INDEX y ON t (c);
        CREATE VIEW w AS SELECT c FROM t;
        INSERT INTO t (c, b) VALUES (3, 4);
        """,
    "table_from_a_temporary_view": """
        CREATE TABLE t (a int);
        INSERT INTO t VALUES (1);
        CREATE TEMP VIEW tv AS SELECT a * 2 AS a FROM t;
        CREATE TABLE made AS SELECT a FROM tv;
        CREATE TABLE more (a int);
        INSERT INTO more SELECT a FROM tv;
        """,
    "table_as": """
        CREATE TABLE t (a int);
        INSERT INTO t VALUES (1);
        CREATE TABLE made AS SELECT a FROM t;
        INSERT INTO t VALUES (2);
        CREATE TABLE again AS SELECT a FROM t;
        INSERT INTO t VALUES (3);
        """,
    "view_anew": """
        CREATE TABLE t (a int, b int);
        INSERT INTO t VALUES (1, 10);
        CREATE VIEW v AS SELECT a FROM t;
        CREATE TABLE x AS SELECT * FROM v;
        DROP VIEW v;
        CREATE VIEW v AS SELECT b AS a FROM t;
        CREATE TABLE y AS SELECT * FROM v;
        """,
    "two_tables_change_places": """
        CREATE TABLE a (i int);
        CREATE TABLE b (j int);
        INSERT INTO a VALUES (1);
        INSERT INTO b VALUES (2);
        ALTER TABLE a RENAME TO c;
        ALTER TABLE b RENAME TO a;
        ALTER TABLE c RENAME TO b;
        INSERT INTO a VALUES (20);
        INSERT INTO b VALUES (10);
        CREATE INDEX i ON a (j);
        """,
    "columns_come_between_rows": """
        CREATE TABLE t (a int);
        CREATE TABLE u (a int);
        INSERT INTO t VALUES (1);
        ALTER TABLE t ADD COLUMN b int DEFAULT 4;
        INSERT INTO u VALUES (1);
        INSERT INTO t VALUES (2, 3);
        ALTER TABLE t DROP COLUMN a;
        INSERT INTO t VALUES (9);
        """,
    "each_dropped_first": """
        CREATE TABLE y (i int);
        DROP INDEX IF EXISTS iy;
        CREATE INDEX iy ON y (i);
        DROP TRIGGER IF EXISTS ty;
        CREATE TRIGGER ty AFTER INSERT ON y BEGIN UPDATE y SET i = 1; END;
        """,
    "rows_on_a_key": """
        CREATE TABLE t (id int, n text);
        CREATE UNIQUE INDEX u ON t (id);
        INSERT INTO t VALUES (1, 'a');
        INSERT OR IGNORE INTO t VALUES (1, 'a');
        INSERT OR REPLACE INTO t VALUES (1, 'c');
        """,
    "drops_first": """
        DROP TABLE IF EXISTS b;
        DROP TABLE IF EXISTS a;
        DROP VIEW IF EXISTS v;
        CREATE VIEW v AS SELECT i FROM b;
        CREATE TABLE a (i int primary key);
        CREATE TABLE b (i int REFERENCES a (i));
        INSERT INTO a VALUES (1);
        INSERT INTO b VALUES (1);
        """,
    "twelve_steps_with_keys_off": """
        PRAGMA foreign_keys=OFF;
        CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
        CREATE TABLE c (id INTEGER PRIMARY KEY, tid INTEGER REFERENCES t(id));
        INSERT INTO t VALUES (1,'a');
        INSERT INTO c VALUES (1,1);
        BEGIN TRANSACTION;
        CREATE TABLE new_t (id INTEGER PRIMARY KEY, v TEXT NOT NULL);
        INSERT INTO new_t (id, v) SELECT id, v FROM t;
        DROP TABLE t;
        ALTER TABLE new_t RENAME TO t;
        COMMIT;
        PRAGMA foreign_keys=ON;
        INSERT INTO c VALUES (2,1);
        """,
    "checks_off_between_rows": """
        CREATE TABLE t (n INT CHECK (n > 0));
        INSERT INTO t VALUES (1);
        PRAGMA ignore_check_constraints=ON;
        INSERT INTO t VALUES (-1);
        PRAGMA ignore_check_constraints=OFF;
        INSERT INTO t VALUES (2);
        """,
    "keys_off_between_rows": """
        PRAGMA foreign_keys=ON;
        CREATE TABLE p (id INTEGER PRIMARY KEY);
        CREATE TABLE c (pid INTEGER REFERENCES p(id));
        INSERT INTO p VALUES (1);
        INSERT INTO c VALUES (1);
        PRAGMA foreign_keys=OFF;
        INSERT INTO c VALUES (2);
        PRAGMA foreign_keys=ON;
        INSERT INTO p VALUES (3);
        INSERT INTO c VALUES (3);
        """,
    "triggers_within_triggers": """
        CREATE TABLE t (n INT);
        CREATE TRIGGER tr AFTER INSERT ON t WHEN new.n < 5
          BEGIN INSERT INTO t VALUES (new.n + 1); END;
        INSERT INTO t VALUES (4);
        PRAGMA recursive_triggers=ON;
        INSERT INTO t VALUES (2);
        PRAGMA recursive_triggers=OFF;
        INSERT INTO t VALUES (1);
        """,
    "renamed_the_old_way": """
        CREATE TABLE t (id INTEGER PRIMARY KEY);
        CREATE TABLE c (tid INTEGER REFERENCES t(id));
        PRAGMA legacy_alter_table=ON;
        ALTER TABLE t RENAME TO t_old;
        CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
        INSERT INTO t SELECT id, '' FROM t_old;
        DROP TABLE t_old;
        PRAGMA legacy_alter_table=OFF;
        """,
    "view_remade_with_its_trigger": """
        CREATE TABLE t (a);
        CREATE VIEW v AS SELECT a FROM t;
        CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.a || 'x'); END;
        INSERT INTO v VALUES ('1');
        DROP VIEW v;
        ALTER TABLE t RENAME COLUMN a TO b;
        CREATE VIEW v AS SELECT b FROM t;
        CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.b || 'y'); END;
        INSERT INTO v VALUES ('2');
        """,
    "full_text_rebuilt": """
        CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT);
        CREATE VIRTUAL TABLE docs_fts USING fts5(body, content='docs', content_rowid='id');
        INSERT INTO docs_fts(docs_fts) VALUES('rebuild');
        INSERT INTO docs VALUES (1,'hello');
        INSERT INTO docs_fts(docs_fts) VALUES('rebuild');
        """,
    "key_of_the_row_before": """
        CREATE TABLE author (id INTEGER PRIMARY KEY, n TEXT);
        CREATE TABLE book (id INTEGER PRIMARY KEY, author INT, t TEXT);
        INSERT INTO author (n) VALUES ('a');
        INSERT INTO book (author, t) VALUES (last_insert_rowid(), 'a1');
        INSERT INTO author (n) VALUES ('b');
        INSERT INTO book (author, t) VALUES (last_insert_rowid(), 'b1');
        """,
    "child_dropped_first_run_again": """
        DROP VIEW IF EXISTS v;
        DROP TABLE IF EXISTS c;
        DROP TABLE IF EXISTS p;
        CREATE TABLE p (id INTEGER PRIMARY KEY);
        CREATE TABLE c (id INTEGER PRIMARY KEY, p REFERENCES p);
        PRAGMA foreign_keys = ON;
        INSERT INTO p VALUES (1);
        INSERT INTO c VALUES (1, 1);
        CREATE VIEW v AS SELECT * FROM c NATURAL JOIN p;
        PRAGMA foreign_keys = OFF;
        """,
    "keys_that_defer": """
        PRAGMA foreign_keys = ON;
        CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b(id)
          DEFERRABLE INITIALLY DEFERRED);
        CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a(id)
          DEFERRABLE INITIALLY DEFERRED);
        BEGIN;
        INSERT INTO a VALUES (1, 2);
        INSERT INTO b VALUES (2, 1);
        COMMIT;
        """,
    "rows_that_triggers_write": """
        CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT);
        CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT, n TEXT);
        CREATE TABLE log (id INTEGER PRIMARY KEY, n TEXT);
        CREATE VIEW v AS SELECT n FROM a;
        CREATE TRIGGER tv INSTEAD OF INSERT ON v BEGIN
          INSERT INTO a (n) VALUES (NEW.n);
          INSERT INTO b (a, n) VALUES (last_insert_rowid(), NEW.n);
        END;
        CREATE TRIGGER tb AFTER INSERT ON b BEGIN INSERT INTO log (n) VALUES (NEW.n); END;
        INSERT INTO v VALUES ('1');
        INSERT INTO a (n) VALUES ('2');
        INSERT INTO v VALUES ('3');
        INSERT INTO b (a, n) VALUES (2, '4');
        INSERT INTO log (n) VALUES ('5');
        INSERT INTO b (a, n) VALUES (2, '6');
        """,
    "trigger_that_looks_at_another_table": """
        CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT);
        CREATE TABLE b (id INTEGER PRIMARY KEY, n TEXT);
        CREATE TRIGGER tr BEFORE INSERT ON b
          WHEN NOT EXISTS (SELECT 1 FROM a WHERE id = NEW.id) BEGIN SELECT RAISE(IGNORE); END;
        INSERT INTO b VALUES (1, 'ignored');
        INSERT INTO a VALUES (1, 'x');
        INSERT INTO b VALUES (2, 'ignored');
        INSERT INTO a VALUES (2, 'x');
        INSERT INTO b VALUES (3, 'ignored');
        INSERT INTO a VALUES (3, 'x');
        INSERT INTO b VALUES (3, 'taken');
        """,
}

# Where nothing but the compact layout can hold both sides of a trigger.
MAY_BE_UNSURE = {("audit_begins_later", "compact", "separate")}


def state(text):
    """(what the database holds after this script, errors)."""
    database, errors = sqlite3.connect(":memory:"), []
    try:
        database.executescript(text)
    except sqlite3.Error as error:
        errors.append(str(error))
    lines = [f"{kind} {name} on {table}: {' '.join((sql or '').split())}"
             for kind, name, table, sql in
             database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")]
    for (table,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        try:
            lines += [f"{table}: {row!r}" for row in database.execute(f'SELECT * FROM "{table}"')]
        except sqlite3.Error as error:  # of what an index of words is about
            errors.append(str(error))
    return sorted(lines), errors


if __name__ == "__main__":
    ENGINE, *NAMES = sys.argv[1:]
    sys.exit(Migrations(ENGINE, "sqlite", state, MAY_BE_UNSURE).run(SCRIPTS, NAMES))
