#!/usr/bin/env python3
"""Real scripts in SQLite: the engine's objects are those of sqlite_master. sqlite_test.py ENGINE
WHAT, WHAT one of SCRIPTS.

Exit status 77: skipped, said why.
"""

import os
import sqlite3
import sys

from script_objects import Object, Objects, differences, inspect

SCRIPTS = {
    "chinook": "sqlite/chinook/Chinook_Sqlite.sql",
    "chinook_increment": "sqlite/chinook/Chinook_Sqlite_AutoIncrementPKs.sql",
    "northwind": "sqlite/northwind-sqlite3/src/create.sql",
    "sakila": "sqlite/jooq-sakila/sqlite-sakila-schema.sql",
}


def catalogue(path):
    with open(path, encoding="utf-8-sig") as script:
        database = sqlite3.connect(":memory:")
        database.executescript(script.read())
    rows = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master "
                            "WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    for kind, name, table, sql in rows:
        if sql and sql.upper().startswith("CREATE VIRTUAL"):
            kind = "virtual_table"
        parent = table if kind in ("index", "trigger") else None
        yield Object(kind, None, None, name, parent, None)


def told(engine, path):
    for one in Objects(str.lower).run(inspect(engine, path, "sqlite")).objects:
        if one.type != "constraint":  # SQLite keeps them in the text of their table
            yield one


def main():
    engine, what = sys.argv[1:]
    path = os.path.join(os.environ.get("ENGINE_CORPUS", ""), SCRIPTS[what])
    if not os.path.exists(path):
        print(f"skipped: ENGINE_CORPUS does not hold {SCRIPTS[what]}")
        return 77
    failures = differences(told(engine, path), catalogue(path))
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
