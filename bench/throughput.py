#!/usr/bin/env python3
"""Loads a generated folder with several numbers of workers and puts the times beside the floor's.

Used by scripts/bench.sh. Configurations take turns, round by round, so that what disturbs the
machine disturbs all of them; figures are medians with (least to most).
"""

import argparse
import collections
import json
import pathlib
import shutil
import statistics
import subprocess
import sys

import runs

# What the predecessor's documentation claims, and what it did when it was run on such a machine:
# files/s, p50 ms, MB.
PUBLISHED = {0: ("10", "100", "200"), 2: ("35", "60", "350"), 4: ("65", "45", "500"),
             8: ("85", "40", "750")}
MEASURED_FILES = {0: "317", 2: "333", 4: "392", 8: "402"}
MEASURED_P50 = "6.3 to 7.3"
MEASURED_MB = "47 to 191"
ASKED = {"nested": 5, "compact": 15}  # times its best as run, at least

Configuration = collections.namedtuple("Configuration", "workers layout")


def load_once(options, configuration, output):
    shutil.rmtree(output, ignore_errors=True)
    load = runs.load(options.bin / "engine", configuration.workers, options.input, output,
                     f"--layout={configuration.layout}")
    seconds = load["seconds"]
    return {
        "seconds": seconds,
        "files": load["sources_done"] / seconds,
        "mb": load["bytes_read"] / seconds / 1e6,
        "p50": load["latency_p50_ms"],
        "p99": load["latency_p99_ms"],
        "rss": load["peak_rss_bytes"] / 1e6,
        "anon": load["anon"],
        "cpu": load["cpu"],
        "outputs": load["outputs_written"],
    }


def measure(options):
    """{configuration: [a run a round]}, each run with the floor's seconds measured after it."""
    output = options.work / "output"
    found = {Configuration(workers, layout): [] for layout in ASKED for workers in options.workers}
    for number in range(options.rounds):
        for each, of in found.items():
            run = load_once(options, each, output)
            run["floor"] = runs.run_json([options.bin / "floor",
                                          f"--threads={max(1, each.workers)}", output,
                                          options.work])["seconds"]
            run["ratio"] = run["seconds"] / run["floor"]
            of.append(run)
            print(f"round {number + 1}, {name_of(each)}: {run['files']:.0f} files/s, "
                  f"engine/floor {run['ratio']:.2f}", file=sys.stderr)
    shutil.rmtree(output, ignore_errors=True)
    return found


def name_of(configuration):
    workers, layout = configuration
    name = "Sequential" if workers == 0 else "1 worker" if workers == 1 else f"{workers} workers"
    return name if layout == "nested" else f"{name}, {layout}"


def table(found):
    yield ("| Configuration | files/s | MB/s | p50 ms | p99 ms | peak RSS MB | peak anonymous MB "
           "| CPU s | floor s | engine/floor |")
    yield "| --- " + "| ---: " * 9 + "|"
    for each, of in found.items():
        figures = (("files", 0), ("mb", 1), ("p50", 2), ("p99", 2), ("rss", 1), ("anon", 1),
                   ("cpu", 2), ("floor", 3), ("ratio", 2))
        cells = [name_of(each), *(runs.spread(of, key, digits) for key, digits in figures)]
        yield "| " + " | ".join(cells) + " |"


def predecessor(found):
    yield ("| Configuration | engine files/s | published files/s | run files/s | engine p50 ms "
           "| published ms | run ms | engine RSS MB | published MB | run MB |")
    yield "| --- " + "| ---: " * 9 + "|"
    for each, of in found.items():
        if each.workers not in PUBLISHED:
            continue
        files, p50, megabytes = PUBLISHED[each.workers]
        cells = [name_of(each), runs.spread(of, "files"), files, MEASURED_FILES[each.workers],
                 runs.spread(of, "p50", 2), p50, MEASURED_P50, runs.spread(of, "rss", 1), megabytes,
                 MEASURED_MB]
        yield "| " + " | ".join(cells) + " |"


def beside_its_best(found):
    """How many times the predecessor's best row, of the best row of each layout."""
    best = max(int(files) for files in MEASURED_FILES.values())
    yield f"Its best row as run is {best} files/s. The best rows here, in times that:"
    yield ""
    yield "| layout | best row | times | asked |"
    yield "| --- | --- | ---: | ---: |"
    for layout, asked in ASKED.items():
        of_layout = {each: of for each, of in found.items() if each.layout == layout}
        each = max(of_layout, key=lambda one: statistics.median(run["files"]
                                                                for run in of_layout[one]))
        times = [{"times": run["files"] / best} for run in of_layout[each]]
        yield f"| {layout} | {name_of(each)} | {runs.spread(times, 'times', 2)} | {asked} |"


def micro(program):
    report = json.loads(subprocess.run(
        [program, "--benchmark_format=json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True, check=True).stdout)
    for row in report["benchmarks"]:
        rates = []
        if "items_per_second" in row:
            rates.append(f"{row['items_per_second'] / 1e6:,.2f} M items/s")
        if "bytes_per_second" in row:
            rates.append(f"{row['bytes_per_second'] / 1e6:,.0f} MB/s")
        yield (f"| {program.stem} | `{row['name']}` | {row['real_time']:,.1f} {row['time_unit']} "
               f"| {', '.join(rates)} |")


def report(options, generated, found):
    yield from runs.heading("Throughput", options,
                            "Made by `scripts/bench.sh`; medians with (least to most) of rounds "
                            "in turn.")
    yield (f"| input | {generated['files']} files, {generated['bytes'] / 1e6:.1f} MB, seed "
           f"{options.seed} |")
    yield ""
    outputs = {each.layout: f"{of[0]['outputs']:,}" for each, of in found.items()}
    yield (f"Times are of the whole process, from its start to its exit. The floor makes the same "
           f"directories and files ({outputs['nested']} outputs, with `--layout=compact` "
           f"{outputs['compact']}) from memory, with as many threads.")
    yield ""
    yield from table(found)
    yield ""
    yield ("Beside the predecessor, a Python system of a watcher, a batch processor and a pool of "
           "workers: `published` is what its documentation claims, `run` what it did when it was "
           "run on a machine of this kind.")
    yield ""
    yield from predecessor(found)
    yield ""
    yield from beside_its_best(found)
    if options.micro:
        yield "\n## Parts\n\n| program | benchmark | time | rate |\n| --- | --- | ---: | ---: |"
        for program in sorted(options.bin.glob("*_bench")):
            if program.stem != "queue_bench":  # has a page of its own: queues.py
                yield from micro(program)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="of the programs")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="an empty folder")
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--mean-size", type=int, default=51200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", default="0,1,2,4,8")
    parser.add_argument("--micro", action="store_true", help="the Google Benchmark programs too")
    parser.add_argument("--report", type=pathlib.Path, help="where to write the page")
    options = parser.parse_args()
    options.workers = [int(number) for number in options.workers.split(",")]
    options.input = options.work / "input"
    shutil.rmtree(options.input, ignore_errors=True)
    generated = runs.run_json([options.bin / "generate_ssms", f"--files={options.files}",
                          f"--mean-size={options.mean_size}", f"--seed={options.seed}",
                          options.input])
    found = measure(options)
    shutil.rmtree(options.input, ignore_errors=True)
    runs.publish(list(report(options, generated, found)), options.report)


if __name__ == "__main__":
    main()
