"""How fast Neo4j takes the graph of a folder: the engine, beside the official Python driver that
sends the same batches in the same run, and beside neo4j-admin's import.

neo4j_load.py --bin=DIR --server=scripts/neo4j.sh --work=DIR [--files=1000] [--mean-size=51200]
              [--rounds=3] [--report=FILE]

Needs what scripts/neo4j.sh needs, and exits 77 where that cannot be had; the driver (pip install
neo4j) is left out where it is absent. Prints a page in Markdown, and writes it to FILE."""

import argparse
import csv
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

try:
    import neo4j
except ImportError:
    neo4j = None

HTTP, BOLT = 17475, 17688
NODES = ("UNWIND $rows AS row MERGE (n:Object {key: row.key}) SET n = row, n.load = $load, n:%s "
         "RETURN count(n)")
SOURCES = ("UNWIND $rows AS row MERGE (n:Source {key: row.key}) SET n = row, n.load = $load "
           "RETURN count(n)")
EDGES = ("UNWIND $rows AS row MATCH (a:%s {key: row.from}) MATCH (b:Object {key: row.to}) "
         "MERGE (a)-[r:%s%s]->(b) SET r.load = $load RETURN count(r)")


def run(*command):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True,
                          text=True).stdout


class Server:
    def __init__(self, script, directory):
        self.script, self.directory = script, directory

    def start(self):
        """The first fetches the server, where it can be had."""
        run(self.script, "start", self.directory, f"--http-port={HTTP}", f"--bolt-port={BOLT}",
            "--heap=1g")

    def stop(self):
        run(self.script, "stop", self.directory)

    def fresh(self):
        self.stop()
        shutil.rmtree(self.directory)
        self.start()


def rows_of(directory):
    """What the engine sends, by statement: from the files that it exports."""
    nodes, edges = {}, {}
    for name in ("sources.csv", "objects.csv"):
        for row in csv.DictReader(open(directory / name, newline="")):
            label = row.pop(":LABEL").split(";")[-1]
            row = {key.split(":")[0]: value or None for key, value in row.items()}
            if row.get("line"):
                row["line"] = int(row["line"])
            statement = SOURCES if label == "Source" else NODES % label
            nodes.setdefault(statement, []).append(row)
    for row in csv.DictReader(open(directory / "relationships.csv", newline="")):
        kind = row[":TYPE"]
        sent = {"from": row[":START_ID"], "to": row[":END_ID"]}
        properties = ""
        if kind != "DEFINES":
            sent["line"] = int(row["line:long"])
            properties = " {line: row.line}"
        if kind in ("READS", "REFERENCES"):
            for name in ("columns", "target_columns"):
                sent[name] = list(filter(None, row[f"{name}:string[]"].split(";")))
            properties = (" {line: row.line, columns: row.columns, "
                          "target_columns: row.target_columns}")
        label = "Source" if kind == "DEFINES" else "Object"
        edges.setdefault(EDGES % (label, kind, properties), []).append(sent)
    return nodes, edges


def drive(nodes, edges, constraints):
    """Rows a second of the driver, one connection, a transaction a batch."""
    with neo4j.GraphDatabase.driver(f"bolt://127.0.0.1:{BOLT}", auth=None) as driver:
        with driver.session() as session:
            for statement in constraints:
                session.run(statement).consume()
            rates = []
            for groups, at_once in ((nodes, 1000), (edges, 2000)):
                begin, count = time.monotonic(), 0
                for statement, rows in groups.items():
                    for i in range(0, len(rows), at_once):
                        session.run(statement, rows=rows[i:i + at_once], load="x").consume()
                    count += len(rows)
                rates.append(count / (time.monotonic() - begin))
            return rates


def empty():
    with neo4j.GraphDatabase.driver(f"bolt://127.0.0.1:{BOLT}", auth=None) as driver:
        with driver.session() as session:
            session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
                        ).consume()


def engine(options, *more):
    """One load into a new OUTPUT."""
    shutil.rmtree(options.work / "out", ignore_errors=True)
    return json.loads(run(options.bin / "engine", "--stats=json", "--log-level=error", *more,
                          options.work / "in", options.work / "out"))


def turns(options, url):
    """Files a second with Neo4j attached against without, round by round, each of the two first in
    every second one. A file does not wait for Neo4j: what is compared is how long the files took,
    that is the load without what was sent when the last of them was written."""
    ratios = []
    for turn in range(options.rounds):
        seconds = {}
        for attached in ((True, False) if turn % 2 else (False, True)):
            told = engine(options, *([url] if attached else []))
            sent = told["neo4j"]["elapsed_seconds"] if attached else 0
            seconds[attached] = told["load"]["elapsed_seconds"] - sent
        ratios.append(seconds[False] / seconds[True])
    return sorted(ratios)


