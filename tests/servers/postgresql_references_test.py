#!/usr/bin/env python3
"""What depends on what in real scripts, as a real PostgreSQL server knows it: views and the columns
that they read from pg_depend, children and partitions from pg_inherits, foreign keys from
pg_constraint, triggers from pg_trigger, bodies from plpgsql_check and, of SQL routines, from
pg_depend. postgresql_references_test.py ENGINE WHAT, WHAT one of SCRIPTS, `generated` or
`search_path`.

Exit status 77: skipped, said why.
"""

import glob
import json
import os
import sys
import tempfile

from postgresql_schema import schema_script
from postgresql_search_path import search_path_script
from postgresql_server import PostgresqlServer, programs
from postgresql_test import SCRIPTS, prepared
from reference_truth import compare, edges
from trees import Tree

TRUTH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "postgresql_references.sql")
CHECK = "/usr/share/postgresql/*/extension/plpgsql_check.control"
LEAST = {"views": 1.0, "columns": 1.0, "parts": 1.0, "keys": 1.0, "triggers": 1.0, "bodies": 0.98}
VIEWS = ("view", "materialized_view")
ROUTINES = ("function", "procedure")
GENERATED = {"generated": lambda: schema_script(seed=9, objects=300),
             "search_path": lambda: search_path_script(seed=9, steps=300)}
# Of so many views and relations of a script the engine says "*"; it is not to say it more often.
MOST_VAGUE = {"adventureworks": 69, "generated": 65}
OF_SERVER = ("pg_catalog", "information_schema")


def known(server, database):
    """Rows of the server, by their group."""
    groups = {name: set() for name in (*LEAST, "readable")}
    for line in server.psql(database, file=TRUTH).splitlines():
        group, *row = json.loads(line)
        if group == "keys":
            key, own, target, is_primary = row[1], row[-3], row[-2], row[-1]
            row = (*row[1:6], tuple(own), () if is_primary else tuple(target))
            assert key
        groups[group].add(tuple(row))
    return groups


def place(one):
    """What no source defines and stands without a schema may be the server's own."""
    schema = one["schema"] or (None if one["type"] == "external" else "public")
    return None if schema in OF_SERVER else schema, one["name"]


def told(tree, keys, readable):
    """The engine's edges in the rows of the server. A key that leaves its target's columns out
    means the primary key; one without a name is called as the server called it."""
    groups = {name: set() for name in LEAST}
    primary = {row[:6]: row[6] for row in keys}
    names = {row[1:6]: row[0] for row in keys}
    for edge in edges(tree):
        source, kind, target = edge["from"], edge["kind"], edge["to"]
        if kind == "contains":
            continue
        if kind == "references":
            ends = ((source["schema"] or "public"), source["parent"], *place(target))
            own, columns = (tuple(edge.get(name, ())) for name in ("columns", "target_columns"))
            row = (source["name"] or names.get((*ends, own)), *ends, own)
            groups["keys"].add((*row, () if primary.get(row) == () else columns))
        elif kind == "inherits":
            groups["parts"].add((kind, *place(source), *place(target)))
        elif source["type"] == "trigger":
            # A server's own function is a trigger's as much as another one.
            groups["triggers"].add((kind, source["schema"] or "public", source["parent"],
                                    source["name"], *place(target)))
        elif target["schema"] in OF_SERVER:
            continue
        elif source["type"] in VIEWS:
            if kind != "uses" or target["type"] == "sequence":
                groups["views"].add((kind, *place(source), *place(target)))
            if kind == "reads":
                groups["columns"].update((*place(source), *place(target), column)
                                         for column in edge.get("target_columns", ()))
        elif source["type"] in ROUTINES and place(source) in readable:
            # plpgsql_check knows no types and no sequences.
            if kind in ("reads", "writes"):
                groups["bodies"].add(("touches", *place(source), *place(target)))
            elif kind == "calls":
                groups["bodies"].add((kind, *place(source), *place(target)))
    return groups


def columns(what, expected, told):
    """The same without what may be missing: where the engine says "*", the view may read more than
    it names."""
    pairs = {row[:4] for row in expected | told}
    vague = {row[:4] for row in told if row[4] == "*"}
    print(f"{what}, columns: of {len(pairs)} views and relations, {len(vague)} with a *")
    told = {row for row in told if row[4] != "*"}
    return {row for row in expected if row[:4] not in vague or row in told}, told, len(vague)


def run(server, engine, what):
    if what in GENERATED:
        text = GENERATED[what]()
    else:
        with open(os.path.join(os.environ["ENGINE_CORPUS"], SCRIPTS[what]), encoding="utf-8") as f:
            text = prepared(f.read())
    with tempfile.TemporaryDirectory() as directory:
        tree = Tree(engine, directory, "postgresql", text)
        server.create_database("loaded")
        errors = server.run("loaded", tree.source, directory)
        failures = [f"the script is wrong: {line}" for line in errors if what in GENERATED]
        truth = known(server, "loaded")
        ours = told(tree, truth["keys"], truth["readable"])
        truth["columns"], ours["columns"], vague = columns(what, truth["columns"],
                                                           ours["columns"])
        if vague > MOST_VAGUE.get(what, 0):
            failures.append(f"{what}, columns: {vague} with a *")
        for group, least in LEAST.items():
            # A routine that names itself depends on nothing.
            expected = {row for row in truth[group] if group != "bodies" or row[1:3] != row[3:5]}
            failures += compare(f"{what}, {group}", expected, ours[group], least,
                                may_be_empty=what not in GENERATED or group == "parts")
        return failures


def main():
    engine, what = sys.argv[1:]
    if programs() is None or not glob.glob(CHECK):
        print("skipped: the packages postgresql and postgresql-15-plpgsql-check are not installed")
        return 77
    if what not in GENERATED and not os.path.exists(
            os.path.join(os.environ.get("ENGINE_CORPUS", ""), SCRIPTS[what])):
        print(f"skipped: ENGINE_CORPUS does not hold {SCRIPTS[what]}")
        return 77
    with PostgresqlServer() as server:
        failures = run(server, engine, what)
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
