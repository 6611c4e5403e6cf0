#!/usr/bin/env python3
"""Loads folders of very many small sources, again when nothing has changed, and again when one has.

Used by scripts/bench.sh. The second run stands beside what it is held against: `find -printf` over
the same folder, and its state store read by somebody else.
"""

import argparse
import pathlib
import random
import shutil
import sys

import runs
import unchanged


def script(number, size):
    """A table and as many of its rows as the size asks for."""
    rand = random.Random(number)
    lines = [f"CREATE TABLE t{number} (id int NOT NULL, remark varchar(40) NULL);"]
    length = len(lines[0])
    while length < size:
        lines.append(f"INSERT INTO t{number} VALUES ({rand.randrange(10**6)}, 'it''s number "
                     f"{rand.randrange(10**6)}');")
        length += len(lines[-1]) + 1
    return "\n".join(lines) + "\n"


def flat(folder, number):
    return folder / f"s{number:06}.sql"


def deep(folder, number):
    """Every source in a directory of its own, ten to a level."""
    return folder.joinpath(*(f"d{digit}" for digit in f"{number:05}"), "s.sql")


def make(folder, count, place, size):
    shutil.rmtree(folder, ignore_errors=True)
    for number in range(count):
        path = place(folder, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script(number, size), encoding="ascii")


def measure(options, count, place):
    """[a run a round]: the load; the second run, find and the store read; after one change."""
    folder = options.work / "input"
    output = options.work / "output"
    engine = options.bin / "engine"
    make(folder, count, place, options.source_size)
    found = []
    for number in range(options.rounds):
        shutil.rmtree(output, ignore_errors=True)
        first = runs.load(engine, options.workers, folder, output)
        second = runs.load(engine, options.workers, folder, output)
        find, store = unchanged.held_against(folder, output)
        with open(place(folder, number), "a", encoding="ascii") as file:
            file.write("-- once more\n")
        changed = runs.load(engine, options.workers, folder, output)
        if second["sources_unchanged"] != count or changed["sources_unchanged"] != count - 1:
            sys.exit(f"{count} sources: the second run did not find them unchanged")
        found.append({
            "first": first["seconds"], "rate": count / first["seconds"],
            "file_us": first["cpu"] / count * 1e6, "anon": first["anon"],
            "second": second["seconds"], "find": find["seconds"], "store": store["seconds"],
            "ratio": second["seconds"] / (find["seconds"] + store["seconds"]),
            "cpu_ratio": second["cpu"] / (find["cpu"] + store["cpu"] or 1e-9),
            "changed": changed["seconds"],
        })
        print(f"round {number + 1}, {count} sources: {first['seconds']:.2f} s, again "
              f"{second['seconds']:.2f} s, find {find['seconds']:.2f} s, the store "
              f"{store['seconds']:.2f} s", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(output, ignore_errors=True)
    return found


def report(options):
    cases = {"tiny": (options.tiny, flat), "some": (options.tiny // 10, flat),
             "deep": (options.tiny // 10, deep)}
    names = {"tiny": "in one directory", "some": "in one directory", "deep":
             "each in a directory of its own, five deep"}
    yield from runs.heading("Very many small sources", options,
                            "Made by `scripts/bench.sh`; medians with (least to most) of rounds "
                            "in turn.")
    yield f"| sources | {options.source_size:,} bytes each, {options.workers} workers |"
    yield ""
    yield ("Times are of the whole process. The second run is over the same folder, and one more "
           "is made after a line was added to one source. Asked is that the second takes at most "
           "1.5 of `find -printf` over the sources and the state store read by SQLite alone.")
    yield ""
    yield ("| sources | first s | sources/s | CPU us a source | peak anonymous MB | second s "
           "| find s | the store read s | second/(find + store) | the same, CPU | one changed s |")
    yield "| --- " + "| ---: " * 10 + "|"
    for case, (count, place) in cases.items():
        of = measure(options, count, place)
        cells = [f"{count:,} {names[case]}", runs.spread(of, "first", 2), runs.spread(of, "rate"),
                 runs.spread(of, "file_us", 1), runs.spread(of, "anon", 1),
                 runs.spread(of, "second", 3), runs.spread(of, "find", 3),
                 runs.spread(of, "store", 3), runs.spread(of, "ratio", 2),
                 runs.spread(of, "cpu_ratio", 2), runs.spread(of, "changed", 3)]
        yield "| " + " | ".join(cells) + " |"


def scaling(options):
    points = []
    count = 10
    folder, output = options.work / "input", options.work / "output"
    while count <= options.tiny:
        make(folder, count, flat, options.source_size)
        costs = []
        for _ in range(options.rounds):
            shutil.rmtree(output, ignore_errors=True)
            costs.append(runs.load(options.bin / "engine", 1, folder, output)["cpu"])
        points.append((count, round(min(costs) / count * 1e6, 1)))
        count *= 10
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(output, ignore_errors=True)
    return points


def with_scaling(options):
    yield from report(options)
    points = scaling(options)
    yield "\nCost by number, one worker, least CPU microseconds a source:\n"
    yield "| " + " | ".join(f"{count:,}" for count, _ in points) + " |"
    yield "| ---: " * len(points) + "|"
    yield "| " + " | ".join(f"{cost:,.1f}" for _, cost in points) + " |"
    runs.plot(options.plot, "CPU time by number of sources", "sources", "us a source",
              {"1 KB each": points})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="of the programs")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="an empty folder")
    parser.add_argument("--tiny", type=int, default=100000, help="sources of the largest folder")
    parser.add_argument("--source-size", type=int, default=1024)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--report", type=pathlib.Path, help="where to write the page")
    parser.add_argument("--plot", type=pathlib.Path, help="where to write the SVG")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    runs.publish(list(with_scaling(options)), options.report)


if __name__ == "__main__":
    main()
