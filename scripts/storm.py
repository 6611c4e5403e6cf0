#!/usr/bin/env python3
"""A storm over a watched folder: many new files, very many saves of a few of them, and a reader
that stands still until the kernel's queue has run over. Every final version must be published, each
settled version once, and the counts must add up.

    scripts/storm.py --engine=PROGRAM [--files=100000] [--saves=1000000] [--stalled=30000]
                     [--fixed-addresses] [--option=OPTION ...] WORK

WORK, which must not be there, holds everything while it runs. --option is passed to the watch.
--fixed-addresses is for a program under the thread sanitizer. Prints a line for each phase.
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import signal
import subprocess
import sys
import time

IN_A_DIRECTORY = 1000
PATIENCE = 1800
QUIET = 2  # seconds without anything new, after which nothing more is expected


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


class Sources:
    """Files by number, written by one core, each save an open, a write and a close."""

    def __init__(self, root):
        self.root, self.edition = str(root), 0

    def path(self, number):
        return f"{self.root}/d{number // IN_A_DIRECTORY:03}/s{number:06}.sql"

    def write(self, numbers):
        begin = time.monotonic()
        for number in numbers:
            self.edition += 1
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            file = os.open(self.path(number), flags, 0o644)
            os.write(file, b"CREATE TABLE dbo.t%d (i%d int)\nGO\n" % (number, self.edition))
            os.close(file)
        return time.monotonic() - begin


class Watch:
    def __init__(self, options, source, output):
        self.engine = ["setarch", platform.machine(), "-R"] if options.fixed_addresses else []
        self.engine.append(options.engine)
        self.source, self.output = source, output
        self.out, self.err = output.with_suffix(".out"), output.with_suffix(".err")
        with open(self.out, "w") as out, open(self.err, "w") as err:
            self.process = subprocess.Popen(
                [*self.engine, "--watch", "--realtime", "--stats=json", *options.option, source,
                 output], stdout=out, stderr=err)

    def until_begun(self):
        """Before that, a signal would end it."""
        while not (self.output / ".engine").exists() and self.process.poll() is None:
            time.sleep(0.01)
        self.statistics()

    def statistics(self):
        """As they are now: asked for by a signal, and waited for."""
        before = self.out.stat().st_size
        self.process.send_signal(signal.SIGUSR1)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            expect(self.process.poll() is None, f"the watch has ended: {self.err.read_text()}")
            text = self.out.read_text()
            if len(text) > before and text.endswith("\n"):
                return json.loads(text.splitlines()[-1])
            time.sleep(0.02)
        raise AssertionError("the watch does not answer")

    def recorded(self):
        status = subprocess.run([*self.engine, "status", "--format=json", self.output],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                check=False)
        return json.loads(status.stdout) if status.returncode == 0 else {}

    def until_quiet(self, sources):
        """Returns the statistics when all sources are done and nothing has come for a while."""
        deadline, last, since = time.monotonic() + PATIENCE, None, time.monotonic()
        while time.monotonic() < deadline:
            stats = self.statistics()
            watch, counts = stats["watch"], self.recorded()
            now = [watch[name] for name in ("events", "changed", "unchanged", "rescans")]
            rests = now == last and counts.get("done") == sources and not any(
                (*(counts[name] for name in ("pending", "running", "failed")),
                 watch["sources_settling"], stats["batch"]["pending_files"]))
            if not rests:
                since = time.monotonic()
            elif time.monotonic() - since > QUIET:
                return stats, since
            last = now
            time.sleep(0.2)
        raise AssertionError(f"no rest: {counts}, {stats}")

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait()
        expect(status == 0, f"exit status {status}: {self.err.read_text()[-4000:]}")
        return json.loads(self.out.read_text().splitlines()[-1])


def expect_sums(stats):
    watch, batch, load = stats["watch"], stats["batch"], stats["load"]
    sums = {
        "events": (watch["events"], watch["events_filtered"] + watch["events_looked_at"]),
        "received": (batch["events_received"], watch["changed"] + watch["gone"]),
        "deduplicated and processed": (batch["events_received"], batch["events_deduplicated"]
                                       + batch["events_processed"] + batch["pending_files"]),
        "asked for": (batch["events_processed"], load["sources"] + load["requests_merged"]),
        "ended": (load["sources"], load["sources_done"] + load["sources_unchanged"]
                  + load["sources_gone"] + load["sources_failed"]),
    }
    for name, (one, other) in sums.items():
        expect(one == other, f"{name}: {one} is not {other}: {stats}")


def tell(name, begin, end, writing, done, stats):
    load, watch = stats["load"], stats["watch"]
    print(f"{name}: written in {writing:.1f} s, quiet after {end - begin:.1f} s; "
          f"{done:,} done; {watch['overflows']} overflows, {watch['pauses']} pauses so far; "
          f"peak RSS {load['peak_rss_bytes'] / 1e6:.0f} MB", flush=True)


def storm(options, sources, watch):
    begin = time.monotonic()
    writing = sources.write(range(options.files))
    stats, end = watch.until_quiet(options.files)
    done = stats["load"]["sources_done"]
    tell(f"{options.files:,} new files", begin, end, writing, done, stats)
    expect(done == options.files, f"{options.files} versions, {done} done")

    # The saves of one file follow each other as closely as they can, and so do those of all.
    few = max(1, min(options.files, options.saves // 200))
    begin = time.monotonic()
    writing = sources.write(number % few for number in range(options.saves))
    after, end = watch.until_quiet(options.files)
    more = after["load"]["sources_done"] - done
    tell(f"{options.saves:,} saves of {few:,} files", begin, end, writing, more, after)
    expect(few <= more <= options.saves, f"{more} versions done")
    done += more

    watch.process.send_signal(signal.SIGSTOP)
    writing = sources.write(range(options.stalled))
    begin = time.monotonic()
    watch.process.send_signal(signal.SIGCONT)
    last, end = watch.until_quiet(options.files)
    more = last["load"]["sources_done"] - done
    tell(f"{options.stalled:,} files written while the reader stood still", begin, end, writing,
         more, last)
    expect(more == options.stalled, f"{options.stalled} versions, {more} done")
    if options.stalled > 16_384:
        expect(last["watch"]["overflows"] > after["watch"]["overflows"], "no overflow")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", required=True)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--saves", type=int, default=1_000_000)
    parser.add_argument("--stalled", type=int, default=30_000)
    parser.add_argument("--fixed-addresses", action="store_true")
    parser.add_argument("--option", action="append", default=[])
    parser.add_argument("work", type=pathlib.Path)
    options = parser.parse_args()
    options.work.mkdir(parents=True)
    watch = None
    try:
        source, output = options.work / "in", options.work / "out"
        for number in range(0, options.files, IN_A_DIRECTORY):
            (source / f"d{number // IN_A_DIRECTORY:03}").mkdir(parents=True)
        watch = Watch(options, source, output)
        watch.until_begun()
        storm(options, Sources(source), watch)
        expect_sums(watch.end())
        subprocess.run([*watch.engine, "verify", output, f"--input={source}"],
                       stdout=subprocess.DEVNULL, check=True)
        print("every final version is published, and the counts add up")
    except (AssertionError, subprocess.CalledProcessError) as error:
        sys.exit(f"storm: {error}")
    finally:
        if watch is not None and watch.process.poll() is None:
            watch.process.kill()
            watch.process.wait()
        shutil.rmtree(options.work, ignore_errors=True)


main()
