#!/usr/bin/env python3
"""The loop of soak.sh: changes a folder under loads and watches, kills some of them, holds all of
them to account."""

import argparse
import filecmp
import json
import os
import pathlib
import platform
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

WATCH = ("--watch", "--realtime", "--on-delete=remove", "--stats=json")


def text_of(number, edition):
    rows = "".join(f"INSERT dbo.t{number} VALUES ({i})\nGO\n" for i in range(edition % 50))
    return f"CREATE TABLE dbo.t{number} (i int)\nGO\n{rows}"


class Folder:
    """A folder of sources that changes at a bounded rate, until stop()."""

    def __init__(self, root, seed):
        self.root, self.rng, self.edition, self.changes = root, random.Random(seed), 0, 0
        self.stopped, self.thread = threading.Event(), None
        for number in range(1000):
            self.write(number)

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

    def start(self, rate):
        def change_on():
            while not self.stopped.wait(1 / rate):
                self.change()

        self.thread = threading.Thread(target=change_on)
        self.thread.start()

    def stop(self):
        self.stopped.set()
        self.thread.join()

    def sources(self):
        return sum(1 for path in self.root.rglob("*.sql") if path.is_file())


class Failed(Exception):
    pass


def expect(condition, what):
    if not condition:
        raise Failed(what)


