#!/usr/bin/env python3
"""What a second run over sources that are done and unchanged costs, beside `find -printf` over the
same folder and the state store read by somebody else.

    bench/unchanged.py --engine=PROGRAM [--sources=100000] [--rounds=5] DIR

DIR, which must not be there, holds the sources while it runs; on tmpfs nothing but the kernel's own
work is measured. The three take turns; figures are medians with (least to most), of wall time and
of user and system time, which says more while others want the CPUs too.
"""

import argparse
import pathlib
import sys

import runs

IN_A_DIRECTORY = 1000
# Every row and column that a start needs, read by SQLite alone.
READ_STORE = """
import os, sqlite3, sys, time
begin, wall = os.times(), time.monotonic()
sqlite3.connect(sys.argv[1]).execute("SELECT max(path), max(state), max(tree), max(device),"
    " max(inode), max(size), max(mtime_ns), max(ctime_ns), max(hash), max(options),"
    " max(durability), max(finished_ns) FROM sources").fetchone()
end = os.times()
cpu = end.user + end.system - begin.user - begin.system
print('{"seconds": %f, "cpu": %f}' % (time.monotonic() - wall, cpu))
"""


def make_sources(root, count):
    for number in range(count):
        directory = root / f"d{number // IN_A_DIRECTORY:03}"
        if number % IN_A_DIRECTORY == 0:
            directory.mkdir(parents=True)
        (directory / f"s{number:06}.sql").write_text(f"CREATE TABLE dbo.t{number} (i int)\nGO\n")


def held_against(source, output):
    """The two that a second run over `source` is held against: wall ("seconds") and "cpu"."""
    find = runs.timed(["find", source, "-type", "f", "-printf", "%p %D %i %s %T@ %C@\\n"])
    store = runs.run_json([sys.executable, "-c", READ_STORE, output / ".engine/engine.db"])
    return find, store


def one_round(engine, source, output):
    """Wall ("seconds") and CPU ("cpu") of each, and what the engine took of the others."""
    found = {}
    find, store = held_against(source, output)
    load = runs.timed([engine, source, output])
    for kind in ("seconds", "cpu"):
        found[kind] = {"engine": load[kind], "find": find[kind], "store": store[kind],
                       "of_both": load[kind] / (find[kind] + store[kind] or 1e-9),
                       "of_find": load[kind] / (find[kind] or 1e-9)}
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", required=True)
    parser.add_argument("--sources", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("directory", type=pathlib.Path)
    options = parser.parse_args()
    source, output = options.directory / "in", options.directory / "out"
    with runs.work_directory(options.directory):
        make_sources(source, options.sources)
        runs.timed([options.engine, source, output])
        rounds = [one_round(options.engine, source, output) for _ in range(options.rounds)]
    for kind, what in (("seconds", "wall"), ("cpu", "user + system")):
        of = [each[kind] for each in rounds]
        print(f"{options.sources:,} unchanged sources, {what} seconds: "
              f"engine {runs.spread(of, 'engine', 3)}; find -printf {runs.spread(of, 'find', 3)}; "
              f"the store read {runs.spread(of, 'store', 3)}; "
              f"engine / (find + store) {runs.spread(of, 'of_both', 3)}, "
              f"engine / find {runs.spread(of, 'of_find', 3)}")


if __name__ == "__main__":
    main()
