"""What the bench scripts share: running programs, medians, what the machine is."""

import contextlib
import json
import os
import pathlib
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time


@contextlib.contextmanager
def work_directory(path):
    """Where a bench works: it must not be there before, and is gone afterwards."""
    try:
        path.mkdir(parents=True)
    except FileExistsError:
        sys.exit(f"{path}: is there already; name a directory to be made")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def run_json(command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode != 0:
        sys.exit(f"exit status {done.returncode}: {' '.join(map(str, command))}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def timed(command):
    """Wall and CPU seconds of a command (CPU: user and system), and its standard output."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=False)
    seconds = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"exit status {done.returncode}: {' '.join(map(str, command))}")
    user, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    return {"seconds": seconds, "cpu": user + system, "user": user, "system": system,
            "out": done.stdout}


def load(program, workers, source, output, *options):
    """The engine's own figures of one load, with the wall and CPU seconds of the process."""
    run = timed([program, f"--workers={workers}", "--stats=json", *options, source, output])
    figures = json.loads(run.pop("out").decode().strip().splitlines()[-1])["load"]
    return {**run, **figures, "anon": figures["peak_anon_bytes"] / 1e6}


def spread(runs, key, digits=0):
    values = [run[key] for run in runs]
    text = f"{statistics.median(values):,.{digits}f}"
    if len(values) > 1:
        text += f" ({min(values):,.{digits}f} to {max(values):,.{digits}f})"
    return text


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


def circumstances(work, rounds):
    here = pathlib.Path(__file__).parent
    cpus = int(output_of("nproc") or 0)
    memory = int(first_line("/proc/meminfo", "MemTotal", "0 kB").split()[0]) / 1048576
    commit = output_of("git", "-C", here, "rev-parse", "--short=12", "HEAD")
    if output_of("git", "-C", here.parent, "status", "--porcelain", "--untracked-files=no", "--",
                 ".", ":!docs/bench"):  # pages of the same run are no changes
        commit += " (with changes)"
    yield "| | |\n| --- | --- |"
    model = first_line("/proc/cpuinfo", "model name")
    yield f"| machine | {model}, {cpus} CPUs, {memory:.0f} GiB |"
    yield f"| kernel | {platform.release()} |"
    yield f"| file system | {output_of('stat', '-f', '-c', '%T', work)} |"
    yield f"| load average while it ran | {os.getloadavg()[1]:.1f} |"
    if os.sched_getscheduler(0) in (os.SCHED_RR, os.SCHED_FIFO):
        yield "| scheduling | before all that is not real time (`chrt`) |"
    yield f"| date | {time.strftime('%Y-%m-%d', time.gmtime())} |"
    yield f"| commit | {commit} |"
    yield f"| rounds | {rounds} |"


def heading(title, options, made_by):
    """How each page begins; rows may follow."""
    yield from (f"# {title}", "", made_by, "")
    yield from circumstances(options.work, options.rounds)


def publish(lines, report):
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if report:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(text, encoding="utf-8")


def plot(path, title, x_label, y_label, series):
    """An SVG of {name: [(x, y), ...]}, logarithmic; nothing where there is no gnuplot."""
    if not path or not shutil.which("gnuplot"):
        return
    blocks = [f"${index} << END\n" + "".join(f"{x} {y}\n" for x, y in points) + "END\n"
              for index, points in enumerate(series.values())]
    blocks = [block.replace("$", "$data", 1) for block in blocks]
    curves = ", ".join(f"$data{index} with linespoints title '{name}'"
                       for index, name in enumerate(series))
    script = (f"set terminal svg noenhanced size 720,420 background 'white'\nset output '{path}'\n"
              f"set title '{title}'\nset xlabel '{x_label}'\nset ylabel '{y_label}'\n"
              "set logscale xy\nset key top right\n" + "".join(blocks) + f"plot {curves}\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["gnuplot"], input=script, text=True, check=True)
