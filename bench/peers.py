#!/usr/bin/env python3
"""Puts the engine beside what others cut dumps with: the time in turn, and what each of them lost.

Used by scripts/bench.sh --peers. Loss is told by the real client: a smaller dump with a view,
routines, a trigger, an index and a sequence at its end is cut by each of them, its files are run in
order by mariadb or psql in a server of their own, and rows and objects are counted beside those of
the dump itself. What cannot be had is named.
"""

import argparse
import collections
import pathlib
import shutil
import subprocess
import sys
import time

import dump_loads
import runs
import splitters
import watch_peers

MB = 1e6
KINDS = {"mysql": "mysqldump, long INSERTs", "postgresql": "pg_dump, COPY"}
SQLPARSE = """
import json, sys, time, sqlparse
text = open(sys.argv[1], encoding="utf-8").read()
begin = time.monotonic()
found = sqlparse.split(text)
print(json.dumps({"seconds": time.monotonic() - begin, "statements": len(found),
                  "kept": sum(map(len, found)) / len(text)}))
"""


def make_dump(options, kind, size):
    place = options.work / "input"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    dump = place / "dump.sql"
    runs.run_json([options.bin / "generate_dump", f"--kind={kind}", f"--size={size}", dump])
    with open(dump, "a", encoding="utf-8") as file:
        file.write(dump_loads.TAILS[kind])
    return dump


def emptied(output):
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir()
    return output


def times(options, kind, peers):
    """{title: [{"seconds", "of_engine", "of_cp"} a round]}"""
    dump = make_dump(options, kind, options.size)
    output = options.work / "output"
    found = collections.defaultdict(list)
    for number in range(options.rounds):
        copied = runs.timed(["cp", dump, emptied(output) / "copy"])["seconds"]
        engine = None
        for peer in peers:
            emptied(output)
            run = runs.timed([*peer.command(kind, dump, output)])
            engine = engine or run["seconds"]
            run.update(of_cp=run["seconds"] / copied, of_engine=run["seconds"] / engine)
            found[peer.title].append(run)
        print(f"{kind}, round {number + 1} of {options.rounds}", file=sys.stderr)
    shutil.rmtree(output, ignore_errors=True)
    return found


def read(path):
    return path.read_text(encoding="utf-8")


def losses(options, kind, peers):
    """{title: (rows, objects, errors, lines lost)}, the dump itself under None."""
    dump = make_dump(options, kind, options.small)
    output, scratch = options.work / "output", options.work / "script.sql"
    options.work.chmod(0o755)
    whole = collections.Counter(read(dump).splitlines())
    found = {}
    with dump_loads.CLIENTS[kind]() as client:
        found[None] = (client.census(read(dump), scratch), 0)
        for peer in peers:
            emptied(output)
            runs.timed(peer.command(kind, dump, output))
            text = "".join(read(output / name) for name in peer.files(output))
            lost = whole - collections.Counter(text.splitlines())
            lost.pop("", None)
            census = client.census(text, scratch)
            found[peer.title] = (census | {"files": len(peer.files(output))}, sum(lost.values()))
    shutil.rmtree(output, ignore_errors=True)
    return found


def dump_table(options, kind, peers):
    yield f"\n## {KINDS[kind]}, {options.size / (1 << 20):,.0f} MiB\n"
    timed = times(options, kind, peers)
    why_not = dump_loads.is_missing(kind)
    lost = {} if why_not else losses(options, kind, peers)
    if why_not:
        yield f"Loss is left out: {why_not}.\n"
    yield ("| program | s | of cp | of engine's, 1 worker | files | rows | objects | errors "
           "| lines lost |")
    yield "| --- " + "| ---: " * 8 + "|"
    if lost:
        census, _ = lost[None]
        yield (f"| the dump itself | | | | 1 | {census['rows']:,} | {census['objects']} "
               f"| {census['errors']:,} | |")
    for title, of in timed.items():
        cells = [title, runs.spread(of, "seconds", 2), runs.spread(of, "of_cp", 2),
                 runs.spread(of, "of_engine", 2)]
        if lost:
            census, lines = lost[title]
            cells += [f"{census[what]:,}" for what in ("files", "rows", "objects", "errors")]
            cells.append(f"{lines:,}")
        yield "| " + " | ".join(cells + [""] * (9 - len(cells))) + " |"


def debian_python():
    """The interpreter that sees Debian's packages, where it has sqlparse."""
    for program in ("/usr/bin/python3", sys.executable):
        if subprocess.run([program, "-c", "import sqlparse"], capture_output=True,
                          check=False).returncode == 0:
            return program
    return None


def sqlparse_table(options):
    yield f"\n## sqlparse, a dump of {options.parsed / MB:g} MB\n"
    python = debian_python()
    if python is None:
        yield "Left out: no python3-sqlparse."
        return
    yield ("It splits text in memory and writes nothing. Statements are beside the units of "
           "`engine inspect`, which are those of the client.\n")
    yield "| dump | engine s | sqlparse s | sqlparse/engine | its statements | units |"
    yield "| --- " + "| ---: " * 5 + "|"
    engine = options.bin / "engine"
    for kind, title in KINDS.items():
        dump = make_dump(options, kind, options.parsed)
        found = []
        for _ in range(options.rounds):
            load = runs.load(engine, 1, dump.parent, emptied(options.work / "output"))
            run = runs.run_json([python, "-c", SQLPARSE, dump])
            found.append({"engine": load["seconds"], "peer": run["seconds"],
                          "ratio": run["seconds"] / load["seconds"], "units": load["units"],
                          "statements": run["statements"]})
        yield (f"| {title} | {runs.spread(found, 'engine', 2)} | {runs.spread(found, 'peer', 2)} "
               f"| {runs.spread(found, 'ratio', 1)} | {found[0]['statements']:,} "
               f"| {found[0]['units']:,} |")


def report(options):
    peers, missing = [], []
    for peer in splitters.all_of(options.bin / "engine", options.build):
        why_not = peer.missing()
        if why_not:
            missing.append(f"* {peer.title}: left out, {why_not}")
        else:
            peers.append(peer)
    yield from runs.heading("Beside others", options,
                            "Made by `scripts/bench.sh --peers`; medians with (least to most) of "
                            "rounds in turn.")
    yield ""
    yield ("Times are of the whole process. awk and csplit cut at the comments that begin an "
           "object and know nothing of SQL. Loss is told by the real client on a dump of "
           f"{options.small / (1 << 20):,.0f} MiB of the same kind: rows and objects that are "
           "there when the files have been run in order (the engine's in that of `engine order`, "
           "the others' by name), what the client called an error, and lines of the dump that "
           "are in none of the files.")
    yield ""
    yield from missing
    for kind in KINDS:
        yield from dump_table(options, kind, peers)
    yield from sqlparse_table(options)
    yield from watch_peers.table(options)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="of the programs")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="an empty folder")
    parser.add_argument("--size", type=int, default=256 << 20, help="of the dumps that are timed")
    parser.add_argument("--small", type=int, default=8 << 20, help="of those that are run")
    parser.add_argument("--parsed", type=int, default=500_000, help="of those for sqlparse")
    parser.add_argument("--files", type=int, default=200, help="dropped into a watched folder")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--build", action="store_true", help="peers that have no package")
    parser.add_argument("--report", type=pathlib.Path, help="where to write the page")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    try:
        runs.publish(list(report(options)), options.report)
    finally:
        for name in ("input", "output"):
            shutil.rmtree(options.work / name, ignore_errors=True)
    print(f"in {time.monotonic() - begin:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
