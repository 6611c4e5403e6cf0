#!/usr/bin/env python3
"""What depends on what in real scripts, as a real MariaDB server knows it: foreign keys from
KEY_COLUMN_USAGE, triggers from TRIGGERS, views from what the server made of their text (MariaDB has
no VIEW_TABLE_USAGE): there every table stands with its database; bodies of routines and triggers
from the locks that they take. mariadb_references_test.py ENGINE WHAT, WHAT one of
mariadb_test.SCRIPTS, `sys` or `bodies`, a script of routines beside this file.

Exit status 77: skipped, said why.
"""

import os
import re
import sys
import tempfile

import mariadb_bodies
from mariadb_server import MariadbServer, is_installed
from mariadb_test import for_mariadb, script_path
from reference_truth import compare, edges
from trees import Tree

NAME = "`((?:[^`]|``)+)`"
SYSTEM = {"information_schema", "mysql", "performance_schema"}

# The script makes this view in both branches of an IF, of which the server has run one.
UNTAKEN = {("reads", "sys", "metrics", "performance_schema", name)
           for name in ("memory_summary_global_by_event_name", "setup_instruments")}

# It has this one in a comment for MySQL (/*!50706 ... */), which MariaDB passes over.
SKIPPED = {("touches", "sys", "ps_setup_show_disabled", "performance_schema", "setup_actors")}

# What the server locks for writing though it is read: SELECT ... FOR UPDATE, and each table of an
# UPDATE of several.
READ_ONLY = {("writes", "bodies", "p_words", "bodies", "select"),
             ("writes", "bodies", "g_update", "bodies", "d")}


def views(server, databases):
    """What each view reads and calls. In the text that the server keeps, literals are in quotes and
    each name in backticks."""
    known = {(schema, name.lower()) for schema, name in
             server.query("SELECT LOWER(table_schema), table_name FROM information_schema.tables")}
    routines = {(schema, name.lower()) for schema, name in server.query(
        "SELECT LOWER(routine_schema), routine_name FROM information_schema.routines")}
    for schema, name, text in server.query(
            "SELECT table_schema, table_name, view_definition FROM information_schema.views"):
        if schema not in databases:
            continue
        text = re.sub(r"'(?:[^'\\]|\\.|'')*'", "''", text)
        # `a`.`b` may be a column of an alias; `a`.`b`.`c` is one of a table without alias.
        for found in re.finditer(rf"(?<!\.){NAME}\.{NAME}(?!\.)(\()?", text):
            one = (found[1].lower(), found[2].lower())
            if found[3] and one in routines:
                yield "calls", schema, name, *one
            elif one in known:
                yield "reads", schema, name, *one
        for found in re.finditer(rf"(?<!\.){NAME}\(", text):
            if (schema, found[1].lower()) in routines:
                yield "calls", schema, name, schema, found[1].lower()


def keys(server, databases):
    rows = {}
    for schema, table, name, column, *target, target_column in server.query(
            "SELECT table_schema, table_name, constraint_name, column_name, "
            "referenced_table_schema, referenced_table_name, referenced_column_name "
            "FROM information_schema.key_column_usage WHERE referenced_table_name IS NOT NULL "
            "ORDER BY ordinal_position"):
        if schema in databases:
            pairs = rows.setdefault((schema, table, name, *target), [])
            pairs.append((column, target_column))
    return {(*row, tuple(pairs)) for row, pairs in rows.items()}


def triggers(server, databases):
    for schema, name, *table in server.query(
            "SELECT trigger_schema, trigger_name, event_object_schema, event_object_table "
            "FROM information_schema.triggers"):
        if schema in databases:
            yield "on", schema, name, *table


def told(tree):
    every = edges(tree)
    groups = {"views": set(), "keys": set(), "triggers": set(),
              "bodies": set(mariadb_bodies.told(every)) - SKIPPED}
    for edge in every:
        source, kind, target = edge["from"], edge["kind"], edge["to"]
        end = (target["schema"], target["name"])
        if kind == "references":
            pairs = tuple(zip(edge["columns"], edge["target_columns"]))
            groups["keys"].add((source["schema"], source["parent"], source["name"], *end, pairs))
        elif source["type"] == "trigger" and kind == "on":
            groups["triggers"].add((kind, source["schema"], source["name"], *end))
        elif source["type"] == "view" and kind in ("reads", "calls"):
            groups["views"].add((kind, source["schema"], source["name"],
                                 *(part and part.lower() for part in end)))
    return groups


def run(server, engine, what, path):
    with open(path, encoding="utf-8", newline="") as script:
        text = for_mariadb(script.read())
    with tempfile.TemporaryDirectory() as directory:
        tree = Tree(engine, directory, "mysql", text)
        own = SYSTEM | (set() if what == "sys" else {"sys"})
        for name in server.databases(own):
            server.query(f"DROP DATABASE `{name}`")
        server.run(f"source {tree.source}\n")
        databases = set(server.databases(own))
        ours, failures = told(tree), []
        if what == "sys":
            ours["views"] -= UNTAKEN
        for group, truth in (("views", views), ("keys", keys), ("triggers", triggers)):
            failures += compare(f"{what}, {group}", set(truth(server, databases)), ours[group],
                                may_be_empty=(what, group) != ("sakila", group))
        found, left_open, errors = mariadb_bodies.known(server, databases)
        return failures + errors + compare(f"{what}, bodies", found - READ_ONLY,
                                           ours["bodies"] - left_open,
                                           may_be_empty=what.startswith("chinook"))


def main():
    engine, what = sys.argv[1:]
    own = os.path.join(os.path.dirname(__file__), f"mariadb_{what}.sql")
    path = own if os.path.exists(own) and is_installed() else script_path(what)
    if path is None:
        return 77
    with MariadbServer() as server:
        failures = run(server, engine, what, path)
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
