#!/usr/bin/env python3
"""What depends on what in real scripts, as SQLite knows it: foreign keys from foreign_key_list,
views and triggers from what its authoriser is asked while it prepares them.
sqlite_references_test.py ENGINE WHAT, WHAT one of sqlite_test.SCRIPTS or `generated`.

Exit status 77: skipped, said why.
"""

import collections
import os
import sqlite3
import sys
import tempfile

from reference_truth import compare, edges
from sqlite_schema import schema_script
from sqlite_test import SCRIPTS, load, read
from trees import Tree

CHANGES = {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE}


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


class Flat:
    """A database in which every view is a table, so that what one view or trigger reads is not
    mixed with what the views behind it read."""

    def __init__(self, database):
        self.database = sqlite3.connect(":memory:")
        self.tables = {}
        for kind, name, sql in database.execute(
                "SELECT type, name, sql FROM sqlite_master "
                "WHERE type IN ('table', 'view')").fetchall():
            if name.startswith("sqlite_"):
                continue
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({quoted(name)})")]
            made = f"CREATE TABLE {quoted(name)} ({', '.join(map(quoted, columns))})"
            self.tables[name] = sql if kind == "table" else made
            self.database.execute(self.tables[name])

    def asked(self, sql):
        """What the authoriser is asked of: (action, table, innermost view or trigger)."""
        rows = []

        def note(action, table, _, __, inner):
            if action in CHANGES or action == sqlite3.SQLITE_READ:
                rows.append((action, table.lower(), inner and inner.lower()))
            return sqlite3.SQLITE_OK

        self.database.set_authorizer(note)
        try:
            self.database.execute("EXPLAIN " + sql)
        finally:
            self.database.set_authorizer(None)
        return rows

    def view(self, name, sql):
        self.database.execute(f"DROP TABLE {quoted(name)}")
        self.database.execute(sql)
        for action, table, _ in self.asked(f"SELECT * FROM {quoted(name)}"):
            if action == sqlite3.SQLITE_READ and table != name.lower():
                yield "reads", name.lower(), table
        self.database.execute(f"DROP VIEW {quoted(name)}")
        self.database.execute(self.tables[name])

    def trigger(self, name, table, sql):
        self.database.execute(sql)
        yield "on", name.lower(), table.lower()
        for action, target, inner in self.asked(statement_for(self.database, table, sql)):
            if action == sqlite3.SQLITE_READ:
                yield "reads", name.lower(), target
            elif inner == name.lower():
                yield "writes", name.lower(), target
        self.database.execute(f"DROP TRIGGER {quoted(name)}")


def statement_for(database, table, sql):
    """A change that fires a trigger on `table` with the text `sql`."""
    text = " ".join(sql.split()).lower()
    head = text[:text.index(" begin ")]
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({quoted(table)})")]
    if " delete on " in head:
        return f"DELETE FROM {quoted(table)}"
    if " insert on " in head:
        return f"INSERT INTO {quoted(table)} SELECT {', '.join(['NULL'] * len(columns))}"
    of = head.split(" update of ")[1].split(" on ")[0].split(",")[0] if " update of " in head else \
        columns[0]
    return f"UPDATE {quoted(table)} SET {quoted(of.strip())} = NULL"


def truth(database):
    """Rows by group."""
    names = collections.defaultdict(list)
    for kind, name, table, sql in database.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master"):
        names[kind].append((name, table, sql))
    keys = set()
    for table, *_ in names["table"]:
        found = collections.defaultdict(list)
        for key, at, target, column, target_column, *_ in database.execute(
                f"PRAGMA foreign_key_list({quoted(table)})"):
            found[key, target.lower()].append((at, column, target_column))
        for (_, target), columns in found.items():
            columns.sort()
            pairs = tuple((column.lower(), to and to.lower()) for _, column, to in columns)
            keys.add((table.lower(), target, pairs))
    flat = Flat(database)
    return {"keys": keys,
            "views": {row for name, _, sql in names["view"] for row in flat.view(name, sql)},
            "triggers": {row for one in names["trigger"] for row in flat.trigger(*one)}}


def told(tree):
    groups = {"keys": set(), "views": set(), "triggers": set()}
    for edge in edges(tree):
        source, kind = edge["from"], edge["kind"]
        if kind == "contains":
            continue
        target = edge["to"]["name"].lower()
        if kind == "references":
            columns = [one.lower() for one in edge["columns"]]
            to = [one.lower() for one in edge.get("target_columns", [])] or [None] * len(columns)
            parent = source["parent"] or source["name"]
            groups["keys"].add((parent.lower(), target, tuple(zip(columns, to))))
        elif source["type"] in ("view", "trigger") and kind in ("on", "reads", "writes"):
            groups[source["type"] + "s"].add((kind, source["name"].lower(), target))
    return groups


def with_changed(expected, ours):
    """SQLite is asked for the columns of a table that is changed, and for those of NEW and OLD,
    which are the trigger's table's. Whether those rows are reads of another place it does not say:
    they are taken as they are told."""
    free = {("reads", name, table) for kind, name, table in expected if kind in ("writes", "on")}
    return {row for row in expected if row not in free or row in ours}


def run(engine, what, text):
    with tempfile.TemporaryDirectory() as directory:
        tree = Tree(engine, directory, "sqlite", text)
        database, errors = load([tree.source])
        failures = [f"the script is wrong: {line}" for line in errors]
        expected, ours = truth(database), told(tree)
        expected["triggers"] = with_changed(expected["triggers"], ours["triggers"])
        for group, rows in expected.items():
            failures += compare(f"{what}, {group}", rows, ours[group],
                                may_be_empty=what != "generated")
        return failures


def main():
    engine, what = sys.argv[1:]
    if what == "generated":
        text = schema_script(seed=9, objects=300)
    else:
        path = os.path.join(os.environ.get("ENGINE_CORPUS", ""), SCRIPTS[what])
        if not os.path.exists(path):
            print(f"skipped: ENGINE_CORPUS does not hold {SCRIPTS[what]}")
            return 77
        text = read(path)
    failures = run(engine, what, text)
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
