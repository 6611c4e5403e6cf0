"""What of a dump is there when the files that it was cut into have been run by the real client.

`Client` of a kind is a context: census(text) runs the text in an empty database and returns
{"rows": .., "objects": .., "errors": ..}; missing() says why there is none.
"""

import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "tests/servers"))
import mariadb_server  # noqa: E402
import postgresql_server  # noqa: E402

# What every real dump holds besides tables and rows, and the generated ones do not.
TAILS = {"mysql": """
--
-- Dumping routines for database 'bench'
--

DELIMITER ;;
CREATE PROCEDURE `forget`(IN most INT)
BEGIN
  DELETE FROM `log0` WHERE `id` > most;
END ;;
CREATE FUNCTION `twice`(n INT) RETURNS int DETERMINISTIC
BEGIN
  RETURN n + n;
END ;;
CREATE TRIGGER `log1_at` BEFORE INSERT ON `log1` FOR EACH ROW
BEGIN
  SET NEW.`extra` = 1;
END ;;
DELIMITER ;

--
-- Final view structure for view `late`
--

CREATE VIEW `late` AS SELECT `id`, `remark` FROM `log0` WHERE `at` > '2024-05-17 08:30:00';
""", "postgresql": """
--
-- Name: twice(integer); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.twice(n integer) RETURNS integer
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN n + n; -- not the end
END;
$$;


--
-- Name: late; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public.late AS
 SELECT id, remark FROM public.log0 WHERE at > '2024-05-17 08:30:00';


--
-- Name: log_number; Type: SEQUENCE; Schema: public; Owner: postgres
--

CREATE SEQUENCE public.log_number START WITH 1;


--
-- Name: log_number; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.log_number', 4711, true);


--
-- Name: log0 log0_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.log0
    ADD CONSTRAINT log0_pkey PRIMARY KEY (id);


--
-- Name: log1_at; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX log1_at ON public.log1 USING btree (at);
"""}


class Client:
    """A server that is there as long as this is."""

    def __init__(self, server):
        self.server = server

    def __enter__(self):
        self.server.__enter__()
        return self

    def __exit__(self, *error):
        self.server.__exit__(*error)


class Mysql(Client):
    def __init__(self):
        super().__init__(mariadb_server.MariadbServer())

    @staticmethod
    def missing():
        return None if mariadb_server.is_installed() else "no mariadb-server"

    def census(self, text, scratch):
        del scratch
        query = self.server.query
        query("DROP DATABASE IF EXISTS bench; CREATE DATABASE bench")
        errors = self.server.run("USE bench;\n" + text)
        tables = query("SELECT table_name FROM information_schema.tables WHERE table_schema = "
                       "'bench' AND table_type = 'BASE TABLE'")
        rows = sum(int(query(f"SELECT count(*) FROM bench.`{name}`")[0][0]) for (name,) in tables)
        objects = 0
        for where, schema in (("tables", "table_schema"), ("routines", "routine_schema"),
                              ("triggers", "trigger_schema")):
            objects += int(query(f"SELECT count(*) FROM information_schema.{where} "
                                 f"WHERE {schema} = 'bench'")[0][0])
        return {"rows": rows, "objects": objects, "errors": len(errors)}


class Postgresql(Client):
    def __init__(self):
        super().__init__(postgresql_server.PostgresqlServer())

    @staticmethod
    def missing():
        return None if postgresql_server.programs() else "no postgresql"

    def census(self, text, scratch):
        scratch.write_text(text, encoding="utf-8")
        self.server.create_database("bench")
        errors = self.server.run("bench", scratch, scratch.parent)
        scratch.unlink()

        def number(sql):
            return int(self.server.psql("bench", sql).strip() or 0)

        names = self.server.psql("bench", "SELECT relname FROM pg_class WHERE relkind = 'r' AND "
                                 "relnamespace = 'public'::regnamespace").split()
        rows = sum(number(f"SELECT count(*) FROM public.{name}") for name in names)
        objects = number("SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = "
                         "'public'::regnamespace) + (SELECT count(*) FROM pg_proc WHERE "
                         "pronamespace = 'public'::regnamespace)")
        if number("SELECT count(*) FROM pg_class WHERE relname = 'log_number'"):
            # A sequence that begins anew hands out keys that are taken.
            objects += number("SELECT (last_value = 4711)::int FROM public.log_number")
        return {"rows": rows, "objects": objects, "errors": len(errors)}


CLIENTS = {"mysql": Mysql, "postgresql": Postgresql}


def is_missing(kind):
    client = {"mysql": "mariadb", "postgresql": "psql"}[kind]
    return CLIENTS[kind].missing() or (None if shutil.which(client) else f"no {client}")
