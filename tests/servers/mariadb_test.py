#!/usr/bin/env python3
"""Real scripts in a real MariaDB server: the objects that `inspect` and the manifest tell are those
of information_schema, and the outputs load to what mariadb-dump tells of the whole script.
mariadb_test.py ENGINE WHAT, WHAT one of SCRIPTS or `sys`, with `_layouts` behind it in every
layout.

Exit status 77: skipped, said why.
"""

import os
import re
import sys
import tempfile

from mariadb_server import MariadbServer, is_installed
from script_objects import Object, Objects, differences, inspect
from trees import Tree, compare_orders, whole_text

SCRIPTS = {
    "sakila": "mysql/sakila/sakila-schema.sql",
    "sakila_jooq": "mysql/jooq-sakila/mysql-sakila-schema.sql",
    "chinook": "mysql/chinook/Chinook_MySql.sql",
    "chinook_increment": "mysql/chinook/Chinook_MySql_AutoIncrementPKs.sql",
}
SYS = "/usr/share/mysql/mysql_sys_schema.sql"
SYSTEM = "('information_schema', 'mysql', 'performance_schema'{})"
LISTED = """
SELECT CASE table_type WHEN 'VIEW' THEN 'view' WHEN 'SEQUENCE' THEN 'sequence' ELSE 'table' END,
       table_schema, table_name, '', ''
FROM information_schema.tables WHERE table_schema NOT IN {0}
UNION ALL SELECT 'schema', '', schema_name, '', '' FROM information_schema.schemata
WHERE schema_name NOT IN {0}
UNION ALL SELECT LOWER(routine_type), routine_schema, routine_name, '', ''
FROM information_schema.routines WHERE routine_schema NOT IN {0}
UNION ALL SELECT 'trigger', trigger_schema, trigger_name, event_object_table, ''
FROM information_schema.triggers WHERE trigger_schema NOT IN {0}
UNION ALL SELECT 'event', event_schema, event_name, '', ''
FROM information_schema.events WHERE event_schema NOT IN {0}
UNION ALL SELECT 'constraint', c.table_schema, c.constraint_name, c.table_name,
       REPLACE(LOWER(c.constraint_type), ' ', '_')
FROM information_schema.table_constraints c WHERE c.table_schema NOT IN {0}
UNION ALL SELECT DISTINCT 'index', s.table_schema, s.index_name, s.table_name, ''
FROM information_schema.statistics s
LEFT JOIN information_schema.table_constraints c
  ON c.table_schema = s.table_schema AND c.table_name = s.table_name
 AND c.constraint_name = s.index_name
WHERE s.table_schema NOT IN {0} AND (c.constraint_type IS NULL OR c.constraint_type = 'CHECK'
                                     OR c.constraint_type = 'FOREIGN KEY')
"""


def catalogue(server, beside):
    for kind, *rest in server.query(LISTED.format(SYSTEM.format(beside))):
        schema, name, parent, detail = (value or None for value in rest)
        yield Object(kind, None, schema, name, parent, detail)


def implied(server, listed):
    """Indexes that the server makes for a foreign key: named like the key, or like its column."""
    keys = {(one.schema, one.parent, one.name) for one in listed if one.detail == "foreign_key"}
    columns = {tuple(row) for row in server.query(
        "SELECT table_schema, table_name, column_name FROM information_schema.key_column_usage "
        "WHERE referenced_table_name IS NOT NULL")}
    return {one for one in listed if one.type == "index"
            and (one.schema, one.parent, one.name) in keys | columns}


def for_mariadb(text):
    """Without what only MySQL takes out of its comments."""
    return re.sub(r"(?s)/\*!5(0[7-9]|[1-9]\d)\d\d .*?\*/", "", text)


def told(events):
    for one in Objects().run(events).objects:
        if one.type in ("grant", "user", "role"):
            continue
        if one.type == "database":
            one = one._replace(type="schema")
        # A primary key has no name of its own here, whatever the script calls it.
        if one.detail == "primary_key":
            one = one._replace(name="PRIMARY")
        yield one._replace(database=None)


def load(server, files, own):
    """(dump, errors) of a server without databases of its own in which `files` were run."""
    for name in server.databases(own):
        server.query(f"DROP DATABASE `{name}`")
    errors = server.run(whole_text(files))
    return server.dump(server.databases(own)), errors


def compare(server, engine, text, beside, layouts):
    own = {"information_schema", "mysql", "performance_schema"} | set(beside)
    listing = "".join(f", '{name}'" for name in beside)
    with tempfile.TemporaryDirectory() as directory:
        tree = Tree(engine, directory, "mysql", for_mariadb(text))
        whole = load(server, [tree.source], own)
        listed = list(catalogue(server, listing))
        made = implied(server, listed)
        failures = differences(told(inspect(engine, tree.source, "mysql")), listed, made)
        failures += [f"manifest: {line}" for line in
                     differences(told(tree.objects()), listed, made)]
        failures += compare_orders(tree, whole, lambda files: load(server, files, own),
                                   layouts=layouts)
        return failures + (whole[1] if failures else [])


def script_path(what):
    """Where the script lies; None, having said why, where it or the server is missing."""
    if not is_installed():
        print("skipped: the package mariadb-server is not installed")
        return None
    path = SYS if what == "sys" else os.path.join(os.environ.get("ENGINE_CORPUS", ""),
                                                  SCRIPTS[what])
    if not os.path.exists(path):
        print(f"skipped: no {path}; ENGINE_CORPUS names the corpus")
        return None
    return path


def main():
    engine, what = sys.argv[1:]
    layouts = what.endswith("_layouts")
    path = script_path(what.removesuffix("_layouts"))
    if path is None:
        return 77
    with MariadbServer() as server:
        with open(path, encoding="utf-8", newline="") as script:
            text = script.read()
        failures = compare(server, engine, text, [] if what.startswith("sys") else ["sys"], layouts)
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