def machine(result):
    """How much of it was others': what one rate says beside that of another day."""
    loads = ", ".join(f"{load:.1f}" for load in result["loads"])
    return (f"The engine, the server and the driver had {os.cpu_count()} processors; load average "
            f"before and after: {loads}. Where others use the machine, rates differ by a multiple "
            "from one run to the next; what can be compared are the ratios of one run.")


def page(options, result):
    """What was measured, in Markdown."""
    lines = ["# Neo4j", "", f"`bench/neo4j_load.py`, which `scripts/bench.sh --parts=neo4j` runs: "
             f"{options.files} generated scripts of {options.mean_size} bytes, "
             f"{result['nodes']:,} nodes, {result['relationships']:,} relationships; "
             f"{options.rounds} rounds, in turn, each into an empty database.", "",
             machine(result), "",
             "| rows a second, median (lowest to highest) | nodes | relationships |",
             "| --- | ---: | ---: |"]
    for who, text in (("engine", "engine"), ("driver", "official Python driver, one connection, "
                                             "the same batches")):
        cells = [f"{statistics.median(rates):,.0f} ({min(rates):,.0f} to {max(rates):,.0f})"
                 for rates in zip(*result[who])]
        lines.append(f"| {text} | " + " | ".join(cells or ["not installed"] * 2) + " |")
    if result["driver"]:
        ratios = [statistics.median(a / b for a, b in zip(*both)) for both in
                  zip(zip(*result["engine"]), zip(*result["driver"]))]
        lines.append(f"| engine / driver, median of the rounds (asked: 1.7; 1.2) | {ratios[0]:.2f} "
                     f"| {ratios[1]:.2f} |")
    ratios = result["ratios"]
    lines += ["", "Files a second with Neo4j attached against without, round by round (asked: "
              f"0.95): {', '.join(f'{ratio:.2f}' for ratio in ratios)}; median "
              f"{statistics.median(ratios):.2f}. No file waits for Neo4j: the questions at the "
              "start are what it costs.", "",
              f"`engine export --neo4j-csv` {result['export_seconds']:.1f} s, `neo4j-admin "
              f"database import full` of that {result['import_seconds']:.1f} s.", ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--mean-size", type=int, default=51200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--report", type=pathlib.Path)
    options = parser.parse_args()
    os.makedirs(options.work, exist_ok=True)
    run(options.bin / "generate_ssms", f"--files={options.files}",
        f"--mean-size={options.mean_size}", options.work / "in")

    server = Server(options.server, str(options.work / "server"))
    result = {"loads": [os.getloadavg()[0]]}
    try:
        server.start()
    except subprocess.CalledProcessError as error:
        print(f"neo4j: left out: {error.stderr.strip()}", file=sys.stderr)
        sys.exit(77 if error.returncode == 77 else 1)
    try:
        # A server is slow until it is warm: one load before what is measured, of both.
        url = f"--neo4j=http://127.0.0.1:{HTTP}"
        engine(options, url)
        result["ratios"] = turns(options, url)
        begin = time.monotonic()
        run(options.bin / "engine", "export", options.work / "out",
            f"--neo4j-csv={options.work / 'csv'}")
        result["export_seconds"] = time.monotonic() - begin
        constraints = (options.work / "csv/constraints.cypher").read_text().split(";\n")[:-1]
        nodes, edges = rows_of(options.work / "csv")
        result["nodes"] = sum(map(len, nodes.values()))
        result["relationships"] = sum(map(len, edges.values()))
        rates = {"driver": [], "engine": []}  # in turn, each into an empty database
        for _ in range(options.rounds):
            if neo4j:
                empty()
                rates["driver"].append(drive(nodes, edges, constraints))
                empty()
            else:
                server.fresh()
            sent = engine(options, url)["neo4j"]
            rates["engine"].append((sent["nodes"] / sent["nodes_seconds"],
                                    sent["relationships"] / sent["relationships_seconds"]))
        result.update(rates)
        server.stop()
        begin = time.monotonic()
        run(options.server, "import", server.directory, f"@{options.work / 'csv/import.args'}")
        result["import_seconds"] = time.monotonic() - begin
        result["loads"].append(os.getloadavg()[0])
    finally:
        subprocess.run([options.server, "stop", server.directory], check=False)
    text = page(options, result)
    print("\n" + text)
    if options.report:
        options.report.write_text(text)


main()
