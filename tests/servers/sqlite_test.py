#!/usr/bin/env python3
"""Real scripts in SQLite: the objects that `inspect` and the manifest tell are those of
sqlite_master, and the outputs load to the same schema and rows. sqlite_test.py ENGINE WHAT, WHAT
one of SCRIPTS.

Exit status 77: skipped, said why.
"""

import os
import sqlite3
import sys
import tempfile

from script_objects import Object, Objects, differences, inspect
from trees import Tree, compare_orders

SCRIPTS = {
    "chinook": "sqlite/chinook/Chinook_Sqlite.sql",
    "chinook_increment": "sqlite/chinook/Chinook_Sqlite_AutoIncrementPKs.sql",
    "northwind": "sqlite/northwind-sqlite3/src/create.sql",
    "sakila": "sqlite/jooq-sakila/sqlite-sakila-schema.sql",
}


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as script:
        return script.read()


def load(files):
    """(database, errors) in which `files` were run; one that fails is left where it fails."""
    database, errors = sqlite3.connect(":memory:"), []
    for path in files:
        try:
            database.executescript(read(path))
        except sqlite3.Error as error:
            errors.append(str(error))
    return database, errors


def dump(files):
    """What SQLite keeps of each object, and every table's rows."""
    database, errors = load(files)
    lines = [repr(row) for row in
             database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")]
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        quoted = table.replace('"', '""')
        lines += [f"{table}: {row!r}" for row in database.execute(f'SELECT * FROM "{quoted}"')]
    return sorted(lines), errors


def catalogue(path):
    database, _ = load([path])
    rows = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master "
                            "WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    for kind, name, table, sql in rows:
        if sql and sql.upper().startswith("CREATE VIRTUAL"):
            kind = "virtual_table"
        parent = table if kind in ("index", "trigger") else None
        yield Object(kind, None, None, name, parent, None)


def told(events):
    for one in Objects(str.lower).run(events).objects:
        if one.type != "constraint":  # SQLite keeps them in the text of their table
            yield one


def compare(engine, path):
    with tempfile.TemporaryDirectory() as directory:
        tree = Tree(engine, directory, "sqlite", read(path))
        failures = differences(told(inspect(engine, path, "sqlite")), catalogue(path))
        failures += [f"manifest: {line}" for line in
                     differences(told(tree.objects()), catalogue(path))]
        return failures + compare_orders(tree, dump([path]), dump, layouts=True)


def main():
    engine, what = sys.argv[1:]
    path = os.path.join(os.environ.get("ENGINE_CORPUS", ""), SCRIPTS[what])
    if not os.path.exists(path):
        print(f"skipped: ENGINE_CORPUS does not hold {SCRIPTS[what]}")
        return 77
    failures = compare(engine, path)
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
