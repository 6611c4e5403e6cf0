#!/usr/bin/env python3
"""What a debounce window and a batch size threshold save and cost: some files, each saved again and
again with a pause, under a watch with one setting after the other.

watch_window.py --engine=PROGRAM [--files=20] [--saves=20] [--pause=0.25] [--settings=7] DIR

Prints a JSON object for each setting: how many events came, how many were merged, how often a file
was processed, the CPU time of that, and how long a file's first event waited for its tree. DIR,
which must not be there, holds everything while it runs.
"""

import argparse
import json
import pathlib
import signal
import subprocess
import time

import runs

# (window, threshold), without a window: --realtime; the last three are the presets.
SETTINGS = ((0.1, 50), (0.5, 50), (1, 50), (1, 10), (None, 50), (5, 50), (10, 100))


def text(save):
    lines = "".join(f"  UPDATE dbo.Orders SET Total = Total + {i} WHERE Id = {save};\n"
                    for i in range(40))
    return "".join(f"CREATE PROCEDURE dbo.Step{i} AS\nBEGIN\n{lines}END\nGO\n" for i in range(20))


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def run(options, window, threshold):
    source, output = options.work / "in", options.work / "out"
    source.mkdir()
    settle = ["--realtime"] if window is None else [
        "--watch", f"--debounce-window={window}", f"--batch-size-threshold={threshold}"]
    engine = subprocess.Popen([options.engine, *settle, "--stats=json", source, output],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for line in engine.stderr:
        if " sources in " in line or " source in " in line:
            break
    before = cpu_seconds(engine.pid)
    for save in range(options.saves):
        for number in range(options.files):
            (source / f"s{number}.sql").write_text(text(save))
        time.sleep(options.pause)
    time.sleep((window or 0) + 0.5)
    used = cpu_seconds(engine.pid) - before
    engine.send_signal(signal.SIGTERM)
    stats = json.loads(engine.communicate()[0].strip().splitlines()[-1])
    batch, watch = stats["batch"], stats["watch"]
    return {"window": 0 if window is None else window, "threshold": threshold,
            "saves": options.files * options.saves, "events": batch["events_received"],
            "merged": batch["events_deduplicated"], "done": stats["load"]["sources_done"],
            "cpu_seconds": round(used, 2), "waited_p50_ms": round(watch["latency_p50_ms"], 1),
            "waited_p99_ms": round(watch["latency_p99_ms"], 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", required=True)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--saves", type=int, default=20)
    parser.add_argument("--pause", type=float, default=0.25)
    parser.add_argument("--settings", type=int, default=len(SETTINGS), help="only the first ones")
    parser.add_argument("work", type=pathlib.Path)
    options = parser.parse_args()
    for window, threshold in SETTINGS[:options.settings]:
        with runs.work_directory(options.work):
            print(json.dumps(run(options, window, threshold)), flush=True)


if __name__ == "__main__":
    main()
