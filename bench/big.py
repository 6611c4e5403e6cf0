#!/usr/bin/env python3
"""What changes with size: the memory of 1 and of 10 GiB, one table that is 90 % of a dump, and one
script of 200 MB full of modules.

Used by scripts/bench.sh --big. Each of the large loads is made once, below --disk, where there is
room for twice its size: what counts is memory, and the time by the megabyte. The 90 % are beside cp
on tmpfs, like the other dumps.
"""

import argparse
import pathlib
import shutil
import sys

import dumps
import runs

MB = 1e6


def row(cells):
    return "| " + " | ".join(cells) + " |"


def by_size(options):
    """One load a kind and size, on disk: memory, and time by the megabyte."""
    yield row(["dump", "size GiB", "s", "CPU s", "CPU ms a MB", "peak anonymous MB", "outputs"])
    yield "| --- " + "| ---: " * 6 + "|"
    place = argparse.Namespace(bin=options.bin, work=options.disk, rounds=1)
    of_disk = dumps.Dumps(place)
    for kind in options.kinds:
        for size in options.sizes:
            megabytes = of_disk.make(kind, size) / MB
            run = of_disk.load(options.workers)
            of_disk.clear()
            yield row([dumps.KINDS[kind], f"{size / (1 << 30):g}", f"{run['seconds']:,.1f}",
                       f"{run['cpu']:,.1f}", f"{run['cpu'] / megabytes * 1000:.2f}",
                       f"{run['anon']:.1f}", f"{run['outputs_written']:,}"])
            print(f"{kind}, {size / (1 << 30):g} GiB: {run['seconds']:.1f} s, "
                  f"{run['anon']:.1f} MB", file=sys.stderr)


def one_table(options):
    """A dump of which one table is nearly all, beside cp: can two workers share it?"""
    yield row(["dump", "workers", "s", "cp s", "engine/cp", "CPU s", "peak anonymous MB",
               "outputs"])
    yield "| --- | ---: " + "| ---: " * 6 + "|"
    beside = dumps.Dumps(options)
    for kind in options.kinds:
        beside.make(kind, options.one_table, first_percent=90)
        for workers in (1, 2):
            of = beside.beside_cp(workers)
            yield row([dumps.KINDS[kind], str(workers), runs.spread(of, "seconds", 2),
                       runs.spread(of, "cp", 2), runs.spread(of, "ratio", 2),
                       runs.spread(of, "cpu", 2), runs.spread(of, "anon", 1),
                       f"{of[0]['outputs_written']:,}"])
    beside.clear()


def modules(options):
    """One script of many thousand modules beside a tenth of it: the cost of a megabyte."""
    yield row(["script MB", "modules' outputs", "s", "CPU ms a MB", "peak anonymous MB",
               "of it KB an output"])
    yield "| ---: " * 6 + "|"
    source, output = options.work / "input", options.work / "output"
    for size in (options.modules // 10, options.modules):
        for place in (source, output):
            shutil.rmtree(place, ignore_errors=True)
        # A script is half to one and a half times the mean, as the seed has it.
        made = runs.run_json([options.bin / "generate_ssms", "--files=1", f"--mean-size={size}",
                              source])
        of = []
        for _ in range(options.rounds):
            shutil.rmtree(output, ignore_errors=True)
            run = runs.load(options.bin / "engine", 1, source, output)
            run["ms"] = run["cpu"] / made["bytes"] * MB * 1000
            run["kb"] = run["anon"] * 1000 / run["outputs_written"]
            of.append(run)
        yield row([f"{made['bytes'] / MB:,.1f}", f"{of[0]['outputs_written']:,}",
                   runs.spread(of, "seconds", 2), runs.spread(of, "ms", 2),
                   runs.spread(of, "anon", 1), runs.spread(of, "kb", 2)])
    for place in (source, output):
        shutil.rmtree(place, ignore_errors=True)


def report(options):
    yield from runs.heading("Very large sources", options,
                            "Made by `scripts/bench.sh --big`; medians with (least to most) where"
                            " there are rounds.")
    yield ""
    yield (f"## By size\n\nOnce each, on {runs.output_of('stat', '-f', '-c', '%T', options.disk)}, "
           f"{options.workers} workers; 8 tables, the first of them 30 %.\n")
    yield from by_size(options)
    yield (f"\n## One table that is 90 % of a dump of {options.one_table / (1 << 20):,.0f} MiB\n\n"
           "In turn with `cp`.\n")
    yield from one_table(options)
    yield "\n## One script full of modules, one worker\n"
    yield from modules(options)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="of the programs")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="an empty folder")
    parser.add_argument("--disk", type=pathlib.Path, required=True, help="where 20 GiB are free")
    parser.add_argument("--sizes", default=f"{1 << 30},{10 << 30}", help="of dumps on the disk")
    parser.add_argument("--one-table", type=int, default=1 << 30, help="bytes")
    parser.add_argument("--modules", type=int, default=200_000_000, help="bytes")
    parser.add_argument("--kinds", default="mysql,postgresql")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--report", type=pathlib.Path, help="where to write the page")
    options = parser.parse_args()
    options.sizes = [int(size) for size in options.sizes.split(",")]
    options.kinds = options.kinds.split(",")
    for place in (options.work, options.disk):
        place.mkdir(parents=True, exist_ok=True)
    runs.publish(list(report(options)), options.report)


if __name__ == "__main__":
    main()
