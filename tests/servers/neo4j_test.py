"""A real Neo4j server is fed by loads of a folder that changes; then what it holds is what the
catalogue says, node by node and relationship by relationship. Two other sides: `engine export` as
CSV, with every property, and the tables of the catalogue with `engine deps`, which know nothing of
what is sent. neo4j_test.py ENGINE SERVER_SCRIPT WHAT. Exit 77: no server can be had."""

import base64
import collections
import csv
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

SKIPPED = 77
PASSWORD = "correct-horse"

TABLES = """CREATE TABLE a (id int PRIMARY KEY, x int);
CREATE TABLE b (id int PRIMARY KEY, "odd ; name" int, UNIQUE ("odd ; name"));
CREATE INDEX by_x ON a (x);
CREATE VIEW v AS SELECT id FROM a JOIN elsewhere.t USING (id);
"""
KEYS = """ALTER TABLE a ADD CONSTRAINT fk FOREIGN KEY (x) REFERENCES b (id);
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT max(id) FROM v $$;
"""


class Server:
    def __init__(self, script, directory, *settings):
        self.script, self.directory = script, directory
        self.http, self.bolt = free_port(), free_port()
        self.settings = [f"--set={setting}" for setting in settings]

    def start(self):
        command = [self.script, "start", self.directory, f"--http-port={self.http}",
                   f"--bolt-port={self.bolt}", f"--password={PASSWORD}", *self.settings]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == SKIPPED:
            print(done.stderr.strip())
            sys.exit(SKIPPED)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)

    def stop(self):
        subprocess.run([self.script, "stop", self.directory], check=True)

    def kill(self):
        pid = int(pathlib.Path(self.directory, "pid").read_text())
        os.kill(pid, signal.SIGKILL)
        while pathlib.Path(f"/proc/{pid}").exists() and "Z (" not in status_of(pid):
            time.sleep(0.05)
        # Its threads may hold the ports for a while yet.
        while any(is_open(port) for port in (self.http, self.bolt)):
            time.sleep(0.05)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.http}"

    def query(self, statement):
        """The rows, whichever interface there is."""
        with urllib.request.urlopen(f"{self.url}/") as answer:
            has_transactions = "transaction" in json.load(answer)
        path, body = "query/v2", {"statement": statement}
        if has_transactions:
            path, body = "tx/commit", {"statements": [{"statement": statement}]}
        token = base64.b64encode(f"neo4j:{PASSWORD}".encode()).decode()
        request = urllib.request.Request(
            f"{self.url}/db/neo4j/{path}", json.dumps(body).encode(),
            {"Content-Type": "application/json", "Accept": "application/json",
             "Authorization": f"Basic {token}"})
        with urllib.request.urlopen(request) as answer:
            got = json.load(answer)
        if got.get("errors"):
            raise RuntimeError(got["errors"])
        if has_transactions:
            return [row["row"] for row in got["results"][0]["data"]]
        return got["data"]["values"]


