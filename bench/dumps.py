#!/usr/bin/env python3
"""Loads one big dump of each kind and puts the time beside that of cp in the same round.

Used by scripts/bench.sh. cp and the engine take turns. Where others use the machine as well, the
CPU seconds tell more than the wall's. Each kind's tree is joined once and compared with the dump.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys

import runs

KINDS = {"mysql": "mysqldump, long INSERTs", "rows": "mysqldump, an INSERT a row",
         "postgresql": "pg_dump, COPY", "tsql": "SSMS, an INSERT a row, GO every hundred"}


def is_kept(engine, output, dump):
    """join gives back the dump, byte for byte."""
    join = subprocess.Popen([engine, "join", output / "dump"], stdout=subprocess.PIPE)
    same = subprocess.run(["cmp", "-s", "-", dump], stdin=join.stdout, check=False).returncode == 0
    join.stdout.close()
    return join.wait() == 0 and same


class Dumps:
    def __init__(self, options):
        self.engine = options.bin / "engine"
        self.generate = options.bin / "generate_dump"
        self.rounds = options.rounds
        self.input = options.work / "input"
        self.output = options.work / "output"
        self.copy = options.work / "copy"
        self.dump = self.input / "dump.sql"

    def make(self, kind, size, first_percent=30):
        self.clear()
        self.input.mkdir(parents=True)
        return runs.run_json([self.generate, f"--kind={kind}", f"--size={size}",
                              f"--first-percent={first_percent}", self.dump])["bytes"]

    def clear(self):
        for place in (self.input, self.output):
            shutil.rmtree(place, ignore_errors=True)
        self.copy.unlink(missing_ok=True)

    def cp(self):
        self.copy.unlink(missing_ok=True)
        run = runs.timed(["cp", self.dump, self.copy])
        self.copy.unlink()
        return run

    def load(self, workers):
        shutil.rmtree(self.output, ignore_errors=True)
        return runs.load(self.engine, workers, self.input, self.output)

    def beside_cp(self, workers):
        """[a run a round], with what it took of cp's time in that round."""
        found = []
        for number in range(self.rounds):
            cp = self.cp()
            run = self.load(workers)
            run["cp"] = cp["seconds"]
            run["ratio"] = run["seconds"] / cp["seconds"]
            run["cpu_ratio"] = run["cpu"] / cp["cpu"] if cp["cpu"] else 0.0
            found.append(run)
            print(f"round {number + 1}, {workers} workers: {run['seconds']:.2f} s, of cp "
                  f"{run['ratio']:.2f}, of its CPU time {run['cpu_ratio']:.2f}", file=sys.stderr)
        return found


def table(dumps, options):
    yield ("| dump | workers | s | cp s | engine/cp | CPU s | engine/cp, CPU | peak anonymous MB "
           "| outputs |")
    yield "| --- | ---: " + "| ---: " * 7 + "|"
    for kind in options.kinds:
        dumps.make(kind, options.size)
        for workers in options.workers:
            of = dumps.beside_cp(workers)
            cells = [KINDS[kind], str(workers), runs.spread(of, "seconds", 2),
                     runs.spread(of, "cp", 2), runs.spread(of, "ratio", 2),
                     runs.spread(of, "cpu", 2), runs.spread(of, "cpu_ratio", 2),
                     runs.spread(of, "anon", 1), f"{of[0]['outputs_written']:,}"]
            yield "| " + " | ".join(cells) + " |"
        if not is_kept(dumps.engine, dumps.output, dumps.dump):
            sys.exit(f"{kind}: join does not give back the dump")


def scaling(dumps, options):
    """{kind: [(megabytes, milliseconds of CPU a megabyte)]}"""
    series = {}
    for kind in options.kinds:
        points = series.setdefault(KINDS[kind], [])
        size = 1_000_000
        while size <= options.size:
            written = dumps.make(kind, size) / 1e6
            cpu = min(dumps.load(1)["cpu"] for _ in range(options.rounds))
            points.append((round(written, 1), round(cpu / written * 1000, 3)))
            size *= 10
    return series


def report(dumps, options):
    yield from runs.heading("One big dump", options,
                            "Made by `scripts/bench.sh`; medians with (least to most) of rounds "
                            "in turn with `cp`.")
    yield f"| dumps | {options.size / (1 << 20):,.0f} MiB, 8 tables, 30 % of it the first |"
    yield ""
    yield ("Times are of the whole process; CPU is user and system of all its threads. "
           "`engine join` gave back every dump byte for byte.")
    yield ""
    yield from table(dumps, options)
    series = scaling(dumps, options)
    yield "\nCost by size, one worker, least CPU milliseconds a megabyte:\n"
    sizes = [megabytes for megabytes, _ in next(iter(series.values()))]
    yield "| dump | " + " | ".join(f"{size:,.0f} MB" for size in sizes) + " |"
    yield "| --- " + "| ---: " * len(sizes) + "|"
    for name, points in series.items():
        yield f"| {name} | " + " | ".join(f"{cost:.2f}" for _, cost in points) + " |"
    runs.plot(options.plot, "CPU time by size of a dump", "MB", "ms a MB", series)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="of the programs")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="an empty folder")
    parser.add_argument("--size", type=int, default=1 << 30)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--report", type=pathlib.Path, help="where to write the page")
    parser.add_argument("--plot", type=pathlib.Path, help="where to write the SVG")
    options = parser.parse_args()
    options.workers = [int(number) for number in options.workers.split(",")]
    options.kinds = options.kinds.split(",")
    options.work.mkdir(parents=True, exist_ok=True)
    dumps = Dumps(options)
    try:
        runs.publish(list(report(dumps, options)), options.report)
    finally:
        dumps.clear()


if __name__ == "__main__":
    main()
