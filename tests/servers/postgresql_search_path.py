"""A script of several schemas that hold the same names, written under changing search paths: which
table a name without a schema means, only the path in force says."""

import random

SCHEMAS = ("public", "sales", "hr", "Big One")
NAMES = ("item", "person", "place", "part", "note", "kind")


def quoted(schema):
    return f'"{schema}"' if " " in schema else schema


class SearchPaths:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = [f"CREATE SCHEMA {quoted(schema)};" for schema in SCHEMAS[1:]]
        self.path = ["public"]
        self.there = {schema: set() for schema in SCHEMAS}  # tables and views, by schema
        self.made = 0

    def set_path(self):
        self.path = self.random.sample(SCHEMAS, self.random.randint(1, len(SCHEMAS)))
        names = ", ".join(map(quoted, self.path))
        self.lines.append(self.random.choice((
            f"SET search_path = {names};", f"SET search_path TO {names}, pg_catalog;",
            f"SELECT pg_catalog.set_config('search_path', '{names}', false);")))

    def visible(self, path=None):
        """Names that the path leads to: without a schema they can be said."""
        return sorted(set().union(*(self.there[schema] for schema in path or self.path)))

    def new_name(self, kind):
        self.made += 1
        return f"{kind}_{self.made}"

    def table(self):
        schema = self.path[0]
        free = [name for name in NAMES if name not in self.there[schema]]
        name = self.random.choice(free) if free else self.new_name("extra")
        tables = [one for one in self.visible() if not one.startswith("v_")]
        key = ""
        if tables and self.random.random() < 0.5:
            key = f", other int REFERENCES {self.random.choice(tables)} (id)"
        self.lines.append(f"CREATE TABLE {name} (id int PRIMARY KEY, label text{key});")
        self.there[schema].add(name)

    def view(self):
        names = self.visible()
        if not names:
            return
        own = self.new_name("v")
        schema = self.random.choice(SCHEMAS)
        written = f"{quoted(schema)}.{own}"
        if schema == self.path[0] and self.random.random() < 0.5:
            written = own
        one, other = self.random.choice(names), self.random.choice(names)
        self.lines.append(f"CREATE VIEW {written} AS SELECT x.id, y.label FROM {one} x "
                          f"JOIN {other} y ON x.id = y.id;")
        self.there[schema].add(own)

    def key(self):
        """Of a table that lies anywhere on the path."""
        tables = [name for name in self.visible() if not name.startswith("v_")]
        if len(tables) < 2:
            return
        own, target = self.random.sample(tables, 2)
        name = self.new_name("key")
        self.lines.append(f"ALTER TABLE {own} ADD CONSTRAINT {name} FOREIGN KEY (id) "
                          f"REFERENCES {target} (id);")

    def function(self):
        path = self.random.sample(SCHEMAS, 2)
        names = self.visible(path)
        if not names:
            return
        clause = ", ".join(map(quoted, path))
        self.lines.append(
            f"CREATE FUNCTION {quoted(self.random.choice(SCHEMAS))}.{self.new_name('f')}() "
            f"RETURNS bigint LANGUAGE plpgsql SET search_path = {clause} AS $$\n"
            f"BEGIN\n  RETURN (SELECT count(*) FROM {self.random.choice(names)});\nEND $$;")

    def trigger(self):
        tables = [name for name in self.visible() if not name.startswith("v_")]
        if not tables:
            return
        self.lines.append(f"CREATE TRIGGER {self.new_name('g')} BEFORE UPDATE ON "
                          f"{self.random.choice(tables)} FOR EACH ROW EXECUTE FUNCTION "
                          "suppress_redundant_updates_trigger();")

    def script(self, steps):
        for schema in SCHEMAS:
            self.path = [schema]
            self.lines.append(f"SET search_path = {quoted(schema)};")
            for _ in range(3):
                self.table()
        for step in range(steps):
            if step % 4 == 0:
                self.set_path()
            self.random.choice((self.table, self.view, self.view, self.view, self.key,
                                self.function, self.trigger))()
        return "\n".join(self.lines) + "\n"


def search_path_script(seed, steps):
    return SearchPaths(seed).script(steps)
