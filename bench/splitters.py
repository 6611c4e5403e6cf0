"""Other people's ways to cut a dump into files, each with the same face as the engine.

A Splitter has a title, may be missing (why), cuts a dump into a folder, and says in which order its
files are to be run.
"""

import os
import pathlib
import shutil
import subprocess
import sys

# Where the comments of a dump say that a new object begins.
AT_COMMENTS = {"mysql": "^-- Table structure for table ", "postgresql": "^-- (Data for )?Name: "}
SQL_SPLITTER = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"),
                            "engine-peers")


class Splitter:
    title = ""

    def missing(self):
        """Why it cannot be had; None where it can."""
        return None

    def command(self, kind, dump, output):
        raise NotImplementedError

    def files(self, output):
        """Relative names, in the order in which they are to be run."""
        return sorted(str(path.relative_to(output)) for path in output.rglob("*")
                      if path.is_file())


class Engine(Splitter):
    def __init__(self, program, workers):
        self.program = program
        self.workers = workers
        self.title = f"engine, {workers} worker" + ("s" if workers > 1 else "")

    def command(self, kind, dump, output):
        return [self.program, f"--workers={self.workers}", "--log-level=error", dump.parent, output]

    def files(self, output):
        tree = next(path.parent for path in output.glob("*/manifest.json"))
        order = subprocess.run([self.program, "order", tree], stdout=subprocess.PIPE, text=True,
                               check=True).stdout.splitlines()
        return [str((tree / name).relative_to(output)) for name in order]


class SqlSplitter(Splitter):
    title = "sql-splitter"

    def __init__(self, build):
        self.build = build
        self.program = shutil.which("sql-splitter") or SQL_SPLITTER / "bin/sql-splitter"

    def missing(self):
        if pathlib.Path(self.program).exists():
            return None
        if not self.build:
            return "not installed, and not to be built without --build"
        cargo = shutil.which("cargo") or pathlib.Path.home() / ".cargo/bin/cargo"
        if not pathlib.Path(cargo).exists():
            return "no cargo to build it with"
        print(f"building sql-splitter into {SQL_SPLITTER} (minutes)", file=sys.stderr)
        built = subprocess.run([cargo, "install", "sql-splitter", "--no-default-features",
                                f"--root={SQL_SPLITTER}"], capture_output=True, text=True,
                               check=False)
        lines = built.stderr.strip().splitlines()
        return None if built.returncode == 0 else f"cargo install: {lines[-1]}"

    def command(self, kind, dump, output):
        dialect = {"mysql": "mysql", "postgresql": "postgres"}[kind]
        return [self.program, "split", dump, "-o", output, "-d", dialect]


class Awk(Splitter):
    def __init__(self, program):
        self.title = program

    def missing(self):
        return None if shutil.which(self.title) else "not installed"

    def command(self, kind, dump, output):
        program = (f'BEGIN {{ f = "{output}/0000.sql" }} '
                   f'/{AT_COMMENTS[kind]}/ {{ close(f); f = sprintf("{output}/%04d.sql", ++n) }} '
                   f'{{ print > f }}')
        return [self.title, program, dump]


class Csplit(Splitter):
    title = "csplit"

    def missing(self):
        return None if shutil.which("csplit") else "not installed"

    def command(self, kind, dump, output):
        pattern = AT_COMMENTS[kind].replace("(", "\\(").replace(")?", "\\)\\?")
        return ["csplit", "-s", "-z", "-n4", f"-f{output}/", dump, f"/{pattern}/", "{*}"]


def all_of(engine, build):
    return [Engine(engine, 1), Engine(engine, 2), SqlSplitter(build), Awk("mawk"), Awk("gawk"),
            Csplit()]
