#!/usr/bin/env python3
"""The loop of soak.sh: changes a folder, loads it, kills some loads, holds it all to account."""

import argparse
import filecmp
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import threading
import time


def text_of(number, edition):
    rows = "".join(f"INSERT dbo.t{number} VALUES ({i})\nGO\n" for i in range(edition % 50))
    return f"CREATE TABLE dbo.t{number} (i int)\nGO\n{rows}"


class Folder:
    """A folder of sources that changes at a bounded rate."""

    def __init__(self, root, rng):
        self.root, self.rng, self.edition, self.changes = root, rng, 0, 0

    def path(self, number):
        return self.root / str(number % 11) / f"s{number}.sql"

    def write(self, number):
        self.edition += 1
        path = self.path(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(number, self.edition))

    def change(self):
        number = self.rng.randrange(2000)
        kind = self.rng.random()
        self.changes += 1
        if kind < 0.6 or not self.path(number).exists():
            self.write(number)
        elif kind < 0.8:
            self.path(number).unlink()
        else:
            target = self.path(self.rng.randrange(2000))
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self.path(number), target)


def sources(root):
    return sorted(str(p.relative_to(root)) for p in root.rglob("*.sql") if p.is_file())


def load(engine, source, output, kill_after=None):
    """None when it was killed; else its statistics and what /proc said while it ran."""
    process = subprocess.Popen([engine, "--stats=json", source, output], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    if kill_after is not None:
        try:
            process.wait(kill_after)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return None
    descriptors = 0
    while process.poll() is None:
        try:
            descriptors = max(descriptors, len(os.listdir(f"/proc/{process.pid}/fd")))
        except OSError:
            pass
        time.sleep(0.01)
    out, err = process.communicate()
    if process.returncode not in (0, 1) or not out:
        sys.exit(f"soak: exit status {process.returncode}: {err}")
    stats = json.loads(out)["load"]
    stats["descriptors"] = descriptors
    return stats


def same_tree(one, other):
    compared = filecmp.dircmp(one, other, ignore=[".engine"])
    if compared.left_only or compared.right_only or compared.funny_files:
        return False
    _, mismatch, errors = filecmp.cmpfiles(one, other, compared.common_files, shallow=False)
    if mismatch or errors:
        return False
    return all(same_tree(one / name, other / name) for name in compared.common_dirs)


def main():
    parser = argparse.ArgumentParser()
    for name in ("engine", "work"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("minutes", "rate"):
        parser.add_argument(f"--{name}", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    work = pathlib.Path(args.work)
    folder, output = Folder(work / "in", rng), work / "out"
    for number in range(1000):
        folder.write(number)

    end = time.monotonic() + 60 * args.minutes
    stop = threading.Event()

    def change_on():
        while not stop.wait(1 / args.rate):
            folder.change()

    changer = threading.Thread(target=change_on)
    changer.start()
    loads = killed = 0
    peaks = []
    try:
        while time.monotonic() < end:
            loads += 1
            stats = load(args.engine, folder.root, output,
                         rng.random() * 0.3 if loads % 5 == 0 else None)
            if stats is None:
                killed += 1
                continue
            added = sum(stats[name] for name in ("sources_done", "sources_failed",
                                                 "sources_unchanged", "sources_not_processed"))
            if added != stats["sources"]:
                sys.exit(f"soak: the counts do not add up: {stats}")
            peaks.append((stats["peak_rss_bytes"], stats["descriptors"]))
            time.sleep(0.2)
    finally:
        stop.set()
        changer.join()

    last = load(args.engine, folder.root, output)
    if last["sources_failed"] != 0:
        sys.exit(f"soak: the last load failed: {last}")
    count = len(sources(folder.root))
    if last["sources"] != count:
        sys.exit(f"soak: {count} sources, {last['sources']} counted")
    if any((output / ".engine/build").iterdir()):
        sys.exit("soak: something is left over in .engine/build")
    # A load leaves the trees of gone sources; without them the tree is that of a quiet run.
    for manifest in list(output.rglob("manifest.json")):
        source = json.loads(manifest.read_text())["source"]["path"]
        if not (folder.root / source).exists():
            shutil.rmtree(manifest.parent)
    for directory in sorted(output.rglob("*"), reverse=True):
        if directory.is_dir() and ".engine" not in directory.parts and not any(directory.iterdir()):
            directory.rmdir()
    load(args.engine, folder.root, work / "quiet")
    if not same_tree(output, work / "quiet"):
        sys.exit("soak: the tree is not that of a quiet run")
    half = max(1, len(peaks) // 2)
    for name, index in (("peak RSS", 0), ("descriptors", 1)):
        first = max(peak[index] for peak in peaks[:half])
        second = max(peak[index] for peak in peaks[half:] or peaks)
        print(f"{name}: {first} at most in the first half, {second} in the second")
    print(f"{args.minutes} minutes, {folder.changes} changes, {loads} loads, {killed} killed; "
          f"the tree of {count} sources is that of a quiet run")


main()
