#!/usr/bin/env python3
"""Migrations in a real PostgreSQL server, see migrations.py. The state is what pg_dump tells.
postgresql_migrations_test.py ENGINE [NAME]

Exit status 77: skipped, said why.
"""

import sys

from migrations import PLAIN, Migrations
from postgresql_server import PostgresqlServer, programs

SCRIPTS = {
    **PLAIN,
    "settings_of_the_session": """
        CREATE SCHEMA shop;
        SET search_path TO shop;
        SET check_function_bodies = false;
        CREATE FUNCTION total(c int) RETURNS numeric LANGUAGE sql
          AS $$ SELECT sum(price) FROM orders WHERE customer = c $$;
        CREATE TABLE orders (id serial PRIMARY KEY, customer int, price numeric);
        INSERT INTO orders (price) VALUES (1);
        """,
    "dumped_clean_run_again": """
        ALTER TABLE IF EXISTS ONLY public.c DROP CONSTRAINT IF EXISTS c_fk;
        DROP INDEX IF EXISTS public.c_n;
        ALTER TABLE IF EXISTS ONLY public.p DROP CONSTRAINT IF EXISTS p_pkey;
        ALTER TABLE IF EXISTS public.p ALTER COLUMN id DROP DEFAULT;
        DROP VIEW IF EXISTS public.v;
        DROP SEQUENCE IF EXISTS public.p_id_seq;
        DROP TABLE IF EXISTS public.p;
        DROP TABLE IF EXISTS public.c;
        DROP FUNCTION IF EXISTS public.f(m public.mood);
        DROP TYPE IF EXISTS public.mood;
        CREATE TYPE public.mood AS ENUM ('a', 'b');
        CREATE FUNCTION public.f(m public.mood) RETURNS public.mood LANGUAGE sql AS 'SELECT m';
        CREATE TABLE public.c (id integer, pid integer, n text);
        CREATE TABLE public.p (id integer NOT NULL, m public.mood);
        CREATE SEQUENCE public.p_id_seq START WITH 1;
        ALTER SEQUENCE public.p_id_seq OWNED BY public.p.id;
        CREATE VIEW public.v AS SELECT p.id FROM public.p;
        ALTER TABLE ONLY public.p ALTER COLUMN id SET DEFAULT nextval('public.p_id_seq'::regclass);
        COPY public.p (id, m) FROM stdin;
1	a
\\.
        SELECT pg_catalog.setval('public.p_id_seq', 2, true);
        ALTER TABLE ONLY public.p ADD CONSTRAINT p_pkey PRIMARY KEY (id);
        CREATE INDEX c_n ON public.c USING btree (n);
        ALTER TABLE ONLY public.c ADD CONSTRAINT c_fk FOREIGN KEY (pid) REFERENCES public.p(id);
        """,
    "view_that_groups_by_a_key": """
        CREATE TABLE o (id int NOT NULL, n text);
        CREATE VIEW ring AS
          SELECT NULL::integer AS id, NULL::text AS n, NULL::bigint AS count;
        CREATE VIEW above AS SELECT id FROM ring;
        INSERT INTO o VALUES (1, 'a');
        ALTER TABLE ONLY o ADD CONSTRAINT o_pkey PRIMARY KEY (id);
        CREATE OR REPLACE VIEW ring AS
          SELECT o.id, o.n, count(*) AS count FROM o GROUP BY o.id;
        """,
    "partition_that_takes_from_a_sequence": """
        CREATE TABLE big (id bigint NOT NULL, d date NOT NULL) PARTITION BY RANGE (d);
        CREATE SEQUENCE big_id_seq;
        ALTER SEQUENCE big_id_seq OWNED BY big.id;
        CREATE TABLE big_2020 (id bigint DEFAULT nextval('big_id_seq'::regclass) NOT NULL,
          d date NOT NULL);
        ALTER TABLE ONLY big ATTACH PARTITION big_2020
          FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        ALTER TABLE ONLY big ALTER COLUMN id SET DEFAULT nextval('big_id_seq'::regclass);
        INSERT INTO big_2020 VALUES (7, '2020-02-01');
        ALTER TABLE ONLY big ADD CONSTRAINT big_pk PRIMARY KEY (id, d);
        ALTER TABLE ONLY big_2020 ADD CONSTRAINT big_2020_pkey PRIMARY KEY (id, d);
        CREATE INDEX big_d ON ONLY big (d);
        CREATE INDEX big_2020_d ON big_2020 (d);
        ALTER INDEX big_pk ATTACH PARTITION big_2020_pkey;
        ALTER INDEX big_d ATTACH PARTITION big_2020_d;
        """,
    "role_of_the_session": """
        CREATE SCHEMA shop;
        GRANT ALL ON SCHEMA shop TO pg_monitor;
        SET ROLE pg_monitor;
        CREATE TABLE shop.t (i int);
        CREATE FUNCTION shop.f(a int) RETURNS int LANGUAGE sql AS 'select a';
        RESET ROLE;
        CREATE TABLE shop.u (i int);
        SET SESSION AUTHORIZATION pg_monitor;
        CREATE SEQUENCE shop.sq;
        RESET SESSION AUTHORIZATION;
        CREATE SEQUENCE shop.sq2;
        """,
    "signature_with_a_schema": """
        CREATE SCHEMA app;
        CREATE TABLE t (i int);
        CREATE FUNCTION k(a t) RETURNS int LANGUAGE sql AS 'select 1';
        DROP FUNCTION k(public.t);
        CREATE FUNCTION k(a public.t) RETURNS bigint LANGUAGE sql AS 'select 2::bigint';
        COMMENT ON FUNCTION public.k(t) IS 'k';
        SET search_path = app, public;
        CREATE TABLE u (i int);
        CREATE FUNCTION k(a u) RETURNS int LANGUAGE sql AS 'select 1';
        CREATE FUNCTION k(a t) RETURNS int LANGUAGE sql AS 'select 3';
        DROP FUNCTION app.k(app.u);
        """,
    "index_named_by_the_server": """
        CREATE TABLE td (y int, z int);
        CREATE INDEX ON td (y);
        ALTER INDEX td_y_idx RENAME TO td_y2;
        DROP INDEX td_y2;
        CREATE INDEX td_y2 ON td (y DESC);
        ALTER TABLE td ADD UNIQUE (z);
        ALTER TABLE td DROP CONSTRAINT td_z_key;
        ALTER TABLE td ADD CONSTRAINT td_z_key CHECK (z > 0);
        """,
    "role_renamed": """
        CREATE TABLE tq (i int);
        CREATE ROLE r9;
        ALTER ROLE r9 RENAME TO r8;
        GRANT SELECT ON tq TO r8;
        REVOKE SELECT ON tq FROM r8;
        DROP ROLE r8;
        """,
    "rows_deleted_with_others": """
        CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE c (id int, pid int);
        ALTER TABLE c ADD CONSTRAINT fk FOREIGN KEY (pid) REFERENCES p (id) ON DELETE CASCADE;
        INSERT INTO p VALUES (1), (2);
        INSERT INTO c VALUES (1, 1), (2, 2);
        DELETE FROM p WHERE id = 1;
        INSERT INTO c VALUES (3, 2);
        """,
    "trigger_function_replaced": """
        CREATE TABLE t (i int);
        CREATE TABLE log (i int);
        CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql
          AS $$ BEGIN INSERT INTO log VALUES (new.i); RETURN new; END $$;
        CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
        INSERT INTO t VALUES (1);
        CREATE OR REPLACE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql
          AS $$ BEGIN INSERT INTO log VALUES (new.i * 100); RETURN new; END $$;
        INSERT INTO t VALUES (4);
        """,
    "dumped_clean": """
        CREATE VIEW z AS SELECT 1 AS id;
        ALTER TABLE IF EXISTS ONLY item DROP CONSTRAINT IF EXISTS fk;
        DROP VIEW IF EXISTS vv;
        ALTER TABLE IF EXISTS ONLY o DROP CONSTRAINT IF EXISTS o_pkey;
        DROP TABLE IF EXISTS item;
        DROP TABLE IF EXISTS o;
        CREATE TABLE o (id int NOT NULL, n text);
        CREATE TABLE item (oid int);
        INSERT INTO o VALUES (1, 'a');
        ALTER TABLE ONLY o ADD CONSTRAINT o_pkey PRIMARY KEY (id);
        CREATE VIEW vv AS SELECT o.id, o.n FROM o GROUP BY o.id;
        ALTER TABLE ONLY item ADD CONSTRAINT fk FOREIGN KEY (oid) REFERENCES o(id);
        """,
    "granted_by_default": """
        CREATE SCHEMA a;
        CREATE TABLE a.t (i int);
        CREATE FUNCTION a.f() RETURNS int LANGUAGE sql AS 'select 1';
        ALTER DEFAULT PRIVILEGES IN SCHEMA a GRANT SELECT ON TABLES TO pg_monitor;
        ALTER DEFAULT PRIVILEGES IN SCHEMA a GRANT EXECUTE ON FUNCTIONS TO pg_monitor;
        ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
        CREATE VIEW a.v AS SELECT i FROM a.t;
        CREATE FUNCTION a.g() RETURNS int LANGUAGE sql AS 'select 1';
        """,
    "refreshed_concurrently": """
        CREATE TABLE t (i int);
        INSERT INTO t VALUES (1);
        CREATE MATERIALIZED VIEW mv AS SELECT i FROM t;
        INSERT INTO t VALUES (2);
        CREATE UNIQUE INDEX mi ON mv (i);
        CREATE TABLE cp AS SELECT * FROM mv;
        REFRESH MATERIALIZED VIEW CONCURRENTLY mv;
        INSERT INTO cp SELECT i + 10 FROM mv;
        """,
    "names_by_code_points": """
        CREATE TABLE U&"d\\0061ta" (i int);
        COMMENT ON TABLE data IS 'd';
        """,
    "encoding_changes": """
        CREATE TABLE j (i int, r text DEFAULT '\u00e9');
        INSERT INTO j (i) VALUES (1);
        INSERT INTO j VALUES (2, '\u00e9');
        SET client_encoding = latin1;
        INSERT INTO j VALUES (3, '\u00e9');
        COMMENT ON TABLE j IS 'R\u00e9sum\u00e9s';
        ALTER TABLE j ADD COLUMN s text DEFAULT '\u00fc';
        SET client_encoding = utf8;
        COMMENT ON COLUMN j.i IS '\u00dcber';
        """,
    "view_made_again_with_its_function": """
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1';
        CREATE VIEW v AS SELECT f() AS a;
        GRANT SELECT ON v TO PUBLIC;
        DROP VIEW v;
        DROP FUNCTION f();
        CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'select 1::bigint';
        CREATE VIEW v AS SELECT f() AS a;
        GRANT SELECT ON v TO PUBLIC;
        """,
    "operator_of_a_family": """
        CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, PROCEDURE = int4eq);
        CREATE OPERATOR FAMILY fam USING hash;
        ALTER OPERATOR FAMILY fam USING hash ADD OPERATOR 1 === (int, int);
        ALTER OPERATOR FAMILY fam USING hash DROP OPERATOR 1 (int, int);
        DROP OPERATOR === (int, int);
        """,
    "rename_and_again": """
        CREATE TABLE t (a int, b text);
        INSERT INTO t VALUES (1, 'x');
        CREATE INDEX t_a ON t (a);
        ALTER TABLE t RENAME TO t_old;
        CREATE TABLE t (a int, c text);
        INSERT INTO t SELECT a, b FROM t_old;
        DROP TABLE t_old;
        CREATE INDEX t_a ON t (a, c);
        """,
    "index_anew": """
        CREATE TABLE t (a int);
        CREATE INDEX x ON t (a);
        DROP INDEX x;
        ALTER TABLE t ADD COLUMN b int;
        CREATE INDEX x ON t (a, b);
        """,
    "sequences": """
        CREATE TABLE t (id serial PRIMARY KEY, n text);
        CREATE TABLE u (id int GENERATED BY DEFAULT AS IDENTITY, n text);
        INSERT INTO t (n) VALUES ('a');
        INSERT INTO u (n) VALUES ('a');
        ALTER SEQUENCE t_id_seq RESTART WITH 50;
        ALTER TABLE u ALTER COLUMN id RESTART WITH 60;
        INSERT INTO t (n) VALUES ('b');
        INSERT INTO u (n) VALUES ('b');
        SELECT setval('t_id_seq', 70), setval('u_id_seq', 80);
        INSERT INTO t (n) VALUES ('c');
        INSERT INTO u (n) VALUES ('c');
        COMMENT ON SEQUENCE u_id_seq IS 'of an identity';
        """,
    "sequence_renamed": """
        CREATE TABLE users (id serial PRIMARY KEY, mail text);
        INSERT INTO users (mail) VALUES ('a');
        ALTER SEQUENCE users_id_seq RENAME TO accounts_id_seq;
        SELECT setval('accounts_id_seq', 500);
        INSERT INTO users (mail) VALUES ('later');
        """,
    "rows_behind_a_step": """
        CREATE TABLE accounts (id serial PRIMARY KEY, mail text);
        INSERT INTO accounts (mail) VALUES ('a');
        SELECT setval('accounts_id_seq', 500);
        INSERT INTO accounts (mail) VALUES ('later');
        """,
    "function_of_another_signature": """
        CREATE FUNCTION addup(a int) RETURNS int LANGUAGE sql AS 'select a';
        CREATE FUNCTION uses() RETURNS int LANGUAGE sql AS 'select addup(1)';
        DROP FUNCTION uses();
        DROP FUNCTION addup(int);
        CREATE FUNCTION addup(a bigint) RETURNS bigint LANGUAGE sql AS 'select a';
        CREATE FUNCTION uses() RETURNS bigint LANGUAGE sql AS 'select addup(2)';
        """,
    "key_made_wider": """
        CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE c (id serial PRIMARY KEY, pid int);
        ALTER TABLE c ADD CONSTRAINT fk FOREIGN KEY (pid) REFERENCES p (id);
        CREATE VIEW v AS SELECT pid FROM c;
        INSERT INTO p VALUES (1);
        INSERT INTO c (pid) VALUES (1);
        DROP VIEW v;
        ALTER TABLE c DROP CONSTRAINT fk;
        ALTER TABLE p ALTER COLUMN id TYPE bigint;
        ALTER TABLE c ALTER COLUMN pid TYPE bigint;
        ALTER TABLE c ADD CONSTRAINT fk FOREIGN KEY (pid) REFERENCES p (id);
        CREATE VIEW v AS SELECT pid FROM c;
        """,
    "column_made_from_another": """
        CREATE TABLE t (name text);
        INSERT INTO t VALUES ('a b');
        ALTER TABLE t ADD COLUMN first text;
        UPDATE t SET first = split_part(name, ' ', 1);
        ALTER TABLE t ALTER COLUMN first SET NOT NULL;
        ALTER TABLE t DROP COLUMN name;
        INSERT INTO t VALUES ('c');
        CREATE TABLE log (i int);
        INSERT INTO log SELECT count(*) FROM t;
        """,
    "enumeration_grows": """
        CREATE TYPE mood AS ENUM ('sad', 'ok');
        CREATE TABLE person (name text, m mood DEFAULT 'ok');
        INSERT INTO person VALUES ('a', 'sad');
        ALTER TYPE mood ADD VALUE 'happy';
        INSERT INTO person VALUES ('b', 'happy');
        ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
        INSERT INTO person VALUES ('c', 'blue');
        """,
    "trigger_fills_another": """
        CREATE TABLE t (i int);
        CREATE TABLE log (i int);
        INSERT INTO t VALUES (1);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN INSERT INTO log VALUES (new.i); RETURN new; END $$;
        CREATE TRIGGER noted AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION note();
        INSERT INTO t VALUES (2);
        DROP TRIGGER noted ON t;
        INSERT INTO t VALUES (3);
        """,
    "view_refreshed": """
        CREATE TABLE t (i int);
        INSERT INTO t VALUES (1);
        CREATE MATERIALIZED VIEW m AS SELECT sum(i) AS s FROM t;
        INSERT INTO t VALUES (2);
        REFRESH MATERIALIZED VIEW m;
        INSERT INTO t VALUES (3);
        CREATE TABLE seen AS SELECT s FROM m;
        """,
    "table_into_a_schema": """
        CREATE TABLE t (i int PRIMARY KEY);
        INSERT INTO t VALUES (1);
        CREATE SCHEMA arch;
        ALTER TABLE t SET SCHEMA arch;
        CREATE TABLE t (j int PRIMARY KEY, i int REFERENCES arch.t (i));
        INSERT INTO t VALUES (2, 1);
        INSERT INTO arch.t VALUES (3);
        """,
    "type_renamed": """
        CREATE TYPE mood AS ENUM ('a', 'b');
        CREATE TABLE e (m mood DEFAULT 'a');
        ALTER TYPE mood RENAME TO feeling;
        CREATE TABLE e2 (m feeling DEFAULT 'b');
        ALTER TYPE feeling ADD VALUE 'c';
        """,
    "schema_renamed": """
        CREATE SCHEMA s;
        CREATE TABLE s.a (i int);
        ALTER SCHEMA s RENAME TO s2;
        CREATE TABLE s2.n (i int);
        INSERT INTO s2.a VALUES (1);
        """,
    "function_renamed": """
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1';
        ALTER FUNCTION f() RENAME TO g;
        CREATE VIEW vg AS SELECT g();
        """,
    "function_dropped_behind_its_users": """
        CREATE TABLE e (m text, n int GENERATED ALWAYS AS IDENTITY);
        CREATE FUNCTION nxt(x text) RETURNS int LANGUAGE sql IMMUTABLE AS 'select 1';
        ALTER TABLE e ADD COLUMN g int GENERATED ALWAYS AS (nxt(m)) STORED;
        CREATE TABLE chk (i int CHECK (nxt('a') = 1));
        ALTER TABLE e DROP COLUMN g;
        DROP FUNCTION nxt(text) CASCADE;
        """,
    "partitions_change": """
        CREATE TABLE par (id int, d date) PARTITION BY RANGE (d);
        CREATE TABLE par1 (id int, d date);
        INSERT INTO par1 VALUES (1, '2020-01-01');
        ALTER TABLE par ATTACH PARTITION par1 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        INSERT INTO par VALUES (2, '2020-02-01');
        ALTER TABLE par DETACH PARTITION par1;
        CREATE TABLE par2 PARTITION OF par FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        INSERT INTO par SELECT * FROM par1;
        DROP TABLE par1;
        """,
    "like_another": """
        CREATE TABLE node (id int);
        ALTER TABLE node ADD CONSTRAINT posp CHECK (id > 0);
        CREATE INDEX ni ON node (id);
        CREATE TABLE node2 (LIKE node INCLUDING ALL);
        """,
    "granted_on_all": """
        CREATE TABLE open (i int);
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC;
        CREATE TABLE secret (i int);
        """,
    "constraint_anew": """
        CREATE TABLE parent (id int PRIMARY KEY);
        CREATE TABLE child (id int PRIMARY KEY, pid int,
                            CONSTRAINT fk FOREIGN KEY (pid) REFERENCES parent (id));
        ALTER TABLE child DROP CONSTRAINT fk;
        DROP TABLE parent;
        CREATE TABLE parent (code varchar(5) PRIMARY KEY);
        ALTER TABLE child ADD COLUMN pcode varchar(5),
          ADD CONSTRAINT fk FOREIGN KEY (pcode) REFERENCES parent (code);
        """,
    "rows_that_call": """
        CREATE TABLE t (s text);
        CREATE FUNCTION nm() RETURNS text LANGUAGE sql AS $$ SELECT 'x'::text $$;
        INSERT INTO t VALUES (nm());
        """,
    "dropped_first": """
        CREATE TABLE y (i int);
        DROP INDEX IF EXISTS public.iy;
        CREATE INDEX iy ON y (i);
        DROP INDEX IF EXISTS iy2, iy3;
        CREATE INDEX iy2 ON y (i);
        CREATE INDEX iy3 ON y (i);
        DROP STATISTICS IF EXISTS st;
        CREATE TABLE z (i int, j int);
        CREATE STATISTICS st ON i, j FROM z;
        DROP FUNCTION IF EXISTS g;
        CREATE FUNCTION g(a integer) RETURNS int LANGUAGE sql AS 'select a';
        DROP ROUTINE IF EXISTS rt(int);
        CREATE PROCEDURE rt(a int) LANGUAGE sql AS 'select 1';
        """,
    "several_dropped_first": """
        DROP TABLE IF EXISTS a, b, c;
        CREATE TABLE b (i int PRIMARY KEY);
        CREATE TABLE a (i int REFERENCES b (i));
        CREATE TABLE c (i int);
        INSERT INTO b VALUES (1);
        INSERT INTO a VALUES (1);
        """,
    "named_without_arguments": """
        DROP FUNCTION IF EXISTS k;
        CREATE TABLE t (i int);
        CREATE FUNCTION k(a t) RETURNS int LANGUAGE sql AS 'select 1';
        COMMENT ON FUNCTION k IS 'hi';
        ALTER FUNCTION k OWNER TO owner;
        """,
    "path_put_back": """
        CREATE SCHEMA a;
        SET search_path = a;
        CREATE TABLE t (i int);
        CREATE VIEW v AS SELECT i FROM t;
        RESET search_path;
        CREATE TABLE dd (i int);
        CREATE VIEW v AS SELECT i FROM dd;
        """,
    "times_elsewhere": """
        SET TIME ZONE 'Asia/Tokyo';
        CREATE TABLE tz (t timestamptz);
        INSERT INTO tz VALUES ('2020-01-01 00:00');
        SET TIME ZONE 'UTC';
        INSERT INTO tz VALUES ('2020-01-01 00:00');
        """,
    "constraints_between_rows": """
        CREATE TABLE t (i int CONSTRAINT ck CHECK (i < 5), CONSTRAINT u UNIQUE (i));
        INSERT INTO t VALUES (1);
        ALTER TABLE t DROP CONSTRAINT ck;
        INSERT INTO t VALUES (10);
        ALTER TABLE t ADD CONSTRAINT ck CHECK (i < 50);
        ALTER TABLE t DROP CONSTRAINT u;
        INSERT INTO t VALUES (10);
        DELETE FROM t WHERE i = 10;
        ALTER TABLE t ADD CONSTRAINT u UNIQUE (i);
        """,
    "rows_on_a_key": """
        CREATE TABLE t (id int, n text);
        ALTER TABLE t ADD PRIMARY KEY (id);
        INSERT INTO t VALUES (1, 'a');
        INSERT INTO t VALUES (1, 'b') ON CONFLICT (id) DO UPDATE SET n = excluded.n;
        """,
    "table_called_as_a_word": """
        CREATE TABLE public.language (language_id int PRIMARY KEY, name text);
        CREATE FUNCTION public.last_updated() RETURNS trigger
          AS $_$ BEGIN NEW.name = 'x'; RETURN NEW; END $_$ LANGUAGE plpgsql;
        CREATE TRIGGER last_updated BEFORE UPDATE ON public.language
          FOR EACH ROW EXECUTE PROCEDURE public.last_updated();
        """,
    "key_validated_later": """
        CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE c (pid int);
        INSERT INTO c VALUES (9);
        ALTER TABLE c ADD CONSTRAINT fk FOREIGN KEY (pid) REFERENCES p NOT VALID;
        INSERT INTO p VALUES (9);
        ALTER TABLE c VALIDATE CONSTRAINT fk;
        """,
    "check_validated_later": """
        CREATE TABLE c (pid int);
        INSERT INTO c VALUES (-9);
        ALTER TABLE c ADD CONSTRAINT ck CHECK (pid > 0) NOT VALID;
        UPDATE c SET pid = 9;
        ALTER TABLE c VALIDATE CONSTRAINT ck;
        """,
    "defaults_between_rows": """
        CREATE TABLE t (a int, b int DEFAULT 1);
        INSERT INTO t (a) VALUES (1);
        ALTER TABLE t ALTER b SET DEFAULT 2;
        INSERT INTO t (a) VALUES (2);
        ALTER TABLE t ALTER b DROP DEFAULT;
        INSERT INTO t (a) VALUES (3);
        """,
    "default_calls_what_is_replaced": """
        CREATE FUNCTION gen() RETURNS text LANGUAGE sql AS $$ select 'k1' $$;
        CREATE TABLE t (i int, k text DEFAULT gen());
        INSERT INTO t VALUES (1);
        CREATE OR REPLACE FUNCTION gen() RETURNS text LANGUAGE sql AS $$ select 'k2' $$;
        INSERT INTO t (i) VALUES (2);
        """,
    "check_calls_what_is_replaced": """
        CREATE FUNCTION ok(i int) RETURNS bool LANGUAGE sql AS $$ select i > 50 $$;
        CREATE TABLE t (i int CHECK (ok(i)));
        INSERT INTO t VALUES (60);
        CREATE OR REPLACE FUNCTION ok(i int) RETURNS bool LANGUAGE sql AS $$ select i < 50 $$;
        INSERT INTO t VALUES (2);
        """,
    "domain_checks_by_what_is_replaced": """
        CREATE FUNCTION ok(i int) RETURNS bool LANGUAGE plpgsql
          AS $$ begin return i > 50; end $$;
        CREATE DOMAIN d AS int CHECK (ok(VALUE));
        CREATE TABLE t (i d);
        INSERT INTO t VALUES (60);
        CREATE OR REPLACE FUNCTION ok(i int) RETURNS bool LANGUAGE plpgsql
          AS $$ begin return i < 50; end $$;
        INSERT INTO t VALUES (2);
        """,
    "check_added_calls_what_is_replaced": """
        CREATE TABLE t (i int);
        CREATE FUNCTION ok(i int) RETURNS bool LANGUAGE sql AS $$ select i > 50 $$;
        ALTER TABLE t ADD CONSTRAINT ck CHECK (ok(i));
        INSERT INTO t VALUES (60);
        CREATE OR REPLACE FUNCTION ok(i int) RETURNS bool LANGUAGE sql AS $$ select i < 50 $$;
        INSERT INTO t VALUES (2);
        """,
    "partition_and_its_parent": """
        CREATE TABLE par (id int, d int) PARTITION BY LIST (d);
        CREATE TABLE par1 PARTITION OF par FOR VALUES IN (1);
        INSERT INTO par1 VALUES (1,1);
        ALTER TABLE par ADD COLUMN z int DEFAULT 3;
        INSERT INTO par1 VALUES (2,1,4);
        """,
    "child_and_its_parent": """
        CREATE TABLE base (id int);
        CREATE TABLE more (n int) INHERITS (base);
        INSERT INTO more VALUES (1, 1);
        ALTER TABLE base ALTER id TYPE bigint;
        INSERT INTO more VALUES (5000000000, 1);
        INSERT INTO base VALUES (6000000000);
        """,
    "domain_between_rows": """
        CREATE DOMAIN d AS int CONSTRAINT lt CHECK (VALUE < 10);
        CREATE TABLE t (x d);
        INSERT INTO t VALUES (5);
        ALTER DOMAIN d DROP CONSTRAINT lt;
        INSERT INTO t VALUES (500);
        ALTER DOMAIN d ADD CONSTRAINT lt CHECK (VALUE < 1000);
        INSERT INTO t VALUES (600);
        """,
    "domain_in_turn_with_rows": """
        CREATE DOMAIN d AS int;
        CREATE TABLE t (x d);
        INSERT INTO t VALUES (500);
        ALTER DOMAIN d ADD CONSTRAINT lt CHECK (VALUE < 1000);
        ALTER DOMAIN d DROP CONSTRAINT lt;
        INSERT INTO t VALUES (5000);
        ALTER DOMAIN d SET DEFAULT 7;
        INSERT INTO t DEFAULT VALUES;
        ALTER DOMAIN d ADD CONSTRAINT lt CHECK (VALUE < 10000);
        """,
    "enum_replaced": """
        CREATE TYPE st AS ENUM ('new','old');
        CREATE TABLE o (id int, s st);
        ALTER TYPE st RENAME TO st_old;
        CREATE TYPE st AS ENUM ('new','done');
        ALTER TABLE o ALTER COLUMN s TYPE st USING s::text::st;
        DROP TYPE st_old;
        """,
    "rebuilt_with_its_index": """
        CREATE TABLE t (id int PRIMARY KEY);
        CREATE TABLE t_new (LIKE t INCLUDING ALL);
        DROP TABLE t;
        ALTER TABLE t_new RENAME TO t;
        ALTER INDEX t_new_pkey RENAME TO t_pkey;
        """,
    "rows_held_back_by_a_step": """
        CREATE SCHEMA app;
        CREATE TABLE app.b (a integer, x text);
        CREATE TABLE app.t (id integer NOT NULL);
        CREATE MATERIALIZED VIEW app.mv AS SELECT id FROM app.t WITH NO DATA;
        SELECT pg_catalog.lo_create(1);
        INSERT INTO app.b VALUES (1,'x');
        INSERT INTO app.t VALUES (1);
        ALTER TABLE ONLY app.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
        ALTER TABLE ONLY app.b ADD CONSTRAINT b_fk FOREIGN KEY (a) REFERENCES app.t(id);
        """,
    "rows_held_back_by_a_trigger": """
        CREATE TABLE b (a integer, x text);
        CREATE TABLE t (id integer NOT NULL);
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
        CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
        INSERT INTO b VALUES (1,'x');
        INSERT INTO t VALUES (1);
        ALTER TABLE ONLY t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
        ALTER TABLE ONLY b ADD CONSTRAINT b_fk FOREIGN KEY (a) REFERENCES t(id);
        """,
    "rows_before_those_they_refer_to": """
        CREATE TABLE b (a integer, x text);
        CREATE TABLE t (id integer NOT NULL);
        INSERT INTO b VALUES (1,'x');
        INSERT INTO t VALUES (1);
        ALTER TABLE ONLY t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
        ALTER TABLE ONLY b ADD CONSTRAINT b_fk FOREIGN KEY (a) REFERENCES t(id);
        """,
    "column_filled_and_required": """
        CREATE TABLE a (i int PRIMARY KEY);
        INSERT INTO a VALUES (1);
        ALTER TABLE a ADD COLUMN b int;
        UPDATE a SET b = 2;
        ALTER TABLE a ALTER b SET NOT NULL;
        INSERT INTO a VALUES (2, 3);
        """,
    "keys_made_possible": """
        CREATE TABLE a (i int, n int);
        CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE c (pid int);
        INSERT INTO a VALUES (1,1),(1,2);
        INSERT INTO p VALUES (1);
        INSERT INTO c VALUES (7);
        DELETE FROM a WHERE n = 2;
        ALTER TABLE a ADD PRIMARY KEY (i);
        UPDATE a SET n = i;
        CREATE UNIQUE INDEX a_n ON a (n);
        UPDATE c SET pid = 1;
        ALTER TABLE c ADD FOREIGN KEY (pid) REFERENCES p (id);
        """,
    "settings_of_a_transaction": """
        CREATE SCHEMA s;
        BEGIN;
        SET LOCAL search_path = s;
        CREATE TABLE t (i int);
        INSERT INTO t VALUES (1);
        CREATE VIEW v AS SELECT * FROM t;
        COMMIT;
        CREATE TABLE t (j int);
        INSERT INTO t VALUES (2);
        """,
    "keys_off_for_a_transaction": """
        CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE c (pid int REFERENCES p);
        BEGIN;
        SET LOCAL session_replication_role = replica;
        INSERT INTO c VALUES (99);
        COMMIT;
        INSERT INTO p VALUES (1);
        INSERT INTO c VALUES (1);
        """,
    "granted_on_all_and_taken_from_one": """
        DROP ROLE IF EXISTS k_ro;
        CREATE ROLE k_ro;
        CREATE SCHEMA s;
        CREATE TABLE s.open (i int);
        CREATE TABLE s.secret (i int);
        GRANT SELECT ON ALL TABLES IN SCHEMA s TO k_ro;
        REVOKE SELECT ON s.secret FROM k_ro;
        DROP OWNED BY k_ro;
        GRANT SELECT ON s.secret TO owner;
        DROP ROLE k_ro;
        """,
    "operator_in_expressions": """
        CREATE FUNCTION sf(int,int) RETURNS int LANGUAGE sql IMMUTABLE AS 'select $1+$2';
        CREATE OPERATOR <+> (LEFTARG=int, RIGHTARG=int, FUNCTION=sf);
        CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a <+> 1) STORED);
        CREATE INDEX ti ON t ((a <+> 2));
        CREATE VIEW v AS SELECT a <+> 3 AS s FROM t;
        INSERT INTO t VALUES (1);
        """,
    "keys_off_between_rows": """
        CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE c (pid int REFERENCES p);
        SET session_replication_role = replica;
        INSERT INTO c VALUES (99);
        SET session_replication_role = DEFAULT;
        INSERT INTO p VALUES (1);
        INSERT INTO c VALUES (1);
        """,
    "setting_read_by_a_default": """
        SET app.x = 'one';
        CREATE TABLE t (i int, x text DEFAULT current_setting('app.x'));
        INSERT INTO t VALUES (1);
        SET app.x = 'two';
        INSERT INTO t VALUES (2);
        SELECT set_config('app.x', 'three', false);
        INSERT INTO t VALUES (3);
        """,
    "partitions_dropped": """
        CREATE TABLE l (id int, t date) PARTITION BY RANGE (t);
        CREATE TABLE l_1 PARTITION OF l FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
        CREATE TABLE l_2 PARTITION OF l FOR VALUES FROM ('2020-02-01') TO ('2020-03-01');
        CREATE INDEX l_ix ON l (id);
        INSERT INTO l VALUES (1,'2020-01-05'),(2,'2020-02-05');
        ALTER TABLE l DETACH PARTITION l_1;
        ALTER TABLE l_1 RENAME TO l_archive;
        DROP TABLE l_2;
        CREATE TABLE l_q PARTITION OF l FOR VALUES FROM ('2020-01-01') TO ('2020-04-01');
        INSERT INTO l VALUES (3,'2020-03-05');
        """,
    "overload_with_a_default": """
        CREATE TABLE t (a text);
        CREATE FUNCTION im(x text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ select upper(x) $$;
        CREATE INDEX ti ON t (im(a));
        INSERT INTO t VALUES ('b');
        DROP INDEX ti;
        DROP FUNCTION im(text);
        CREATE FUNCTION im(x text, y int DEFAULT 1) RETURNS text LANGUAGE sql IMMUTABLE
          AS $$ select lower(x) $$;
        """,
    "granted_under_another_path": """
        DROP ROLE IF EXISTS k_r;
        CREATE SCHEMA s1;
        CREATE SCHEMA s2;
        SET search_path = s1;
        CREATE TABLE t (i int);
        SET search_path = s2;
        CREATE ROLE k_r;
        GRANT SELECT ON s1.t TO k_r;
        CREATE TABLE p (i int PRIMARY KEY);
        ALTER TABLE s1.t ADD FOREIGN KEY (i) REFERENCES p;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$;
        CREATE TRIGGER tr BEFORE INSERT ON s1.t FOR EACH ROW EXECUTE FUNCTION f();
        INSERT INTO p VALUES (1);
        INSERT INTO s1.t VALUES (1);
        DROP OWNED BY k_r;
        DROP ROLE k_r;
        """,
    "schema_dropped_with_all": """
        CREATE SCHEMA s;
        CREATE TABLE s.t (i int);
        INSERT INTO s.t VALUES (1);
        DROP SCHEMA s CASCADE;
        CREATE SCHEMA s;
        CREATE TABLE s.t (z text);
        INSERT INTO s.t VALUES ('z');
        """,
    "table_of_a_transaction": """
        CREATE TABLE raw (line int, payload text);
        BEGIN;
        CREATE TEMP TABLE tmp_load (line int, payload text) ON COMMIT DROP;
        INSERT INTO tmp_load VALUES (1, 'Ann');
        INSERT INTO raw SELECT * FROM tmp_load;
        COMMIT;
        BEGIN;
        SELECT set_config('app.x', '42', true);
        INSERT INTO raw SELECT current_setting('app.x')::int, 'x';
        COMMIT;
        """,
    "keys_that_defer": """
        CREATE TABLE emp (id int PRIMARY KEY, dept int);
        CREATE TABLE dept (id int PRIMARY KEY, head int REFERENCES emp);
        ALTER TABLE emp ADD CONSTRAINT fk FOREIGN KEY (dept) REFERENCES dept DEFERRABLE;
        START TRANSACTION;
        SET CONSTRAINTS fk DEFERRED;
        INSERT INTO emp VALUES (1, 10);
        INSERT INTO dept VALUES (10, 1);
        COMMIT;
        ALTER TABLE dept ADD CONSTRAINT deputy FOREIGN KEY (id) REFERENCES dept
          DEFERRABLE INITIALLY DEFERRED;
        ALTER TABLE emp ALTER CONSTRAINT fk DEFERRABLE INITIALLY DEFERRED;
        BEGIN;
        INSERT INTO emp VALUES (2, 20);
        INSERT INTO dept VALUES (20, 2);
        COMMIT;
        BEGIN;
        INSERT INTO emp VALUES (3, 30);
        INSERT INTO dept VALUES (30, 3);
        COMMIT;
        """,
    "extension_in_a_schema_run_again": """
        DROP INDEX IF EXISTS public.place_trgm;
        DROP FUNCTION IF EXISTS public.crypt_it(text);
        DROP TABLE IF EXISTS public.place;
        DROP EXTENSION IF EXISTS pgcrypto;
        DROP EXTENSION IF EXISTS pg_trgm;
        DROP SCHEMA IF EXISTS ext;
        CREATE SCHEMA ext;
        CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA ext;
        CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA ext;
        CREATE FUNCTION public.crypt_it(text) RETURNS text LANGUAGE sql
          AS $_$ SELECT ext.crypt($1, 'ab') $_$;
        CREATE TABLE public.place (name text, id uuid DEFAULT ext.gen_random_uuid());
        CREATE INDEX place_trgm ON public.place USING gin (name ext.gin_trgm_ops);
        """,
    "foreign_server_run_again": """
        DROP FOREIGN TABLE IF EXISTS ft;
        DROP USER MAPPING IF EXISTS FOR owner SERVER remote;
        DROP SERVER IF EXISTS remote;
        DROP EXTENSION IF EXISTS postgres_fdw;
        CREATE EXTENSION postgres_fdw;
        CREATE SERVER remote FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h');
        CREATE USER MAPPING FOR owner SERVER remote OPTIONS (user 'a');
        CREATE FOREIGN TABLE ft (a int) SERVER remote;
        """,
    "placeholder_before_drops_run_again": """
        CREATE OR REPLACE VIEW av AS SELECT NULL::bigint AS id, NULL::text AS name;
        ALTER TABLE IF EXISTS ONLY c DROP CONSTRAINT IF EXISTS c_pkey;
        DROP VIEW IF EXISTS av;
        DROP TABLE IF EXISTS c;
        CREATE TABLE c (id bigint NOT NULL, name text);
        CREATE VIEW av AS SELECT NULL::bigint AS id, NULL::text AS name;
        INSERT INTO c VALUES (1, 'a');
        ALTER TABLE ONLY c ADD CONSTRAINT c_pkey PRIMARY KEY (id);
        CREATE OR REPLACE VIEW av AS SELECT c.id, c.name FROM c GROUP BY c.id;
        """,
    "type_given_up": """
        CREATE TABLE users (id int PRIMARY KEY, email text);
        CREATE TABLE posts (id int PRIMARY KEY, user_id int, title text);
        CREATE TYPE post_status AS ENUM ('draft', 'published');
        ALTER TABLE posts ADD COLUMN status post_status NOT NULL DEFAULT 'draft';
        INSERT INTO users (id, email) VALUES (1,'root@example.org');
        INSERT INTO posts (id, user_id, title) SELECT 1, id, 'Hello ' || email FROM users;
        ALTER TABLE users ADD COLUMN deleted_at TIMESTAMP;
        UPDATE users SET deleted_at = '2021-01-01' WHERE email LIKE 'b@%';
        ALTER TABLE posts ALTER COLUMN status DROP DEFAULT;
        ALTER TABLE posts ALTER COLUMN status TYPE VARCHAR(20) USING status::text;
        ALTER TABLE posts ALTER COLUMN status SET DEFAULT 'draft';
        DROP TYPE post_status;
        INSERT INTO posts (id, title) VALUES (2, 'Last');
        """,
    "all_names_in_quotes": '''
        CREATE SCHEMA "app";
        CREATE TABLE "app"."log" ("id" bigint NOT NULL, "at" date NOT NULL)
          PARTITION BY RANGE ("at");
        CREATE SEQUENCE "app"."log_id_seq" START WITH 1;
        ALTER SEQUENCE "app"."log_id_seq" OWNED BY "app"."log"."id";
        CREATE TABLE "app"."log_2020" ("id" bigint
          DEFAULT "nextval"('"app"."log_id_seq"'::"regclass") NOT NULL,
          "at" date NOT NULL);
        ALTER TABLE ONLY "app"."log" ATTACH PARTITION "app"."log_2020"
          FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        ALTER TABLE ONLY "app"."log" ALTER COLUMN "id"
          SET DEFAULT "nextval"('"app"."log_id_seq"'::"regclass");
        INSERT INTO "app"."log" VALUES (1, '2020-05-05');
        ALTER TABLE ONLY "app"."log_2020" ADD CONSTRAINT "log_2020_pkey" PRIMARY KEY ("id");
        CREATE INDEX "log_at" ON ONLY "app"."log" ("at");
        CREATE INDEX "log_2020_at" ON "app"."log_2020" ("at");
        ALTER INDEX "app"."log_at" ATTACH PARTITION "app"."log_2020_at";
        ''',
    "owner_dropped_first_run_again": """
        DROP TABLE IF EXISTS t;
        DROP SCHEMA IF EXISTS s CASCADE;
        DROP ROLE IF EXISTS k_a;
        DROP ROLE IF EXISTS k_b;
        CREATE ROLE k_a;
        CREATE ROLE k_b;
        GRANT k_b TO k_a GRANTED BY owner;
        CREATE SCHEMA s AUTHORIZATION k_a;
        CREATE TABLE t (i int);
        ALTER TABLE t ENABLE ROW LEVEL SECURITY;
        CREATE POLICY p ON t TO k_a USING (i > 0);
        ALTER TABLE t OWNER TO k_a;
        """,
    "needs_that_no_word_tells_run_again": """
        DROP TABLE IF EXISTS t;
        DROP COLLATION IF EXISTS german;
        DROP DOMAIN IF EXISTS dd;
        DROP OPERATOR IF EXISTS === (int, int);
        DROP FUNCTION IF EXISTS eq3(int, int);
        CREATE FUNCTION eq3(int, int) RETURNS bool LANGUAGE sql IMMUTABLE
          AS $$ SELECT $1 = $2 $$;
        CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = eq3);
        CREATE DOMAIN dd AS int CHECK (VALUE === VALUE);
        CREATE COLLATION german (provider = icu, locale = 'de');
        CREATE TABLE t (a text COLLATE german, d dd);
        INSERT INTO t VALUES ('a', 1);
        """,
    "key_of_the_row_before": """
        CREATE SEQUENCE author_id_seq;
        CREATE TABLE author (id int PRIMARY KEY DEFAULT nextval('author_id_seq'), n text);
        CREATE TABLE book (author int REFERENCES author, t text);
        INSERT INTO author (n) VALUES ('a');
        INSERT INTO book VALUES (currval('author_id_seq'), 'a1');
        INSERT INTO author (n) VALUES ('b');
        INSERT INTO book VALUES (currval('author_id_seq'), 'b1');
        INSERT INTO author (n) VALUES ('c') RETURNING id AS aid \\gset
        INSERT INTO book VALUES (:aid, 'c1');
        """,
    "numbers_of_one_sequence": """
        CREATE SEQUENCE s;
        CREATE TABLE a (i int PRIMARY KEY DEFAULT nextval('s'), n text);
        CREATE TABLE b (i int PRIMARY KEY DEFAULT nextval('s'), n text);
        CREATE TABLE c (i int PRIMARY KEY, n text);
        INSERT INTO a (n) VALUES ('1');
        INSERT INTO b (n) VALUES ('2');
        INSERT INTO a (n) VALUES ('3');
        INSERT INTO c VALUES (nextval('s'), '4');
        INSERT INTO a (n) VALUES ('5');
        INSERT INTO c VALUES (nextval('public.s'), '6');
        INSERT INTO c VALUES (currval('s') + 100, '7');
        """,
    "numbers_that_no_row_speaks_of": """
        CREATE TABLE base (i serial PRIMARY KEY, n text);
        CREATE TABLE kid (x int) INHERITS (base);
        CREATE TABLE alike (LIKE base INCLUDING DEFAULTS);
        CREATE TABLE named (i int DEFAULT nextval('base_i_seq'), n text);
        INSERT INTO base (n) VALUES ('1');
        INSERT INTO kid (n) VALUES ('2');
        INSERT INTO base (n) VALUES ('3');
        INSERT INTO alike (n) VALUES ('4');
        INSERT INTO kid (n) VALUES ('5');
        INSERT INTO named (n) VALUES ('6');
        INSERT INTO alike (n) VALUES ('7');
        INSERT INTO base (n) VALUES ('8');
        COPY named (n) FROM stdin;
9
\\.
        INSERT INTO base (n) VALUES ('10');
        """,
    "numbers_of_a_domain_or_a_routine": """
        CREATE SEQUENCE s;
        CREATE DOMAIN d AS int DEFAULT nextval('s');
        CREATE FUNCTION next_i() RETURNS bigint LANGUAGE sql AS $$ SELECT nextval('s') $$;
        CREATE TABLE a (i d, n text);
        CREATE TABLE b (i bigint DEFAULT next_i(), n text);
        INSERT INTO a (n) VALUES ('1');
        INSERT INTO b (n) VALUES ('2');
        INSERT INTO a (n) VALUES ('3');
        INSERT INTO b (n) VALUES ('4');
        """,
    "rows_that_triggers_and_views_write": """
        CREATE TABLE a (i serial PRIMARY KEY, n text);
        CREATE TABLE c (i serial PRIMARY KEY, n text);
        CREATE TABLE log (i serial PRIMARY KEY, n text);
        CREATE VIEW v AS SELECT * FROM a;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN INSERT INTO log (n) VALUES (NEW.n); RETURN NEW; END $$;
        CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();
        CREATE TRIGGER t AFTER INSERT ON c FOR EACH ROW EXECUTE FUNCTION f();
        INSERT INTO a (n) VALUES ('1');
        INSERT INTO c (n) VALUES ('2');
        INSERT INTO a (n) VALUES ('3');
        INSERT INTO v (n) VALUES ('4');
        INSERT INTO c (n) VALUES ('5');
        INSERT INTO log (n) VALUES ('6');
        INSERT INTO a (n) VALUES ('7');
        """,
    "variable_of_the_client": r"""
        \set k 1
        CREATE TABLE t (i int, n text);
        INSERT INTO t VALUES (:k, 'x');
        \set k 2
        INSERT INTO t VALUES (:k, 'y');
        """,
    "clustered_twice": """
        CREATE TABLE t (i serial PRIMARY KEY, n text);
        CREATE INDEX t_n ON t (n);
        CLUSTER t USING t_n;
        ALTER TABLE t CLUSTER ON t_pkey;
        """,
    "clustered_before_its_foreign_key": """
        CREATE TABLE a (i int, j int);
        CREATE TABLE b (i int);
        ALTER TABLE a ADD CONSTRAINT a_key PRIMARY KEY (i);
        CLUSTER a USING a_key;
        ALTER TABLE b ADD CONSTRAINT b_key PRIMARY KEY (i);
        CLUSTER b USING b_key;
        ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (j) REFERENCES b (i);
        """,
    "branches_of_the_client": r"""
        CREATE TABLE t (i int);
        INSERT INTO t VALUES (3);
        \if :{?missing}
        DROP TABLE t;
        CREATE TABLE wrong (i int);
        \else
        CREATE TABLE right_one (i int);
        \endif
        CREATE INDEX r ON right_one (i);
        SELECT EXISTS (SELECT FROM t WHERE i = 3) AS has \gset
        \if :has
        INSERT INTO t VALUES (4);
        \endif
        """,
    "trigger_that_reads_another_table": """
        CREATE TABLE a (id int PRIMARY KEY, n text, seen int);
        CREATE TABLE b (id int PRIMARY KEY, n text);
        CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql
          AS $$ BEGIN SELECT count(*) INTO NEW.seen FROM b; RETURN NEW; END $$;
        CREATE TRIGGER tr BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION look();
        INSERT INTO b VALUES (1, 'x');
        INSERT INTO a VALUES (1, 'one b');
        INSERT INTO b VALUES (2, 'x');
        INSERT INTO a VALUES (2, 'two b');
        INSERT INTO b VALUES (3, 'x');
        """,
    "row_that_calls_what_reads": """
        CREATE TABLE a (id serial PRIMARY KEY, n text);
        CREATE FUNCTION top_a() RETURNS bigint LANGUAGE sql AS $$ SELECT max(id) FROM a $$;
        CREATE TABLE b (a int, n text);
        INSERT INTO a (n) VALUES ('1');
        INSERT INTO b VALUES (top_a(), 'of 1');
        INSERT INTO a (n) VALUES ('2');
        INSERT INTO b VALUES (top_a(), 'of 2');
        INSERT INTO a (n) VALUES ('3');
        """,
    "trigger_that_writes_by_another_routine": """
        CREATE TABLE a (id serial PRIMARY KEY, n text);
        CREATE TABLE c (id serial PRIMARY KEY, n text);
        CREATE TABLE log (id serial PRIMARY KEY, n text);
        CREATE FUNCTION note(t text) RETURNS void LANGUAGE sql
          AS $$ INSERT INTO log (n) VALUES (t) $$;
        CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql
          AS $$ BEGIN PERFORM note(NEW.n); RETURN NEW; END $$;
        CREATE TRIGGER ta AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION tf();
        CREATE TRIGGER tc AFTER INSERT ON c FOR EACH ROW EXECUTE FUNCTION tf();
        INSERT INTO a (n) VALUES ('1');
        INSERT INTO c (n) VALUES ('2');
        INSERT INTO a (n) VALUES ('3');
        INSERT INTO c (n) VALUES ('4');
        INSERT INTO log (n) VALUES ('5');
        INSERT INTO a (n) VALUES ('6');
        """,
    "triggers_made_by_a_routine": """
        CREATE TABLE a (id serial PRIMARY KEY, n text);
        CREATE TABLE c (id serial PRIMARY KEY, n text);
        CREATE TABLE log (id serial PRIMARY KEY, n text);
        CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql
          AS $$ BEGIN INSERT INTO log (n) VALUES (NEW.n); RETURN NEW; END $$;
        CREATE FUNCTION audit_table(t regclass) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
          EXECUTE format('CREATE TRIGGER audit AFTER INSERT ON %s FOR EACH ROW
            EXECUTE FUNCTION tf()', t); END $$;
        SELECT audit_table('a');
        SELECT audit_table('c');
        INSERT INTO a (n) VALUES ('1');
        INSERT INTO c (n) VALUES ('2');
        INSERT INTO a (n) VALUES ('3');
        INSERT INTO c (n) VALUES ('4');
        """,
    "trigger_of_a_parent_of_partitions": """
        CREATE TABLE p (id serial, d int, n text) PARTITION BY RANGE (d);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
        CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
        CREATE TABLE log (id serial, n text);
        CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql
          AS $$ BEGIN INSERT INTO log (n) VALUES (NEW.n); RETURN NEW; END $$;
        CREATE TRIGGER t AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION tf();
        INSERT INTO p1 (d, n) VALUES (1, '1');
        INSERT INTO log (n) VALUES ('2');
        INSERT INTO p2 (d, n) VALUES (11, '3');
        INSERT INTO p1 (d, n) VALUES (1, '4');
        INSERT INTO p (d, n) VALUES (11, '5');
        INSERT INTO log (n) VALUES ('6');
        INSERT INTO p1 (id, d, n) VALUES (100, 1, '7');
        INSERT INTO p2 (id, d, n) VALUES (100, 11, '8');
        INSERT INTO p1 (id, d, n) VALUES (100, 1, '9');
        """,
    "rows_of_a_ring_of_keys": """
        CREATE TABLE a (id int PRIMARY KEY, b int);
        CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
        ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
        INSERT INTO a VALUES (1, NULL);
        INSERT INTO b VALUES (1, 1);
        INSERT INTO a VALUES (2, 1);
        INSERT INTO b VALUES (2, 2);
        INSERT INTO a VALUES (3, 2);
        """,
    "ring_of_keys_behind_its_rows": """
        CREATE TABLE a (id int PRIMARY KEY, other int);
        CREATE TABLE b (id int PRIMARY KEY, other int);
        INSERT INTO a VALUES (1, 1);
        INSERT INTO b VALUES (1, 1);
        ALTER TABLE a ADD CONSTRAINT ab FOREIGN KEY (other) REFERENCES b;
        ALTER TABLE b ADD CONSTRAINT ba FOREIGN KEY (other) REFERENCES a;
        """,
    "parent_that_shows_rows_of_its_children": """
        CREATE TABLE p (id int);
        CREATE TABLE c () INHERITS (p);
        INSERT INTO c VALUES (1);
        CREATE TABLE sums AS SELECT sum(id) FROM p;
        INSERT INTO c VALUES (2);
        CREATE TABLE m (id int, d date);
        ALTER TABLE m ADD PRIMARY KEY (id, d);
        CREATE TABLE m2 (LIKE m INCLUDING ALL);
        """,
    "transaction_that_is_rolled_back": """
        CREATE TABLE a (id serial PRIMARY KEY, n text);
        INSERT INTO a (n) VALUES ('1');
        BEGIN;
        DROP TABLE a;
        CREATE TABLE x (i int);
        ROLLBACK;
        CREATE TABLE x (j text);
        BEGIN;
        INSERT INTO a (n) VALUES ('2');
        SAVEPOINT s;
        INSERT INTO a (n) VALUES ('3');
        ROLLBACK TO SAVEPOINT s;
        RELEASE SAVEPOINT s;
        COMMIT;
        INSERT INTO a (n) VALUES ('4');
        INSERT INTO x VALUES ('y');
        """,
    "left_behind_a_transaction": """
        BEGIN;
        CREATE TABLE a (i int);
        INSERT INTO a VALUES (1);
        CREATE VIEW v AS SELECT * FROM a;
        COMMIT;
        \\q
        DROP TABLE a;
        """,
    "left_behind_a_copy": """
        BEGIN;
        CREATE TABLE a (i int);
        CREATE TABLE b (i int);
        INSERT INTO a VALUES (1);
        INSERT INTO b VALUES (1);
        COMMIT;
        COPY a FROM stdin; \\q
2
3
\\.
        DROP TABLE b;
        """,
    "left_within_a_statement": """
        SET check_function_bodies = false;
        CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM b';
        CREATE TABLE a (i int);
        CREATE TABLE b (i int) \\q
        DROP TABLE a;
        """,
}


def main():
    engine, *names = sys.argv[1:]
    if programs() is None:
        print("skipped: the package postgresql is not installed")
        return 77
    with PostgresqlServer() as server:
        script = server.directory + "/migration.sql"

        def load(text):
            with open(script, "w", encoding="utf-8") as file:
                file.write(text)
            server.create_database("loaded")
            errors = server.run("loaded", script, "/")
            return server.dump("loaded"), errors

        unsure = {("trigger_fills_another", "compact", "separate"),
                  ("trigger_of_a_parent_of_partitions", "compact", "separate"),
                  ("trigger_of_a_parent_of_partitions", "compact", "inline")}
        return Migrations(engine, "postgresql", load, unsure).run(SCRIPTS, names)


if __name__ == "__main__":
    sys.exit(main())