class Process:
    """An engine that runs, its output in files, so that none of it can be what it waits for."""

    def __init__(self, engine, arguments, log):
        self.out, self.err = log.with_suffix(".out"), log.with_suffix(".err")
        with open(self.out, "w") as out, open(self.err, "w") as err:
            self.process = subprocess.Popen([*engine, *arguments], stdout=out, stderr=err)

    def usage(self):
        """(resident bytes, descriptors), or nothing when it has just ended."""
        try:
            pages = int(pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
            return (pages * os.sysconf("SC_PAGESIZE"),
                    len(os.listdir(f"/proc/{self.process.pid}/fd")))
        except (OSError, IndexError):
            return None

    def has_ended(self):
        return self.process.poll() is not None

    def end(self, number):
        self.process.send_signal(number)
        return self.process.wait()

    def statistics(self):
        """The last complete line of them."""
        lines = self.out.read_text().split("\n")
        return json.loads(lines[-2]) if len(lines) > 1 else None

    def expect_status(self, status, allowed):
        expect(status in allowed, f"exit status {status}: {self.err.read_text()[-4000:]}")


class Loads:
    """Loads one after the other, every fifth of them killed."""

    def __init__(self, engine, folder, work, seed):
        self.engine, self.folder, self.work = engine, folder, work
        self.output, self.rng = work / "loaded", random.Random(seed)
        self.count = self.killed = 0
        self.peaks = []

    def load(self, output, kill_after=None):
        """None when it was killed; else its statistics."""
        process = Process(self.engine, ["--stats=json", self.folder.root, output],
                          self.work / "load")
        begin, descriptors = time.monotonic(), 0
        while not process.has_ended():
            if kill_after is not None and time.monotonic() - begin > kill_after:
                process.end(signal.SIGKILL)
                return None
            usage = process.usage()
            descriptors = max(descriptors, usage[1] if usage else 0)
            time.sleep(0.01)
        process.expect_status(process.process.returncode, (0, 1))
        stats = process.statistics()["load"]
        added = sum(stats[name] for name in ("sources_done", "sources_failed", "sources_unchanged",
                                             "sources_gone", "sources_not_processed"))
        expect(added == stats["sources"], f"the counts of a load do not add up: {stats}")
        self.peaks.append((stats["peak_rss_bytes"], descriptors))
        return stats

    def step(self):
        self.count += 1
        kill_after = self.rng.random() * 0.3 if self.count % 5 == 0 else None
        if self.load(self.output, kill_after) is None:
            self.killed += 1

    def finish(self):
        last = self.load(self.output)
        expect(last["sources_failed"] == 0, f"the last load failed: {last}")
        expect(last["sources"] == self.folder.sources(), f"not every source is counted: {last}")
        # A load leaves the trees of gone sources; without them the tree is that of a quiet run.
        for manifest in list(self.output.rglob("manifest.json")):
            source = json.loads(manifest.read_text())["source"]["path"]
            if not (self.folder.root / source).exists():
                shutil.rmtree(manifest.parent)


class Watches:
    """A watch that is ended every `seconds` and begun again, killed or asked to; or, without
    them, one that goes on to the end."""

    def __init__(self, engine, folder, work, name, seed=0, seconds=None):
        self.engine, self.folder, self.work = engine, folder, work
        self.output, self.name = work / name, name
        self.rng, self.seconds = random.Random(seed), seconds
        self.count = self.killed = 0
        self.peaks = []
        self.begin()

    def begin(self):
        self.count += 1
        arguments = [*WATCH, "--stats-interval=5", self.folder.root, self.output]
        self.process = Process(self.engine, arguments, self.work / self.name)
        life = self.seconds and self.rng.uniform(0.05, 2 * self.seconds)
        self.ends = time.monotonic() + life if life else None

    def step(self):
        expect(not self.process.has_ended(), f"{self.name} ended by itself: "
               f"{self.process.err.read_text()[-4000:]}")
        usage = self.process.usage()
        if usage:
            self.peaks.append(usage)
        if self.ends is None or time.monotonic() < self.ends:
            return
        if self.rng.random() < 0.7:
            self.process.end(signal.SIGKILL)
            self.killed += 1
        else:
            self.end()
        self.begin()

    def end(self):
        # A source that fails while it changes is done when it changes again.
        self.process.expect_status(self.process.end(signal.SIGTERM), (0, 1))
        stats = self.process.statistics()
        watch, batch, load = stats["watch"], stats["batch"], stats["load"]
        expect(watch["events"] == watch["events_filtered"] + watch["events_looked_at"],
               f"the events of {self.name} do not add up: {watch}")
        expect(watch["changed"] + watch["gone"] == batch["events_received"],
               f"{self.name} handed on other changes than came in: {watch} {batch}")
        expect(batch["events_received"] == batch["events_deduplicated"] + batch["events_processed"]
               + batch["pending_files"], f"the batches of {self.name} do not add up: {batch}")
        return load

    def finish(self):
        expected = self.folder.sources()
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            time.sleep(1)
            status = subprocess.run([*self.engine, "status", "--format=json", self.output],
                                    stdout=subprocess.PIPE, text=True, check=False)
            counts = json.loads(status.stdout) if status.returncode == 0 else {}
            if counts.get("done") == expected and not any(
                    counts[name] for name in ("pending", "running", "failed")):
                break
        else:
            raise Failed(f"{self.name} does not come to rest: {counts} of {expected}")
        self.end()


def same_tree(one, other):
    compared = filecmp.dircmp(one, other, ignore=[".engine"])
    if compared.left_only or compared.right_only or compared.funny_files:
        return f"{compared.left}: {compared.left_only} {compared.right_only}"
    _, mismatch, errors = filecmp.cmpfiles(one, other, compared.common_files, shallow=False)
    if mismatch or errors:
        return f"{compared.left}: {mismatch} {errors}"
    return next(filter(None, (same_tree(one / name, other / name)
                              for name in compared.common_dirs)), None)


def remove_empty(root):
    for directory in sorted(root.rglob("*"), reverse=True):
        if directory.is_dir() and ".engine" not in directory.parts and not any(directory.iterdir()):
            directory.rmdir()


def tell_peaks(name, peaks):
    half = max(1, len(peaks) // 2)
    for what, index in (("resident bytes", 0), ("descriptors", 1)):
        first = max(peak[index] for peak in peaks[:half])
        second = max(peak[index] for peak in peaks[half:] or peaks)
        print(f"{name}: {what}: {first:,} at most in the first half, {second:,} in the second")


def soak(args, work):
    engine = [args.engine] if not args.fixed_addresses else ["setarch", platform.machine(), "-R",
                                                             args.engine]
    folder = Folder(work / "in", args.seed)
    loads = Loads(engine, folder, work, args.seed + 1)
    watches = [Watches(engine, folder, work, "steady"),
               Watches(engine, folder, work, "killed", args.seed + 2, 5)]
    folder.start(args.rate)
    try:
        end = time.monotonic() + 60 * args.minutes
        while time.monotonic() < end:
            for each in (loads, *watches):
                each.step()
            time.sleep(0.2)
        folder.stop()
        for each in (loads, *watches):
            each.finish()
        loads.load(work / "quiet")
        for each in (loads, *watches):
            remove_empty(each.output)
            expect(not any((each.output / ".engine/build").iterdir()),
                   f"something is left over in {each.output}/.engine/build")
            differs = same_tree(each.output, work / "quiet")
            expect(differs is None, f"the tree is not that of a quiet run: {differs}")
    finally:
        folder.stop()
        for watch in watches:
            if not watch.process.has_ended():
                watch.process.end(signal.SIGKILL)
    tell_peaks("loads", loads.peaks)
    tell_peaks("a watch of the whole time", watches[0].peaks)
    print(f"{args.minutes:g} minutes, {folder.changes:,} changes, {loads.count:,} loads "
          f"({loads.killed:,} killed), {watches[1].count:,} watches ({watches[1].killed:,} killed) "
          f"beside one that went on: all three trees of {folder.sources():,} sources are those of "
          "a quiet run")


def main():
    parser = argparse.ArgumentParser()
    for name in ("engine", "work"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("minutes", "rate"):
        parser.add_argument(f"--{name}", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--fixed-addresses", action="store_true")
    args = parser.parse_args()
    try:
        soak(args, pathlib.Path(args.work))
    except Failed as failed:
        sys.exit(f"soak: {failed}")


main()
