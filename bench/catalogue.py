#!/usr/bin/env python3
"""How long the catalogue takes to be brought up for folders of generated scripts, whether that
grows linearly, and what it costs when nothing has changed. scripts/bench.sh runs it."""

import argparse
import json
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import time


def run(*command, status=0):
    """What it prints; `status` is the exit status that it must have."""
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.DEVNULL if status else None, check=False)
    if done.returncode != status:
        sys.exit(f"exit status {done.returncode}: {' '.join(map(str, command))}")
    return done.stdout


def seconds_of(*command, status=0):
    """(seconds, of them on a processor)"""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run(*command, status=status)
    after, end = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    return (end - start,
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def measure(options, files):
    """(objects, seconds_of each first reading, seconds_of each when nothing had changed)."""
    source, output = options.work / "catalogue-in", options.work / "catalogue-out"
    shutil.rmtree(source, ignore_errors=True)
    shutil.rmtree(output, ignore_errors=True)
    run(options.bin / "generate_ssms", f"--files={files}",
        f"--mean-size={options.mean_size}", source)
    run(options.bin / "engine", source, output)
    first, unchanged = [], []
    for _ in range(options.rounds):
        # A state of another place, so that the whole catalogue is to be made.
        state = options.work / "catalogue.db"
        for path in options.work.glob("catalogue.db*"):
            path.unlink()
        find = (options.bin / "engine", "find", output, "no such name", f"--state={state}")
        nothing_found = 1
        first.append(seconds_of(*find, status=nothing_found))
        unchanged.append(seconds_of(*find, status=nothing_found))
    listed = run(options.bin / "engine", "find", output, "*", "--format=json", f"--state={state}")
    objects = sum(1 for line in listed.splitlines() if json.loads(line))
    shutil.rmtree(source)
    shutil.rmtree(output)
    return objects, first, unchanged


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="of the programs")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="an empty folder")
    parser.add_argument("--files", default="250,500,1000")
    parser.add_argument("--mean-size", type=int, default=60000, help="50 objects a file")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    print("\n## The catalogue\n\n| files | objects | brought up, s | on a processor, s | an "
          "object, us | nothing changed, s |\n| ---: | ---: | ---: | ---: | ---: | ---: |")
    for files in map(int, options.files.split(",")):
        objects, first, unchanged = measure(options, files)
        walls = [wall for wall, _ in first]
        busy = statistics.median(processor for _, processor in first)
        print(f"| {files} | {objects:,} | {statistics.median(walls):.2f} ({min(walls):.2f} to "
              f"{max(walls):.2f}) | {busy:.2f} | {busy / objects * 1e6:.1f} | "
              f"{statistics.median(wall for wall, _ in unchanged):.3f} |", flush=True)


if __name__ == "__main__":
    main()
