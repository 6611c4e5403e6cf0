#!/usr/bin/env python3
"""Runs two programs in turn over the same input: what the second takes of the first's time.

    bench/in_turn.py --bin=build/bench/bin --work=/dev/shm/in_turn BEFORE AFTER

BEFORE and AFTER are each an engine, with options of its own where wanted ("build/bench/bin/engine
--layout=flat"). `scripts/bench.sh --before=COMMIT` builds the program of that commit and puts this
one beside it. Whoever goes first changes with each round, so that what disturbs the machine
disturbs both. Their trees are compared in the first round: a difference is named, and the exit
status is 1.
"""

import argparse
import filecmp
import os
import pathlib
import shlex
import shutil
import sys

import runs
from dumps import KINDS

SSMS = "ssms"
FIGURES = ("seconds", "user", "system", "cpu")


def make_input(options, kind):
    """What the row is called."""
    shutil.rmtree(options.input, ignore_errors=True)
    if kind == SSMS:
        made = runs.run_json([options.bin / "generate_ssms", f"--files={options.files}",
                              options.input])
        return f"scripts of SSMS, {made['files']:,}, {made['bytes'] / 1e6:,.1f} MB"
    options.input.mkdir(parents=True)
    made = runs.run_json([options.bin / "generate_dump", f"--kind={kind}", f"--size={options.size}",
                          options.input / "dump.sql"])
    return f"{KINDS[kind]}, {made['bytes'] / 1e6:,.1f} MB"


def outputs(tree):
    """Every file and directory of an OUTPUT but the engine's own, by its path."""
    for folder, names, files in os.walk(tree):
        if folder == str(tree):
            names.remove(".engine")
        for name in names + files:
            path = pathlib.Path(folder, name)
            yield path.relative_to(tree), path


def first_difference(before, after):
    """The first path that the two trees do not have alike; None where they are the same."""
    of_before, of_after = dict(outputs(before)), dict(outputs(after))
    for path in sorted(of_before.keys() | of_after.keys()):
        left, right = of_before.get(path), of_after.get(path)
        if not left or not right or left.is_dir() != right.is_dir():
            return path
        if left.is_file() and not filecmp.cmp(left, right, shallow=False):
            return path
    return None


def one_round(options, workers, number):
    """The second's figures of the first's, and the seconds of both by name."""
    of = {}
    names = list(options.programs)
    for name in names if number % 2 == 0 else names[::-1]:
        output = options.work / name
        shutil.rmtree(output, ignore_errors=True)
        of[name] = runs.timed([*options.programs[name], f"--workers={workers}", options.input,
                               output])
    before, after = of["before"], of["after"]
    found = {key: after[key] / before[key] if before[key] else 0.0 for key in FIGURES}
    return {**found, **{name: run["seconds"] for name, run in of.items()}}


def measure(options, kind):
    """Rows of the table, and the paths at which trees are not the same."""
    title = make_input(options, kind)
    differences, rows = [], []
    for workers in options.workers:
        rounds = []
        for number in range(options.rounds):
            rounds.append(one_round(options, workers, number))
            print(f"{title}, {workers} workers, round {number + 1} of {options.rounds}: "
                  f"{rounds[-1]['seconds']:.2f}", file=sys.stderr)
            if number == 0:
                path = first_difference(options.work / "before", options.work / "after")
                differences += [f"{title}, {workers} workers: {path}"] if path else []
        cells = [title, str(workers), runs.spread(rounds, "before", 2),
                 runs.spread(rounds, "after", 2), *(runs.spread(rounds, key, 2) for key in FIGURES)]
        rows.append("| " + " | ".join(cells) + " |")
    return rows, differences


def report(options, differences):
    yield from runs.heading("Two programs in turn", options,
                            "Made by `bench/in_turn.py`; medians with (least to most) of rounds in "
                            "turn.")
    for name, command in options.programs.items():
        yield f"| {name} | `{shlex.join(command)}` |"
    yield ""
    yield ("Seconds are of the whole process, by the clock. The last four columns are what the "
           "second program took of the first's in the same round.")
    yield ""
    yield ("| input | workers | before s | after s | of the clock | of user seconds "
           "| of system seconds | of both |")
    yield "| --- | ---: " + "| ---: " * 6 + "|"
    for kind in options.inputs:
        rows, found = measure(options, kind)
        yield from rows
        differences += found
    yield ""
    yield from ((f"The trees are not the same: {each}" for each in differences) if differences
                else ["The trees are the same, byte for byte."])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="of the generators")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="an empty folder")
    parser.add_argument("--inputs", default=",".join([SSMS, *KINDS]), help="%(default)s")
    parser.add_argument("--files", type=int, default=1000, help="scripts of 50 KB (%(default)s)")
    parser.add_argument("--size", type=int, default=256 << 20, help="of a dump (%(default)s bytes)")
    parser.add_argument("--workers", default="1,2", help="%(default)s")
    parser.add_argument("--rounds", type=int, default=5, help="%(default)s")
    parser.add_argument("--report", type=pathlib.Path, help="where to write the page")
    parser.add_argument("before", type=shlex.split, help="the program before")
    parser.add_argument("after", type=shlex.split, help="the program after")
    options = parser.parse_args()
    options.programs = {"before": options.before, "after": options.after}
    for program, *_ in options.programs.values():
        if not shutil.which(program):
            sys.exit(f"{program}: no program; build it first, or name another")
    options.inputs = options.inputs.split(",")
    options.workers = [int(number) for number in options.workers.split(",")]
    options.work.mkdir(parents=True, exist_ok=True)
    options.input = options.work / "input"
    differences = []
    try:
        runs.publish(list(report(options, differences)), options.report)
    finally:
        for place in ("input", *options.programs):
            shutil.rmtree(options.work / place, ignore_errors=True)
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
