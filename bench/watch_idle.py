#!/usr/bin/env python3
"""A watch with nothing to do: how long it takes to start over many directories, and the CPU it uses
then.

watch_idle.py --engine=PROGRAM [--directories=10000] [--seconds=60] [--option=...] DIR

DIR, which must not be there, holds everything while it runs.
"""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import time

import runs


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", required=True)
    parser.add_argument("--directories", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--option", action="append", default=[])
    parser.add_argument("work", type=pathlib.Path)
    options = parser.parse_args()
    with runs.work_directory(options.work):
        source = options.work / "in"
        for i in range(options.directories):
            (source / f"{i // 100}" / f"{i}").mkdir(parents=True, exist_ok=True)
        begin = time.monotonic()
        for _ in os.walk(source):
            pass
        walk = time.monotonic() - begin
        begin = time.monotonic()
        engine = subprocess.Popen(
            [options.engine, "--watch", "--stats=json", *options.option, source,
             options.work / "out"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in engine.stderr:
            if " sources in " in line or " source in " in line:
                break
        start = time.monotonic() - begin
        time.sleep(1)
        before = cpu_seconds(engine.pid)
        time.sleep(options.seconds)
        used = cpu_seconds(engine.pid) - before
        engine.send_signal(signal.SIGTERM)
        out, _ = engine.communicate()
        watch = json.loads(out.strip().splitlines()[-1])["watch"]
    print(json.dumps({"directories": watch["directories"], "event_source": watch["event_source"],
                      "start_seconds": round(start, 3), "walk_seconds": round(walk, 3),
                      "idle_seconds": options.seconds, "idle_cpu_seconds": round(used, 3)}))


if __name__ == "__main__":
    main()
