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
import resource
import shutil
import statistics
import subprocess
import sys
import time

IN_A_DIRECTORY = 1000
# Every row and column that a start needs, read by SQLite alone.
READ_STORE = """
import os, sqlite3, sys, time
begin, wall = os.times(), time.monotonic()
sqlite3.connect(sys.argv[1]).execute("SELECT max(path), max(state), max(tree), max(device),"
    " max(inode), max(size), max(mtime_ns), max(ctime_ns), max(hash), max(options),"
    " max(durability), max(finished_ns) FROM sources").fetchone()
end = os.times()
print(time.monotonic() - wall, end.user + end.system - begin.user - begin.system)
"""


def make_sources(root, count):
    for number in range(count):
        directory = root / f"d{number // IN_A_DIRECTORY:03}"
        if number % IN_A_DIRECTORY == 0:
            directory.mkdir(parents=True)
        (directory / f"s{number:06}.sql").write_text(f"CREATE TABLE dbo.t{number} (i int)\nGO\n")


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode != 0:
        sys.exit(f"exit status {done.returncode}: {' '.join(map(str, command))}: {done.stderr}")
    return done.stdout


def timed(command):
    """(wall, CPU) seconds."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run(command)
    wall, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def spread(values):
    return f"{statistics.median(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", required=True)
    parser.add_argument("--sources", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("directory", type=pathlib.Path)
    options = parser.parse_args()
    source, output = options.directory / "in", options.directory / "out"
    options.directory.mkdir()
    try:
        make_sources(source, options.sources)
        load = [options.engine, source, output]
        run(load)
        find = ["find", source, "-type", "f", "-printf", "%p %D %i %s %T@ %C@\\n"]
        store = [sys.executable, "-c", READ_STORE, output / ".engine/engine.db"]
        runs = [(timed(find), [float(word) for word in run(store).split()], timed(load))
                for _ in range(options.rounds)]
    finally:
        shutil.rmtree(options.directory, ignore_errors=True)
    for number, what in enumerate(("wall", "user + system")):
        finds, stores, loads = ([each[kind][number] for each in runs] for kind in range(3))
        ratio = [load / (find + store) for find, store, load in zip(finds, stores, loads)]
        print(f"{options.sources:,} unchanged sources, {what} seconds: engine {spread(loads)}; "
              f"find -printf {spread(finds)}; the store read {spread(stores)}; "
              f"engine / (find + store) {spread(ratio)}, "
              f"engine / find {spread([load / find for load, find in zip(loads, finds)])}")


main()
