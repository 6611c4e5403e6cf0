"""Watchers beside `engine --watch`: how soon after close() a file is told of, and how many of many
new files in new directories are told of at all.

The engine is timed until the file's tree is published, the others until their line is read.
"""

import json
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import threading
import time

import runs

PATIENCE = 20.0  # seconds for one file
QUIET = 3.0      # seconds without news: no more is to come


class Watcher:
    """Reads a program's lines; `times` is name -> when it was first told of."""

    def __init__(self, command, **options):
        self.times = {}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
        self.reader = threading.Thread(target=self._read, daemon=True)

    def _read(self):
        for line in self.process.stdout:
            now = time.monotonic()
            for name in self.names(line):
                self.times.setdefault(name, now)

    def names(self, line):
        return [line.rstrip("\n")]

    def wait_for(self, name):
        end = time.monotonic() + PATIENCE
        while name not in self.times and time.monotonic() < end:
            time.sleep(0.0002)
        return self.times.get(name)

    def count(self):
        return len(self.times)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.reader.join()


class Inotifywait(Watcher):
    title = "inotifywait"
    program = "inotifywait"

    def __init__(self, folder, scratch):
        del scratch
        super().__init__(["inotifywait", "-m", "-r", "-e", "close_write", "-e", "moved_to",
                          "--format", "%w%f", folder], stderr=subprocess.PIPE)
        for line in self.process.stderr:
            if "established" in line:
                break
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        self.reader.start()


class Watchman(Watcher):
    title = "watchman"
    program = "watchman"

    def __init__(self, folder, scratch):
        self.folder = folder
        place = [f"--sockname={scratch}/sock", f"--statefile={scratch}/state",
                 f"--logfile={scratch}/log", f"--pidfile={scratch}/pid"]
        self.server = subprocess.Popen(["watchman", *place, "--foreground"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not (scratch / "sock").exists():
            time.sleep(0.01)
        subprocess.run(["watchman", *place, "--no-spawn", "watch", folder], check=True,
                       capture_output=True)
        super().__init__(["watchman", *place, "--no-spawn", "--persistent", "--no-pretty", "-j"],
                         stdin=subprocess.PIPE)
        self.ready = threading.Event()
        self.reader.start()
        query = {"expression": ["type", "f"], "fields": ["name"]}
        self.process.stdin.write(json.dumps(["subscribe", str(folder), "all", query]) + "\n")
        self.process.stdin.flush()
        self.ready.wait(PATIENCE)

    def names(self, line):
        message = json.loads(line)
        if "subscribe" in message:
            self.ready.set()
        found = message.get("files", [])
        names = [each if isinstance(each, str) else each["name"] for each in found]
        return [f"{self.folder}/{name}" for name in names]

    def stop(self):
        super().stop()
        self.server.terminate()
        self.server.wait()


class Engine(Watcher):
    """Only counts: its trees are published by rename, one a source."""

    def __init__(self, folder, scratch, program):
        self.output = scratch / "out"
        super().__init__([program, "--watch", "--realtime", "--log-level=error", folder,
                          self.output], stderr=subprocess.DEVNULL)
        self.reader.start()

    def count(self):
        return sum(1 for _ in self.output.glob("d*/deep/*/manifest.json"))


def drop(path, text):
    """When its close() began."""
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        return time.monotonic()


def milliseconds(watcher, folder, files):
    """p50, p99 and lost of so many files, one after the other."""
    text = "CREATE PROCEDURE dbo.p AS SELECT 1\nGO\n" * 1300  # about 50 KB
    found = []
    for number in range(files + 1):
        path = folder / f"source{number:05}.sql"
        closed = drop(path, text)
        told = watcher.wait_for(str(path))
        if told is not None and number:  # the first finds everything cold
            found.append((told - closed) * 1000)
    found.sort()
    return {"p50": statistics.median(found), "p99": found[int(0.99 * (len(found) - 1))],
            "lost": files - len(found)}


def told_of_burst(watcher, folder, directories, each):
    """How many of the files are told of that are made in directories just made."""
    for number in range(directories):
        place = folder / f"d{number:04}" / "deep"
        place.mkdir(parents=True)
        for file in range(each):
            drop(place / f"s{file:03}.sql", f"CREATE TABLE t{file} (i int);\n")
    best, changed = -1, time.monotonic()
    while time.monotonic() - changed < QUIET:
        now = watcher.count()
        if now != best:
            best, changed = now, time.monotonic()
        time.sleep(0.1)
    return best


def in_new_place(options, make, use):
    with tempfile.TemporaryDirectory(dir=options.work) as name:
        place = pathlib.Path(name)
        (place / "in").mkdir()
        (place / "scratch").mkdir()
        watcher = make(place / "in", place / "scratch")
        try:
            return use(watcher, place / "in")
        finally:
            watcher.stop()


def of_engine(options):
    with tempfile.TemporaryDirectory(dir=options.work) as name:
        figures = runs.run_json([options.bin / "watch_latency",
                                 f"--engine={options.bin / 'engine'}", f"--times={options.files}",
                                 pathlib.Path(name) / "watch"])
    return figures["engine_ms"] | {"lost": options.files - figures["files"]}


def measure(options, peers):
    """{title: [{"p50", "p99", "lost", "told"} a round]}"""
    directories, each = options.files, 20
    found = {"engine, until its tree is published": []} | {peer.title: [] for peer in peers}
    for _ in range(options.rounds):
        run = of_engine(options)
        run["told"] = in_new_place(
            options, lambda folder, scratch: Engine(folder, scratch, options.bin / "engine"),
            lambda watcher, folder: told_of_burst(watcher, folder, directories, each))
        next(iter(found.values())).append(run)
        for peer in peers:
            run = in_new_place(options, peer, lambda watcher, folder:
                               milliseconds(watcher, folder, options.files))
            run["told"] = in_new_place(options, peer, lambda watcher, folder:
                                       told_of_burst(watcher, folder, directories, each))
            found[peer.title].append(run)
    return found, directories * each


def table(options):
    peers = []
    yield "\n## Watching a folder\n"
    for peer in (Inotifywait, Watchman):
        if shutil.which(peer.program):
            peers.append(peer)
        else:
            yield f"* {peer.title}: left out, not installed"
    found, made = measure(options, peers)
    yield (f"{options.files} files of 50 KB one after the other: from close() to the line of the "
           f"watcher, of the engine to the published tree. Then {made:,} files in "
           f"{options.files} new directories, made as fast as one thread can: how many were told "
           "of (of the engine: have a tree).\n")
    yield "| watcher | p50 ms | p99 ms | not told of | of the files in new directories |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for title, of in found.items():
        yield (f"| {title} | {runs.spread(of, 'p50', 2)} | {runs.spread(of, 'p99', 2)} "
               f"| {runs.spread(of, 'lost')} | {runs.spread(of, 'told')} |")
