#!/usr/bin/env python3
"""Real scripts in a real PostgreSQL server: the engine's objects are the catalogue's, and a tree
loads to the same schema. postgresql_test.py ENGINE WHAT, WHAT one of SCRIPTS or `extensions`.

Exit status 77: skipped, said why.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

from postgresql_server import PostgresqlServer, programs
from script_objects import Object, Objects, differences, inspect

SCRIPTS = {
    "chinook": "postgresql/chinook/Chinook_PostgreSql.sql",
    "chinook_serial": "postgresql/chinook/Chinook_PostgreSql_SerialPKs.sql",
    "pagila": "postgresql/pagila-2024-10/pagila-schema.sql",
    "sakila": "postgresql/jooq-sakila/postgres-sakila-schema.sql",
    "adventureworks": "postgresql/adventureworks-for-postgres/install.sql",
}
CATALOGUE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "postgresql_catalogue.sql")
# Objects that are members of an extension; what hangs on a member is not.
NO_MEMBERS = ("index", "constraint", "trigger", "policy", "rule", "statistics")
# Of the server, not of a database; grants are no objects of the catalogue.
NOT_COMPARED = ("database", "grant", "role", "user")
UNQUALIFIED = ("schema", "extension", "cast", "transform", "user_mapping", "server", "language",
               "access_method", "foreign_data_wrapper", "event_trigger", "publication",
               "large_object", "subscription", "tablespace")


NORMAL = """
CREATE FUNCTION pg_temp.normal(name text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN RETURN format_type(name::regtype, NULL); EXCEPTION WHEN OTHERS THEN RETURN name; END $$;
SELECT json_object_agg(name, pg_temp.normal(name)) FROM json_array_elements_text('{}') AS name;
"""


def types_of(text):
    """The types of a signature or of a cast."""
    if text.startswith("("):
        text = text[1:-1]
    parts, depth = [""], 0
    for c in text.replace(" AS ", ","):
        depth += (c in "([") - (c in ")]")
        if c == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += c
    return [part.strip() for part in parts if part.strip() and part != "*"]


def typed_text(one):
    if one.type == "cast":
        return one.name
    return one.detail if one.type in ("function", "procedure", "aggregate", "operator") else None


def with_server_types(server, database, objects):
    """`objects` with types spelled as the server does: int is integer."""
    spelled = sorted({t for one in objects for t in types_of(typed_text(one) or "")} - {"none"})
    query = NORMAL.format(json.dumps(spelled).replace("'", "''"))
    known = json.loads(server.psql(database, query).strip() or "{}")
    for one in objects:
        text = typed_text(one)
        names = [known.get(t, t) for t in types_of(text or "")]
        if one.type == "cast":
            one = one._replace(name=" AS ".join(names))
        elif text is not None:
            one = one._replace(detail="(" + ", ".join(names) + ")")
        yield one


def catalogue(server, database):
    """(object, extension, implied) for each row."""
    for line in server.psql(database, file=CATALOGUE).splitlines():
        kind, schema, name, parent, detail, extension, implied = json.loads(line)
        yield Object(kind, None, schema, name, parent, detail), extension, implied


def told(engine, paths, default_schema):
    objects = Objects()
    for path in paths:
        objects.run(inspect(engine, path, "postgresql"))
    for one in objects.objects:
        if one.type in NOT_COMPARED or one[:4:3] == ("language", "plpgsql"):
            continue
        schema = None if one.type in UNQUALIFIED else one.schema or default_schema
        yield one._replace(database=None, schema=schema)


def compare(server, database, engine, paths, extension=None, default_schema="public"):
    rows = list(catalogue(server, database))
    listed = [one for one, of, _ in rows
              if of == extension and not (extension and one.type in NO_MEMBERS)
              and one != Object("extension", None, None, extension, None, None)]
    implied = {one for one, _, is_implied in rows if is_implied}
    ours = [one for one in told(engine, paths, default_schema)
            if not (extension and one.type in NO_MEMBERS)]
    ours = list(with_server_types(server, database, ours))
    return differences(ours, listed, implied)


def prepared(text):
    """A script as one database without the script's data files can run it: rows that refer to rows
    of those files are left out, and a database of its own."""
    text = re.sub(r"(?ms)^INSERT INTO Production\.ProductReview .*?'\);?$", "", text)
    text = re.sub(r"(?im)^(DROP|CREATE) DATABASE .*$", "", text)
    return re.sub(r"(?m)^\\(c|connect)\b.*$", "", text)


def load_tree(server, database, engine, directory, arguments):
    """Loads the outputs of `directory`'s one source in the order the engine gives."""
    tree_root = directory + "/out"
    subprocess.run([engine, directory + "/in", tree_root, "--dialect=postgresql"], check=True,
                   capture_output=True)
    tree = tree_root + "/script"
    done = subprocess.run([engine, "order", tree, *arguments], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        return done.stderr.strip()
    with open(directory + "/all.sql", "w", encoding="utf-8") as script:
        for path in done.stdout.splitlines():
            script.write(f"\\ir {os.path.join('out/script', path)}\n")
    os.chmod(directory, 0o755)
    server.create_database(database)
    server.psql(database, file=directory + "/all.sql", directory=directory, stop=False)
    return None


def run_script(server, engine, name):
    path = os.path.join(os.environ["ENGINE_CORPUS"], SCRIPTS[name])
    with open(path, encoding="utf-8") as file:
        text = prepared(file.read())
    failures = []
    with tempfile.TemporaryDirectory() as directory:
        os.mkdir(directory + "/in")
        source = directory + "/in/script.sql"
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        server.create_database("whole")
        # AdventureWorks has no data files here: its \\copy commands fail, its schema stands.
        server.psql("whole", file=source, directory=directory, stop=False)
        failures += compare(server, "whole", engine, [source])
        expected = server.dump("whole")
        for arguments in ([], ["--by-dependency"]):
            problem = load_tree(server, "parts", engine, directory, arguments)
            if problem:
                print(f"{name}: engine order {' '.join(arguments)}: not compared: {problem}")
                continue
            got = server.dump("parts")
            if got != expected:
                only = [line for line in got if line not in set(expected)]
                gone = [line for line in expected if line not in set(got)]
                failures.append(f"dump differs {arguments}: lost {gone[:20]}, new {only[:20]}")
    return failures


def extension_chains(directory):
    """The scripts that CREATE EXTENSION runs, by extension: base version, then the updates."""
    chains = {}
    for control in sorted(os.listdir(directory)):
        if not control.endswith(".control"):
            continue
        name = control[:-len(".control")]
        with open(os.path.join(directory, control), encoding="utf-8") as file:
            version = re.search(r"default_version\s*=\s*'([^']+)'", file.read()).group(1)
        edges = {}
        for script in os.listdir(directory):
            match = re.fullmatch(re.escape(name) + r"--([^-]+(?:-\w+)?)(?:--(.+))?\.sql", script)
            if match:
                edges.setdefault(match.group(2) or match.group(1), []).append(
                    (match.group(1) if match.group(2) else None, script))
        chain, at = [], version
        while at is not None and at in edges and len(chain) < 20:
            # A base script of that version, else the update that leads there.
            before, script = sorted(edges[at], key=lambda edge: (edge[0] is not None, edge))[0]
            chain.insert(0, os.path.join(directory, script))
            at = before
        if at is None:
            chains[name] = chain
    return chains


def run_extensions(server, engine):
    directory = subprocess.run([os.path.join(programs(), "pg_config"), "--sharedir"],
                               capture_output=True, text=True, check=True).stdout.strip()
    failures, compared = [], 0
    for name, chain in extension_chains(directory + "/extension").items():
        if name == "plpgsql":
            continue
        server.create_database("extended")
        try:
            server.psql("extended", f'CREATE EXTENSION "{name}" CASCADE')
        except RuntimeError as error:
            print(f"{name}: not loaded: {str(error).strip().splitlines()[-1]}")
            continue
        compared += 1
        failures += [f"{name}: {line}" for line in
                     compare(server, "extended", engine, chain, extension=name)]
    print(f"{compared} extensions compared")
    return failures


def main():
    engine, what = sys.argv[1:]
    if programs() is None:
        print("skipped: the package postgresql is not installed")
        return 77
    if what != "extensions" and not os.path.exists(
            os.path.join(os.environ.get("ENGINE_CORPUS", ""), SCRIPTS[what])):
        print(f"skipped: ENGINE_CORPUS does not hold {SCRIPTS[what]}")
        return 77
    with PostgresqlServer() as server:
        if what == "extensions":
            failures = run_extensions(server, engine)
        else:
            failures = run_script(server, engine, what)
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