def free_port():
    """Below those that the kernel gives to whoever connects: while the server is down, one of them
    may be taken by the very client that tries to reach it."""
    while True:
        port = random.randrange(15000, 30000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def status_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return "Z ("


class Case:
    """A folder, its tree, and the server that follows it."""

    def __init__(self, engine, server, directory):
        self.engine, self.server = engine, server
        self.input = pathlib.Path(directory, "in")
        self.output = pathlib.Path(directory, "out")
        self.csv = pathlib.Path(directory, "c s v")
        self.input.mkdir()
        self.environment = {**os.environ, "NEO4J_PASSWORD": PASSWORD}

    def write(self, name, text):
        self.input.joinpath(name).write_text(text)

    def load(self, *options):
        command = [self.engine, "--stats=json", "--dialect=postgresql",
                   f"--neo4j={self.server.url}", *options, self.input, self.output]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment,
                              check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{done.returncode}: {done.stderr}")
        return json.loads(done.stdout)["neo4j"]

    def expected(self):
        command = [self.engine, "export", self.output, f"--neo4j-csv={self.csv}"]
        subprocess.run(command, check=True, capture_output=True)
        arguments = (self.csv / "import.args").read_text()
        separator = ";" if "U+003B" in arguments else "\x1f"
        nodes, edges = set(), set()
        for name in ("sources.csv", "objects.csv"):
            for row in read_csv(self.csv / name):
                labels = frozenset(row.pop(":LABEL").split(separator))
                row["key"] = row.pop("key:ID")
                properties = {name.split(":")[0]: value for name, value in row.items()
                              if value != ""}
                properties["tree"] = row["tree"]
                nodes.add((labels, frozenset(properties.items())))
        for row in read_csv(self.csv / "relationships.csv"):
            edges.add((row[":START_ID"], row[":TYPE"], row[":END_ID"], row["line:long"],
                       row["columns:string[]"].replace(separator, "\x1f"),
                       row["target_columns:string[]"].replace(separator, "\x1f")))
        return nodes, edges

    def found(self):
        nodes, edges = [], []
        for labels, properties in self.server.query(
                "MATCH (n) WHERE n:Object OR n:Source RETURN labels(n), properties(n)"):
            properties.pop("load", None)
            nodes.append((frozenset(labels), frozenset(
                (name, str(value).lower() if isinstance(value, bool) else str(value))
                for name, value in properties.items())))
        for start, kind, end, properties in self.server.query(
                "MATCH (a)-[r]->(b) RETURN a.key, type(r), b.key, properties(r)"):
            columns = ["\x1f".join(properties.get(name) or [])
                       for name in ("columns", "target_columns")]
            edges.append((start, kind, end, str(properties.get("line", "")), *columns))
        for kind, found in (("nodes", nodes), ("relationships", edges)):
            twice = [one for one, count in collections.Counter(found).items() if count > 1]
            check(not twice, f"{kind} that are there twice: {twice[:3]}")
        return set(nodes), set(edges)

    def in_catalogue(self):
        """Objects that a source creates, and edges, as the catalogue has them."""
        with sqlite3.connect(self.output / ".engine/engine.db") as store:
            objects = store.execute(
                "SELECT o.type, o.database, o.schema, o.name, o.parent, o.signature, o.line,"
                " t.source FROM objects o JOIN trees t ON t.id = o.tree WHERE o.defined")
            objects = collections.Counter(objects.fetchall())
        command = [self.engine, "deps", self.output, "--format=json"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        edges = set()
        for edge in map(json.loads, done.stdout.splitlines()):
            ends = [tuple(edge[end][name] for name in ("type", "schema", "name", "parent"))
                    for end in ("from", "to")]
            edges.add((ends[0], edge["kind"], ends[1],
                       None if edge["kind"] == "contains" else edge["line"]))
        return objects, edges

    def in_graph(self):
        """The same, as the database has them."""
        objects = collections.Counter(map(tuple, self.server.query(
            "MATCH (n:Object) WHERE n.defined RETURN n.type, n.database, n.schema, n.name, "
            "n.parent, n.signature, n.line, n.source")))
        edges = set()
        for *row, kind, line in self.server.query(
                "MATCH (a:Object)-[r]->(b:Object) RETURN a.type, a.schema, a.name, a.parent, "
                "b.type, b.schema, b.name, b.parent, type(r), r.line"):
            contains = kind == "CONTAINS" or kind.startswith("HAS_")
            edges.add((tuple(row[:4]), "contains" if contains else kind.lower(), tuple(row[4:]),
                       None if contains else line))
        return objects, edges

    def compare(self, what):
        for kind, expected, found in zip(("nodes", "relationships"), self.expected(),
                                         self.found()):
            if expected != found:
                print(f"{what}: {kind} differ")
                for one in sorted(map(str, expected - found))[:5]:
                    print("  missing:", one)
                for one in sorted(map(str, found - expected))[:5]:
                    print("  too many:", one)
                sys.exit(1)
            print(f"{what}: {len(found)} {kind} equal")
        for kind, expected, found in zip(("objects", "edges"), self.in_catalogue(),
                                         self.in_graph()):
            differ = list((expected - found) if expected != found else ()) or \
                list((found - expected) if expected != found else ())
            check(expected == found, f"{what}: {kind} of the catalogue differ: {differ[:5]}")


def read_csv(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def check(condition, what):
    if not condition:
        print(what)
        sys.exit(1)


def refused(case, environment, *options):
    """The one line of a load that begins nothing."""
    command = [case.engine, f"--neo4j={case.server.url}", *options, case.input, case.output]
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          env={**case.environment, **environment})
    check(done.returncode == 2 and not case.output.exists(), f"{done.returncode}: {done.stderr}")
    return done.stderr


def follow(case):
    """Refusals, a load by the Query API, a kill in the middle of one, after which the server has
    the transactional endpoint too; by that a change, a removal, an empty database, a watch."""
    case.write("tables.sql", TABLES)
    for environment, option in (({"NEO4J_PASSWORD": "no horse"}, "--neo4j-timeout=60"),
                                ({}, "--neo4j-database=nowhere")):
        line = refused(case, environment, option)
        check(line.count("\n") == 1, f"{option}: {line}")
    case.write("keys.sql", KEYS)
    first = case.load()
    check(first["trees"] == 2 and first["rejected"] == 0, f"the first load: {first}")
    case.compare("after a load by the Query API")
    check(case.load()["trees"] == 0, "nothing changed, and something was sent")
    crash(case)
    for source in case.input.glob("s*.sql"):
        source.unlink()
        shutil.rmtree(case.output / source.stem)
    case.write("tables.sql", TABLES.replace("VIEW v AS", "VIEW w AS"))
    case.load()
    case.compare("after a change")
    case.input.joinpath("keys.sql").unlink()
    shutil.rmtree(case.output / "keys")
    removal = case.load()
    check(removal["trees_removed"] == 1, f"a tree is gone: {removal}")
    case.compare("after a removal")
    case.server.query("MATCH (n) DETACH DELETE n")
    case.load()
    case.compare("after the database was emptied")
    watch(case)


def watch(case):
    """Sources come, change and go while they are watched; a tree goes with its source."""
    command = [case.engine, "--watch", "--realtime", "--on-delete=remove", "--dialect=postgresql",
               f"--neo4j={case.server.url}", case.input, case.output]
    with subprocess.Popen(command, env=case.environment, stderr=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL) as process:
        case.write("more.sql", "CREATE VIEW more AS SELECT * FROM a;\n")
        until(lambda: case.server.query("MATCH (n:View {name: 'more'}) RETURN n.name"))
        case.write("more.sql", "CREATE VIEW most AS SELECT * FROM a;\n")
        until(lambda: case.server.query("MATCH (n:View {name: 'most'}) RETURN n.name"))
        case.input.joinpath("tables.sql").unlink()
        until(lambda: not (case.output / "tables").exists())
        process.send_signal(signal.SIGTERM)
        check(process.wait() == 0, f"the watch ended with {process.returncode}")
    case.compare("after a watch")


def until(condition):
    end = time.monotonic() + 120
    while not condition():
        check(time.monotonic() < end, "a change that was watched does not get through")
        time.sleep(0.05)


def big(case, files, tables):
    for i in range(files):
        text = "".join(f"CREATE TABLE t{i}_{k} (id int PRIMARY KEY, other int REFERENCES t{i}_0);\n"
                       f"CREATE VIEW v{i}_{k} AS SELECT * FROM t{i}_{k} JOIN t0_{k} USING (id);\n"
                       for k in range(tables))
        case.write(f"s{i}.sql", text)


def crash(case, of="(n:Object)"):
    """The server is killed while it is fed, and comes back."""
    big(case, 20, 100)
    killed = []

    def kill_when_it_has_some():
        while True:
            try:
                if case.server.query(f"MATCH {of} RETURN count(n)")[0][0] > 1000:
                    break
            except OSError:
                pass
            time.sleep(0.05)
        case.server.kill()
        killed.append(True)
        case.server.settings = []
        case.server.start()

    killer = threading.Thread(target=kill_when_it_has_some)
    killer.start()
    counts = case.load()
    killer.join()
    check(killed and counts["retries"] > 0, f"the kill came too late: {counts}")
    case.compare(f"after a crash in the middle of {of}")


def crash_relationships(case):
    """The same when all nodes are there."""
    crash(case, "()-[n]->()")


def imported(case):
    """neo4j-admin's own import of the exported files, and then a load that goes on from there."""
    case.write("tables.sql", TABLES)
    case.write("keys.sql", KEYS)
    subprocess.run([case.engine, "--dialect=postgresql", case.input, case.output], check=True,
                   capture_output=True)
    expected = case.expected()
    case.server.stop()
    subprocess.run([case.server.script, "import", case.server.directory,
                    f"@{case.csv}/import.args"], check=True)
    case.server.start()
    check(case.found() == expected, "an import is not what was exported")
    case.load()
    case.compare("a load after an import")


QUERY_API = "server.http_enabled_modules=QUERY_API_ENDPOINTS"
CASES = {"follow": (follow, QUERY_API), "import": (imported,),
         "crash_relationships": (crash_relationships,)}


def main():
    engine, script, what = sys.argv[1:]
    run, *settings = CASES[what]
    directory = tempfile.mkdtemp(prefix="engine-neo4j-")
    server = Server(script, os.path.join(directory, "server"), *settings)
    try:
        server.start()
        run(Case(engine, server, directory))
    finally:
        subprocess.run([script, "stop", server.directory], check=False, capture_output=True)
        shutil.rmtree(directory, ignore_errors=True)


main()
