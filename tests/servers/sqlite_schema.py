"""A SQLite schema made up from a seed: tables, views over views and triggers, with names, literals
and comments that mislead. It says nothing of its truth: SQLite does."""

import random

NOUNS = ("account", "[order]", '"Order Line"', "film", "`from`", "select_list", "item", "[it's]",
         "Mixed")


class Schema:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.parts, self.tables, self.views = [], [], []
        self.ones = []  # of one column
        self.count = 0

    def pick(self, choices):
        return self.random.choice(choices)

    def name(self):
        self.count += 1
        noun = self.pick(NOUNS)
        last = noun[-1] if noun[-1] in '"]`' else ""
        return noun[:len(noun) - len(last)] + str(self.count) + last

    def write(self, text):
        self.parts.append(text + ";\n\n")

    def relation(self):
        one = self.pick(self.tables + self.views[-40:])
        return self.pick((one, one, "main." + one, one.upper()))

    def table(self):
        name = self.name()
        columns = ["id INTEGER PRIMARY KEY", "a INT DEFAULT 1", "b TEXT DEFAULT 'FROM x, y'",
                   "c DATE"]
        if self.tables:
            target = self.pick(self.tables)
            columns.append(self.pick((
                f"owner INT REFERENCES {target}", f"owner INT REFERENCES {target} (id)",
                f"owner INT CONSTRAINT [k y] REFERENCES {target}(id) ON DELETE SET NULL",
                f"CONSTRAINT q FOREIGN KEY (a, id) REFERENCES {target} (a, id)",
                f"FOREIGN KEY (a) REFERENCES {target} DEFERRABLE")))
        self.write(f"CREATE TABLE {name} (\n  " + ",\n  ".join(columns) + "\n)")
        self.tables.append(name)

    def one(self):
        name = self.name()
        self.write(f"CREATE TABLE {name} (only_one INT)")
        self.ones.append(name)

    def source(self, alias):
        one, two = self.relation(), self.relation()
        return self.pick((
            f"{one} {alias}", f"{one} AS {alias}",
            f"{self.pick(self.tables)} {alias} NOT INDEXED", f"{one} AS '{alias}'",
            f"(SELECT * FROM {one}) {alias}",
            f"(SELECT id, a, b, c FROM {one} UNION ALL SELECT id, a, b, c FROM {two}) AS {alias}",
            f"(SELECT l.id, l.a, r.b, r.c FROM {one} l LEFT JOIN {two} r USING (id)) {alias}"))

    def condition(self, alias):
        one = self.relation()
        return self.pick((
            f"{alias}.id IN (SELECT id FROM {one})",
            f"{alias}.id IN {self.pick(self.ones)}",
            f"{alias}.a NOT IN main.{self.pick(self.ones)}",
            f"EXISTS (SELECT e.id FROM {one} e WHERE e.id = 1)",
            f"{alias}.b <> 'SELECT 1 FROM nowhere'", f"{alias}.a IS NOT {alias}.id",
            f"{alias}.a IS DISTINCT FROM {alias}.id", f"max({alias}.a, 2) > 1 -- FROM comment\n",
            f"{alias}.id > (SELECT max(m.a) /* FROM (b) */ FROM {one} AS m)"))

    def query(self):
        one, two = self.relation(), self.relation()
        taken = one.upper() + " " + two.upper()  # a CTE that reads its own name is none
        cte = self.pick([name for name in self.tables if name.upper() not in taken])
        return self.pick((
            lambda: f"SELECT s.id, s.a, s.b, s.c FROM {self.source('s')} WHERE "
                    + self.condition("s"),
            lambda: f"SELECT s.id, t.a, s.b, t.c FROM {self.source('s')} JOIN {self.source('t')} "
                    "ON s.id = t.id AND " + self.condition("t"),
            lambda: f"SELECT s.id, s.a, t.b, t.c FROM {one} s, {self.source('t')} WHERE "
                    + self.condition("s"),
            lambda: f"WITH {cte} AS (SELECT * FROM {two}) SELECT x.id, x.a, x.b, x.c FROM {cte} x",
            lambda: "WITH RECURSIVE rr AS (SELECT id, a, b, c FROM "
                    f"{one} UNION SELECT rr.id, rr.a, o.b, o.c FROM rr, {two} o WHERE o.id < 3) "
                    "SELECT id, a, b, c FROM rr",
            lambda: f"SELECT id, a, b, c FROM {one} EXCEPT SELECT id, a, b, c FROM {two}",
            lambda: f"SELECT s.id, row_number() OVER (PARTITION BY s.a ORDER BY s.c) AS a, s.b, "
                    f"s.c FROM ({one} s CROSS JOIN {two} t)",
        ))()

    def view(self):
        name = self.name()
        self.write(f"CREATE VIEW {self.pick(('', 'IF NOT EXISTS '))}{name} AS\n{self.query()}")
        self.views.append(name)

    def trigger(self):
        table = self.pick(self.tables)
        events = self.pick(("BEFORE INSERT", "AFTER DELETE", "AFTER UPDATE", "BEFORE UPDATE OF a"))
        steps = "\n  ".join(self.step() for _ in range(self.random.randrange(1, 4)))
        self.write(f"CREATE TRIGGER {self.name()} {events} ON {table} "
                   + self.pick(("", "FOR EACH ROW ")) + f"BEGIN\n  {steps}\nEND")

    def step(self):
        one, two = self.relation(), self.pick(self.tables)
        return self.pick((
            f"INSERT INTO {two} (id, a) SELECT q.id, q.a FROM {one} q WHERE q.id > 3;",
            f"INSERT OR REPLACE INTO {two} (id) VALUES (1);",
            f"REPLACE INTO {two} (id, b) VALUES (2, 'DELETE FROM x');",
            f"UPDATE {two} SET a = (SELECT max(z.a) FROM {one} z) WHERE id = 1;",
            f"UPDATE OR IGNORE {two} SET b = 'FROM y';",
            f"DELETE FROM {two} WHERE id IN (SELECT id FROM {one});",
            f"SELECT RAISE(ABORT, 'no FROM') FROM {one} r WHERE r.id = 1;"))


def schema_script(seed, objects):
    """A script of so many views and triggers."""
    schema = Schema(seed)
    for _ in range(40):
        schema.table()
    for _ in range(5):
        schema.one()
    for _ in range(objects):
        schema.pick((schema.view, schema.trigger))()
    return "".join(schema.parts)
