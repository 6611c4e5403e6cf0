#!/usr/bin/env python3
"""Loads a generated folder with several numbers of workers and puts the times beside the floor's.

Used by scripts/bench.sh. Configurations take turns, round by round, so that what disturbs the
machine disturbs all of them; figures are medians with (least to most).
"""

import argparse
import json
import pathlib
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time

# What the predecessor's documentation claims, and what it did when it was run on such a machine:
# files/s, p50 ms, MB.
PUBLISHED = {0: ("10", "100", "200"), 2: ("35", "60", "350"), 4: ("65", "45", "500"),
             8: ("85", "40", "750")}
MEASURED_FILES = {0: "317", 2: "333", 4: "392", 8: "402"}
MEASURED_P50 = "6.3 to 7.3"
MEASURED_MB = "47 to 191"


def run_json(command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode != 0:
        sys.exit(f"exit status {done.returncode}: {' '.join(map(str, command))}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def load_once(options, workers, output):
    shutil.rmtree(output, ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    load = run_json([options.bin / "engine", f"--workers={workers}", "--stats=json",
                     options.input, output])["load"]
    seconds = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": seconds,
        "files": load["sources_done"] / seconds,
        "mb": load["bytes_read"] / seconds / 1e6,
        "p50": load["latency_p50_ms"],
        "p99": load["latency_p99_ms"],
        "rss": load["peak_rss_bytes"] / 1e6,
        "anon": load["peak_anon_bytes"] / 1e6,
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "outputs": load["outputs_written"],
    }


def measure(options):
    """{workers: [a run a round]}, each run with the floor's seconds measured right after it."""
    output = options.work / "output"
    runs = {workers: [] for workers in options.workers}
    for number in range(options.rounds):
        for workers in options.workers:
            run = load_once(options, workers, output)
            run["floor"] = run_json([options.bin / "floor", f"--threads={max(1, workers)}",
                                     output, options.work])["seconds"]
            run["ratio"] = run["seconds"] / run["floor"]
            runs[workers].append(run)
            print(f"round {number + 1}, {workers} workers: {run['files']:.0f} files/s, "
                  f"engine/floor {run['ratio']:.2f}", file=sys.stderr)
    shutil.rmtree(output, ignore_errors=True)
    return runs


def spread(runs, key, digits=0):
    values = [run[key] for run in runs]
    text = f"{statistics.median(values):,.{digits}f}"
    if len(values) > 1:
        text += f" ({min(values):,.{digits}f} to {max(values):,.{digits}f})"
    return text


def name_of(workers):
    return "Sequential" if workers == 0 else "1 worker" if workers == 1 else f"{workers} workers"


def table(runs):
    yield ("| Configuration | files/s | MB/s | p50 ms | p99 ms | peak RSS MB | peak anonymous MB "
           "| CPU s | floor s | engine/floor |")
    yield "| --- " + "| ---: " * 9 + "|"
    for workers, of in runs.items():
        cells = [name_of(workers), spread(of, "files"), spread(of, "mb", 1), spread(of, "p50", 2),
                 spread(of, "p99", 2), spread(of, "rss", 1), spread(of, "anon", 1),
                 spread(of, "cpu", 2), spread(of, "floor", 3), spread(of, "ratio", 2)]
        yield "| " + " | ".join(cells) + " |"


def predecessor(runs):
    yield ("| Configuration | engine files/s | published files/s | run files/s | engine p50 ms "
           "| published ms | run ms | engine RSS MB | published MB | run MB |")
    yield "| --- " + "| ---: " * 9 + "|"
    for workers, of in runs.items():
        if workers not in PUBLISHED:
            continue
        files, p50, megabytes = PUBLISHED[workers]
        cells = [name_of(workers), spread(of, "files"), files, MEASURED_FILES[workers],
                 spread(of, "p50", 2), p50, MEASURED_P50, spread(of, "rss", 1), megabytes,
                 MEASURED_MB]
        yield "| " + " | ".join(cells) + " |"


def first_line(path, key, default="unknown"):
    try:
        for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
            if line.startswith(key):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return default


def output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def circumstances(options, generated):
    here = pathlib.Path(__file__).parent
    cpus = int(output_of("nproc") or 0)
    memory = int(first_line("/proc/meminfo", "MemTotal", "0 kB").split()[0]) / 1048576
    commit = output_of("git", "-C", here, "rev-parse", "--short=12", "HEAD")
    if output_of("git", "-C", here, "status", "--porcelain", "--untracked-files=no"):
        commit += " (with changes)"
    model = first_line("/proc/cpuinfo", "model name")
    yield f"| machine | {model}, {cpus} CPUs, {memory:.0f} GiB |"
    yield f"| kernel | {platform.release()} |"
    yield f"| file system | {output_of('stat', '-f', '-c', '%T', options.work)} |"
    yield f"| date | {time.strftime('%Y-%m-%d', time.gmtime())} |"
    yield f"| commit | {commit} |"
    yield (f"| input | {generated['files']} files, {generated['bytes'] / 1e6:.1f} MB, seed "
           f"{options.seed} |")
    yield f"| rounds | {options.rounds} |"


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


def report(options, generated, runs):
    yield "# Throughput"
    yield ""
    yield "Made by `scripts/bench.sh`; medians with (least to most) of rounds in turn."
    yield ""
    yield "| | |\n| --- | --- |"
    yield from circumstances(options, generated)
    yield ""
    yield (f"Times are of the whole process, from its start to its exit. The floor makes the same "
           f"directories and files ({runs[options.workers[0]][0]['outputs']:,} outputs) from "
           f"memory, with as many threads.")
    yield ""
    yield from table(runs)
    yield ""
    yield ("Beside the predecessor: what it published, and what it did when it was run on a "
           "machine of this kind.")
    yield ""
    yield from predecessor(runs)
    if options.micro:
        yield "\n## Parts\n\n| program | benchmark | time | rate |\n| --- | --- | ---: | ---: |"
        for program in sorted(options.bin.glob("*_bench")):
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
    generated = run_json([options.bin / "generate_ssms", f"--files={options.files}",
                          f"--mean-size={options.mean_size}", f"--seed={options.seed}",
                          options.input])
    runs = measure(options)
    shutil.rmtree(options.input, ignore_errors=True)
    text = "\n".join(report(options, generated, runs)) + "\n"
    print(text, end="")
    if options.report:
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
