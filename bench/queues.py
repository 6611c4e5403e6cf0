#!/usr/bin/env python3
"""Puts PriorityQueue beside the queues that others would take, in turn.

Used by scripts/bench.sh. Each round runs every row of queue_bench once, so what disturbs the
machine disturbs all of them; figures are medians with (least to most). Peers whose packages are
missing are named.
"""

import argparse
import json
import pathlib
import subprocess
import sys

import runs

BARE = "bare ConcurrentQueue"
BOUNDED = BARE + ", bounded"


def measure(options):
    """({(queue, load): [{"rate": millions a second} a round]}, [what is missing])"""
    found, missing = {}, set()
    for number in range(options.rounds):
        report = json.loads(subprocess.run(
            [options.bin / "queue_bench", "--benchmark_format=json",
             f"--benchmark_min_time={options.seconds}"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, check=True).stdout)
        for row in report["benchmarks"]:
            name, *load = row["name"].removesuffix("/real_time").split("/")
            if row.get("error_occurred"):
                if not row["error_message"].startswith("left out"):
                    sys.exit(f"{row['name']}: {row['error_message']}")
                missing.add(f"{name}: {row['error_message']}")
                continue
            where = found.setdefault((name, ", ".join(load)), [])
            where.append({"rate": row["items_per_second"] / 1e6})
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
    for (_, load), of in found.items():
        bare = found.get((BARE, load)) or found[(BARE + ", one thread", load)]
        bounded = found.get((BOUNDED, load))  # one thread alone meets no bound
        for number, run in enumerate(of):
            run["bare"] = run["rate"] / bare[number]["rate"]
            if bounded:
                run["bounded"] = run["rate"] / bounded[number]["rate"]
    return found, sorted(missing)


def report(options, found, missing):
    yield from runs.heading("Queues", options,
                            "Made by `scripts/bench.sh`; medians with (least to most) of rounds "
                            "in turn.")
    yield ""
    yield ("Millions of 16-byte items a second from producers to consumers, all of one priority; "
           "`bulk` is the most items of a push and of a pop, and queues that know only one at a "
           "time have no such row. PriorityQueue has a bound (200 items, or one that is never "
           "reached), three priorities, and both sides sleep. Heaps let the first that came of "
           "equals go first, as ours does. Ratios are to the bare ConcurrentQueue under the same "
           "load in the same round: it has no bound, no priorities, and its consumers spin; and "
           "to the same with a bound of 200 items, at which its producers spin as well: what a "
           "bound costs by itself. BlockingConcurrentQueue is ConcurrentQueue with its authors' "
           "semaphore to sleep at, and such a semaphore for the bound.")
    yield ""
    for line in missing:
        yield f"* {line}"
    yield "| load | queue | M items/s | of bare | of bare, bounded |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for load in dict.fromkeys(load for _, load in found):
        for (name, of_load), of in found.items():
            if of_load == load:
                bounded = runs.spread(of, "bounded", 2) if "bounded" in of[0] else ""
                yield (f"| {load.replace(':', ' ')} | {name} | {runs.spread(of, 'rate', 2)} "
                       f"| {runs.spread(of, 'bare', 2)} | {bounded} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="of the programs")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="an empty folder")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.2, help="of a row in a round")
    parser.add_argument("--report", type=pathlib.Path, help="where to write the page")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    runs.publish(list(report(options, *measure(options))), options.report)


if __name__ == "__main__":
    main()
