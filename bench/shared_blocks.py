#!/usr/bin/env python3
"""Loads one big dump on images of XFS and btrfs, beside a real copy of it in the same round.

Used by scripts/bench.sh. There the outputs share the dump's blocks (--reflink=auto). A real copy,
the engine, and the engine without (--reflink=never) take turns; each begins with the dump on the
disk and in memory. It needs root, for the mounts, and the file systems' own mkfs.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import time

import runs

FILE_SYSTEMS = ("xfs", "btrfs")
KINDS = {"mysql": "mysqldump, long INSERTs", "postgresql": "pg_dump, COPY"}


def can_mount(name):
    return os.geteuid() == 0 and shutil.which(f"mkfs.{name}")


class Image:
    """A fresh file system in a file, mounted as long as this is open."""

    def __init__(self, work, name, size):
        self.file = work / f"{name}.image"
        self.place = work / name
        self.name = name
        self.size = size

    def __enter__(self):
        with open(self.file, "wb") as file:
            file.truncate(self.size)
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([f"mkfs.{self.name}", "-q", self.file], **quiet)
        self.place.mkdir()
        subprocess.run(["mount", "-o", "loop", self.file, self.place], **quiet)
        return self.place

    def __exit__(self, *_):
        subprocess.run(["umount", self.place], check=True)
        self.place.rmdir()
        self.file.unlink()


def synced(place):
    start = time.monotonic()
    subprocess.run(["sync", "-f", place], check=True)
    return time.monotonic() - start


def used(place):
    synced(place)
    time.sleep(0.5)  # XFS frees deleted files a little later
    synced(place)
    status = os.statvfs(place)
    return (status.f_blocks - status.f_bfree) * status.f_frsize


def measured(place, clear, work):
    """What `work` takes until it is done and until it is on the disk, and the room it takes."""
    clear()
    before = used(place)
    run = work()
    run["on_disk"] = run["seconds"] + synced(place)
    run["room"] = (used(place) - before) / 1e6
    clear()
    return run


class Bench:
    def __init__(self, options, place):
        self.engine = options.bin / "engine"
        self.rounds = options.rounds
        self.place = place
        self.input = place / "input"
        self.output = place / "output"
        self.copy = place / "copy"
        self.dump = self.input / "dump.sql"

    def make(self, generate, kind, size):
        self.input.mkdir(exist_ok=True)
        runs.run_json([generate, f"--kind={kind}", f"--size={size}", "--first-percent=30",
                       self.dump])

    def clear(self):
        shutil.rmtree(self.output, ignore_errors=True)
        self.copy.unlink(missing_ok=True)

    def cp(self):
        return runs.timed(["cp", "--reflink=never", self.dump, self.copy])

    def load(self, reflink):
        return runs.load(self.engine, 1, self.input, self.output, f"--reflink={reflink}")

    def rows(self):
        found = {"auto": [], "never": []}
        for number in range(self.rounds):
            cp = measured(self.place, self.clear, self.cp)
            for reflink, of in found.items():
                run = measured(self.place, self.clear, lambda how=reflink: self.load(how))
                for key in ("seconds", "on_disk", "cpu"):
                    run[f"{key}_ratio"] = run[key] / max(cp[key], 0.001)
                run["cp"] = cp["seconds"]
                run["cp_on_disk"] = cp["on_disk"]
                of.append(run)
                print(f"round {number + 1}, {reflink}: {run['seconds_ratio']:.2f} of cp, "
                      f"{run['on_disk_ratio']:.2f} to the disk, {run['room']:.1f} MB",
                      file=sys.stderr)
        return found

    def check(self):
        self.clear()
        self.load("auto")
        verify = [self.engine, "verify", self.output, f"--input={self.input}"]
        if subprocess.run(verify, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            sys.exit("verify finds a difference")


def table(options):
    yield ("| file system | dump | `--reflink` | s | engine/cp | engine/cp, both on the disk "
           "| engine/cp, CPU | cp s | cp s, on the disk | room MB |")
    yield "| --- | --- | --- " + "| ---: " * 7 + "|"
    for name in FILE_SYSTEMS:
        if not can_mount(name):
            yield f"| {name} | skipped: needs root and mkfs.{name} |" + " |" * 8
            continue
        with Image(options.work, name, 3 * options.size + (512 << 20)) as place:
            bench = Bench(options, place)
            for kind, shown in KINDS.items():
                bench.make(options.bin / "generate_dump", kind, options.size)
                bench.check()
                for reflink, of in bench.rows().items():
                    cells = [name, shown, reflink, runs.spread(of, "seconds", 2),
                             runs.spread(of, "seconds_ratio", 2),
                             runs.spread(of, "on_disk_ratio", 2), runs.spread(of, "cpu_ratio", 2),
                             runs.spread(of, "cp", 2), runs.spread(of, "cp_on_disk", 2),
                             runs.spread(of, "room", 1)]
                    yield "| " + " | ".join(cells) + " |"


def report(options):
    yield from runs.heading("One big dump whose blocks are shared", options,
                            "Made by `scripts/bench.sh`; medians with (least to most) of rounds "
                            "in turn with `cp --reflink=never`, one worker, on a fresh image.")
    yield f"| dumps | {options.size / (1 << 20):,.0f} MiB, 8 tables, 30 % of it the first |"
    yield ""
    yield ("On the disk: with the time that `syncfs` takes afterwards. Room: what the file system "
           "has less. `engine verify --input` found every tree as it should be.")
    yield ""
    yield from table(options)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="of the programs")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="an empty folder")
    parser.add_argument("--size", type=int, default=1 << 30)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--report", type=pathlib.Path, help="where to write the page")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    runs.publish(list(report(options)), options.report)


if __name__ == "__main__":
    main()
