"""A PostgreSQL schema made up from a seed: tables, views over views, routines and triggers, with
what misleads whoever looks for names: CTEs and aliases called like tables, keywords as names, FROM
inside functions, literals and comments that hold SQL. It says nothing of its truth: the server
does."""

import random

SCHEMAS = ("public", "sales", '"Stock Room"')
NOUNS = ("account", "order", '"Order Line"', "film", "select_list", "user", "from_date", "item",
         "\"it's\"", "table", "value", '"Mixed"', "address", "log")
KEYWORDS = ("order", "user", "table")


def quoted(name):
    return f'"{name}"' if name in KEYWORDS else name


class Schema:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.parts = ["SET check_function_bodies = off;\n"]
        self.tables, self.views, self.functions, self.sequences = [], [], [], []
        self.count = 0

    def pick(self, choices):
        return self.random.choice(choices)

    def name(self):
        self.count += 1
        noun = self.pick(NOUNS)
        if noun.startswith('"'):
            return f'{noun[:-1]} {self.count}"'
        return f"{noun}{self.count}"

    def write(self, text):
        self.parts.append(text + ";\n\n")

    def place(self):
        """A new qualified name."""
        return f"{self.pick(SCHEMAS)}.{self.name()}"

    def relation(self):
        return self.pick(self.tables + self.views[-60:])

    def spelled(self, relation):
        """Without the schema where the search path finds it."""
        if relation.startswith("public.") and self.random.random() < 0.4:
            return relation[len("public."):]
        return relation.upper() if '"' not in relation and self.random.random() < 0.1 else relation

    def start(self):
        for schema in SCHEMAS[1:]:
            self.write(f"CREATE SCHEMA {schema}")
        for noun in KEYWORDS:
            self.table(f'public."{noun}"')
        for _ in range(40):
            self.table(self.place())
        for _ in range(5):
            self.partitions()
        for _ in range(6):
            self.sequences.append(self.place())
            self.write(f"CREATE SEQUENCE {self.sequences[-1]}")
        for _ in range(8):
            self.plain_function()

    def table(self, name):
        key = self.name()
        columns = ["id integer PRIMARY KEY", "a integer DEFAULT 1", "b text DEFAULT 'FROM x, y'",
                   "c date", "UNIQUE (id, a)"]
        if self.tables and self.random.random() < 0.7:
            target = self.pick(self.tables)
            columns.append(self.pick((
                f"owner integer REFERENCES {target}", f"owner integer REFERENCES {target} (id)",
                f"CONSTRAINT {key} FOREIGN KEY (a) REFERENCES {target} ON DELETE CASCADE",
                f"FOREIGN KEY (id, a) REFERENCES {target} (id, a)")))
        self.write(f"CREATE TABLE {name} (\n  " + ",\n  ".join(columns) + "\n)")
        if len(self.tables) > 3 and self.random.random() < 0.4:
            self.write(f"ALTER TABLE ONLY {name} ADD CONSTRAINT {self.name()} FOREIGN KEY (a) "
                       f"REFERENCES {self.pick(self.tables)} (id) DEFERRABLE")
        self.tables.append(name)

    def partitions(self):
        """A table in parts, attached as pg_dump does it, and a child."""
        parent, part, child = self.place(), self.place(), self.place()
        self.write(f"CREATE TABLE {parent} (id integer) PARTITION BY RANGE (id)")
        self.write(f"CREATE TABLE {part} (id integer)")
        self.write(f"ALTER TABLE ONLY {parent} ATTACH PARTITION {part} FOR VALUES FROM (1) TO (9)")
        self.write(f"CREATE TABLE {self.place()} PARTITION OF {parent} DEFAULT")
        self.write(f"CREATE TABLE {child} () INHERITS ({self.pick(self.tables)})")

    def plain_function(self):
        name = self.place()
        self.write(f"CREATE FUNCTION {name}(x integer) RETURNS integer LANGUAGE sql IMMUTABLE AS "
                   "'SELECT x + 1'")
        self.functions.append(name)

    def source(self, alias):
        """A relation with an alias that has id, a, b and c."""
        one, two = self.spelled(self.relation()), self.spelled(self.relation())
        return self.pick((
            f"{one} {alias}", f"{one} AS {alias}", f"ONLY {self.pick(self.tables)} AS {alias}",
            f"(SELECT * FROM {one}) {alias}",
            f"(SELECT id, a, b, c FROM {one} UNION ALL SELECT id, a, b, c FROM {two}) AS {alias}",
            f"LATERAL (SELECT q.* FROM {one} q WHERE q.id > 0) {alias}",
            f"({one} AS {alias} CROSS JOIN (SELECT 1 AS k) {alias}2)",
            f"(SELECT l.id, l.a, r.b, r.c FROM {one} l LEFT JOIN {two} r USING (id)) {alias}"))

    def condition(self, alias):
        one = self.spelled(self.relation())
        call = self.pick(self.functions)
        return self.pick((
            f"{alias}.id IN (SELECT id FROM {one})", f"EXISTS (SELECT FROM {one} e WHERE e.id = 1)",
            f"EXISTS (TABLE {one})",
            f"extract(year FROM {alias}.c) > 2000", f"{alias}.b <> 'SELECT 1 FROM nowhere'",
            f"{alias}.a IS DISTINCT FROM {alias}.id", f"trim(both 'x' FROM {alias}.b) = ''",
            f"{call}({alias}.a) > 1", f"substring({alias}.b FROM 2 FOR 3) = $q$FROM none$q$",
            f"{alias}.a = ANY (ARRAY(SELECT a FROM {one})) -- FROM comment, other\n",
            f"{alias}.id > (SELECT max(m.a) /* FROM (b) */ FROM {one} AS m)"))

    def query(self):
        one, two = self.spelled(self.relation()), self.spelled(self.relation())
        # A CTE may be called as a table is.
        cte = self.pick([quoted(t.split(".")[-1]) for t in self.tables if '"' not in t])
        return self.pick((
            lambda: f"SELECT s.id, s.a, s.b, s.c FROM {self.source('s')} WHERE "
                    + self.condition("s"),
            lambda: f"SELECT s.id, t.a, s.b, t.c FROM {self.source('s')} JOIN {self.source('t')} "
                    f"ON s.id = t.id AND " + self.condition("t"),
            lambda: f"SELECT s.id, s.a, t.b, t.c FROM {one} s, {self.source('t')} WHERE "
                    + self.condition("s"),
            lambda: f"WITH {cte} AS (SELECT * FROM {two}) SELECT x.id, x.a, x.b, x.c FROM {cte} x",
            lambda: f"WITH {cte} (id, a, b, c) AS (SELECT id, a, b, c FROM {one}), w AS "
                    f"MATERIALIZED (SELECT * FROM {cte}) SELECT w.id, w.a, w.b, w.c FROM w "
                    f"CROSS JOIN {two} AS {cte}",
            lambda: f"WITH RECURSIVE r AS (SELECT id, a, b, c FROM {one} UNION SELECT r.id, r.a, "
                    f"o.b, o.c FROM r NATURAL JOIN {two} o) SELECT id, a, b, c FROM r",
            lambda: f"SELECT id, a, b, c FROM {one} EXCEPT (SELECT id, a, b, c FROM {two})",
            lambda: f"SELECT id, a, b, c FROM {one} ORDER BY id LIMIT 3",
            lambda: f"SELECT s.id, CASE WHEN {self.condition('s')} THEN 1 ELSE 2 END AS a, s.b, "
                    f"s.c FROM {one} AS s",
            lambda: f"SELECT s.id, row_number() OVER (PARTITION BY s.a ORDER BY s.c)::integer AS a,"
                    f" s.b, s.c FROM {one} s JOIN LATERAL (SELECT s.id AS z FROM {two}) k ON true",
            lambda: f"SELECT g AS id, {self.pick(self.functions)}(g) AS a, b.b, b.c FROM "
                    f"generate_series(1, 3) AS g, {two} b",
        ))()

    def view(self):
        name = self.place()
        kind = self.pick(("VIEW", "VIEW", "OR REPLACE VIEW", "MATERIALIZED VIEW"))
        columns = self.pick(("", "", " (id, a, b, c)"))
        self.write(f"CREATE {kind} {name}{columns} AS\n{self.query()}")
        self.views.append(name)

    def statement(self):
        """Of a body in PL/pgSQL."""
        one, two = self.spelled(self.relation()), self.spelled(self.pick(self.tables))
        call, sequence = self.pick(self.functions), self.pick(self.sequences)
        return self.pick((
            f"PERFORM s.id FROM {self.source('s')} WHERE {self.condition('s')};",
            f"SELECT s.id INTO n FROM {one} s LIMIT 1;",
            f"INSERT INTO {two} (id, a) SELECT q.id, q.a FROM {one} q ON CONFLICT (id) DO UPDATE "
            "SET a = excluded.a;",
            f"INSERT INTO {two} AS target VALUES (nextval('{sequence}'), 1);",
            f"UPDATE {two} AS u SET a = n FROM {one} AS o WHERE o.id = u.id;",
            f"UPDATE {two} SET b = 'DELETE FROM x' WHERE a = {call}(n);",
            f"DELETE FROM {two} d USING {one} AS o WHERE o.id = d.id;",
            f"DELETE FROM ONLY {two} WHERE id = n;",
            f"FOR row IN SELECT * FROM {one} LOOP n := {call}(row.id); END LOOP;",
            f"IF EXISTS (SELECT 1 FROM {one}) THEN RAISE NOTICE 'FROM %', n; END IF;",
            f"n := (SELECT count(*) FROM {one});",
            f"MERGE INTO {two} m USING {one} o ON m.id = o.id WHEN MATCHED THEN DELETE;",
            f"WITH gone AS (DELETE FROM {two} RETURNING *) SELECT count(*) INTO n FROM gone;",
            f"n := {call}(2); -- UPDATE nothing SET x = 1",
            f"BEGIN n := 1 / (SELECT max(a) FROM {one}); EXCEPTION WHEN OTHERS THEN NULL; END;",
            f"CASE n WHEN 1 THEN DELETE FROM {two}; ELSE n := 2; END CASE;",
            f"WHILE n > (SELECT min(a) FROM {one}) LOOP n := n - 1; EXIT; END LOOP;",
            f"OPEN cur FOR SELECT id FROM {one}; FETCH FROM cur INTO n; CLOSE cur;",
        ))

    def body(self, end):
        lines = "\n  ".join(self.statement() for _ in range(self.random.randrange(1, 6)))
        return f"DECLARE\n  n integer; row record; cur refcursor;\nBEGIN\n  {lines}\n  {end}\nEND"

    def routine(self):
        name = self.place()
        self.pick((
            lambda: self.write(f"CREATE FUNCTION {name}(p integer) RETURNS integer LANGUAGE plpgsql"
                               f" AS $$\n{self.body('RETURN n;')}\n$$"),
            lambda: self.write(f"CREATE FUNCTION {name}(p integer) RETURNS integer AS $body$\n"
                               f"{self.body('RETURN n;')}\n$body$ LANGUAGE plpgsql VOLATILE"),
            lambda: self.write(
                f"CREATE FUNCTION {name}(p integer) RETURNS integer LANGUAGE sql\nBEGIN ATOMIC\n  "
                f"INSERT INTO {self.pick(self.tables)} (id) SELECT z.id FROM ({self.query()}) AS z;"
                f"\n  SELECT s.a FROM {self.source('s')} WHERE {self.condition('s')};\nEND"),
            lambda: self.write(f"CREATE FUNCTION {name}(p integer) RETURNS integer LANGUAGE sql\n"
                               f"RETURN (SELECT max(q.a) FROM ({self.query()}) q)"),
        ))()
        self.functions.append(name)

    def procedure(self):
        self.write(f"CREATE PROCEDURE {self.place()}(p integer) LANGUAGE plpgsql AS $$\n"
                   f"{self.body('NULL;')}\n$$")

    def trigger(self):
        function, table = self.place(), self.pick(self.tables)
        self.write(f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$\n"
                   f"{self.body('RETURN NEW;')}\n$$")
        events = self.pick(("BEFORE INSERT OR UPDATE", "AFTER DELETE", "AFTER UPDATE OF a, b",
                            "BEFORE UPDATE OR DELETE OR INSERT"))
        when = self.pick(("", "", "WHEN (pg_trigger_depth() < 1) "))
        self.write(f"CREATE TRIGGER {self.name()} {events} ON {table} FOR EACH ROW {when}EXECUTE "
                   + self.pick(("FUNCTION", "PROCEDURE")) + f" {function}()")


def schema_script(seed, objects):
    """A script of so many views, routines and triggers."""
    schema = Schema(seed)
    schema.start()
    for _ in range(objects):
        schema.pick((schema.view, schema.view, schema.routine, schema.procedure,
                     schema.trigger))()
    return "".join(schema.parts)
