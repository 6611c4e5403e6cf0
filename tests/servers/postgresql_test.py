#!/usr/bin/env python3
"""Real scripts in a real PostgreSQL server: the objects that `inspect` and the manifest tell are
the catalogue's, and the outputs load to what the whole script loads to, as pg_dump tells it.
postgresql_test.py ENGINE WHAT, WHAT one of SCRIPTS or `extensions`, with `_layouts` behind it in
every layout.

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
from trees import ORDERS, Tree, compare_orders, whole_text

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


def told(events, default_schema):
    for one in Objects().run(events).objects:
        if one.type in NOT_COMPARED or one[:4:3] == ("language", "plpgsql"):
            continue
        schema = None if one.type in UNQUALIFIED else one.schema or default_schema
        yield one._replace(database=None, schema=schema)


def compare(server, database, events, extension=None, beside=(), default_schema="public"):
    """`beside`: extensions that are there too, and not told."""
    rows = list(catalogue(server, database))
    not_told = [Object("extension", None, None, name, None, None) for name in (extension, *beside)]
    listed = [one for one, of, _ in rows
              if of == extension and not (extension and one.type in NO_MEMBERS)
              and one not in not_told]
    implied = {one for one, _, is_implied in rows if is_implied}
    ours = [one for one in told(events, default_schema)
            if not (extension and one.type in NO_MEMBERS)]
    ours = list(with_server_types(server, database, ours))
    return differences(ours, listed, implied)


def prepared(text):
    """A script as one database without the script's data files can run it: rows that refer to rows
    of those files are left out, and a database of its own."""
    text = re.sub(r"(?ms)^INSERT INTO Production\.ProductReview .*?'\);?$", "", text)
    text = re.sub(r"(?im)^(DROP|CREATE) DATABASE .*$", "", text)
    return re.sub(r"(?m)^\\(c|connect)\b.*$", "", text)


def load(server, files, directory, before=""):
    """(dump, errors) of a new database in which `files` were run, one behind the other."""
    everything = directory + "/all.sql"
    with open(everything, "w", encoding="utf-8") as script:
        script.write(before + whole_text(files))
    server.create_database("loaded")
    errors = server.run("loaded", everything, directory)
    return server.dump("loaded"), errors


def run_script(server, engine, name, layouts):
    with open(os.path.join(os.environ["ENGINE_CORPUS"], SCRIPTS[name]), encoding="utf-8") as file:
        text = prepared(file.read())
    with tempfile.TemporaryDirectory() as directory:
        tree = Tree(engine, directory, "postgresql", text)
        # AdventureWorks has no data files here: its \copy commands fail, its schema stands.
        whole = load(server, [tree.source], directory)
        failures = compare(server, "loaded", inspect(engine, tree.source, "postgresql"))
        failures += [f"manifest: {line}" for line in compare(server, "loaded", tree.objects())]
        # Its rows are not there for the steps between its ALTER TABLEs.
        forgiving = ORDERS if name == "adventureworks" else ()
        return failures + compare_orders(
            tree, whole, lambda files: load(server, files, directory), forgiving=forgiving,
            layouts=layouts)


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


def as_script(chain, directory, name):
    """What CREATE EXTENSION makes of the scripts before it runs them, as one that psql runs, and
    the commands that have to run before it."""
    with open(f"{directory}/{name}.control", encoding="utf-8") as file:
        control = dict(re.findall(r"(?m)^(\w+)\s*=\s*'?(.*?)'?\s*$", file.read()))
    text = ""
    for path in chain:
        with open(path, encoding="utf-8") as file:
            text += re.sub(r"(?m)^\\echo .*\\quit$", "", file.read())
    text = text.replace("MODULE_PATHNAME", control.get("module_pathname", ""))
    needed = [one.strip() for one in control.get("requires", "").split(",") if one.strip()]
    return (text.replace("@extschema@", "public"),
            "".join(f'CREATE EXTENSION "{one}" CASCADE;\n' for one in needed))


def load_extension(server, engine, text, before, layouts):
    with tempfile.TemporaryDirectory() as directory:
        tree = Tree(engine, directory, "postgresql", text)
        whole = load(server, [tree.source], directory, before)
        needed = re.findall(r'CREATE EXTENSION "(.*)" CASCADE', before)
        failures = [f"manifest: {line}" for line in compare(
            server, "loaded", tree.objects(), beside=needed)]
        return failures + compare_orders(
            tree, whole, lambda files: load(server, files, directory, before), layouts=layouts)


def run_extensions(server, engine, layouts):
    directory = subprocess.run([os.path.join(programs(), "pg_config"), "--sharedir"],
                               capture_output=True, text=True, check=True).stdout.strip()
    directory += "/extension"
    failures, compared = [], 0
    for name, chain in extension_chains(directory).items():
        if name == "plpgsql":
            continue
        server.create_database("extended")
        try:
            server.psql("extended", f'CREATE EXTENSION "{name}" CASCADE')
        except RuntimeError as error:
            print(f"{name}: not loaded: {str(error).strip().splitlines()[-1]}")
            continue
        compared += 1
        events = [event for path in chain for event in inspect(engine, path, "postgresql")]
        found = compare(server, "extended", events, extension=name)
        found += load_extension(server, engine, *as_script(chain, directory, name), layouts)
        failures += [f"{name}: {line}" for line in found]
    print(f"{compared} extensions compared")
    if compared < 20:  # there are 40 and more in Debian's package
        failures.append("hardly any extension could be loaded, so hardly anything was compared")
    return failures


def main():
    engine, what = sys.argv[1:]
    layouts = what.endswith("_layouts")
    what = what.removesuffix("_layouts")
    if programs() is None:
        print("skipped: the package postgresql is not installed")
        return 77
    if what != "extensions" and not os.path.exists(
            os.path.join(os.environ.get("ENGINE_CORPUS", ""), SCRIPTS[what])):
        print(f"skipped: ENGINE_CORPUS does not hold {SCRIPTS[what]}")
        return 77
    with PostgresqlServer() as server:
        if what == "extensions":
            failures = run_extensions(server, engine, layouts)
        else:
            failures = run_script(server, engine, what, layouts)
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
