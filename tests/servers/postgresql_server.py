"""A PostgreSQL server of its own: in a temporary directory, with its socket there, run by an
ordinary user."""

import glob
import os
import pwd
import re
import shutil
import subprocess
import tempfile


def programs():
    """The directory of initdb and postgres, or None where Debian's package is not installed."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    return os.path.dirname(found[-1]) if found else None


class PostgresqlServer:
    """with PostgresqlServer() as server: server.psql("db", "SELECT 1")"""

    def __init__(self):
        self.bin = programs()
        self.directory = tempfile.mkdtemp(prefix="engine-postgresql-")
        # The server refuses to run as root.
        self.prefix = []
        if os.getuid() == 0:
            user = "postgres" if any(u.pw_name == "postgres" for u in pwd.getpwall()) else "nobody"
            shutil.chown(self.directory, user)
            self.prefix = ["runuser", "-u", user, "--"]

    def __enter__(self):
        data = self.directory + "/data"
        self._run([self.bin + "/initdb", "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8",
                   "--no-sync", "--locale=C.UTF-8"])
        options = f"-k {self.directory} -c listen_addresses= -c fsync=off"
        try:
            self._run([self.bin + "/pg_ctl", "-D", data, "-w", "-l", self.directory + "/log", "-o",
                       options, "start"])
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        stop = [self.bin + "/pg_ctl", "-D", self.directory + "/data", "-m", "immediate", "stop"]
        subprocess.run(self.prefix + stop, capture_output=True, check=False)
        shutil.rmtree(self.directory, ignore_errors=True)

    def _run(self, command):
        subprocess.run(self.prefix + command, check=True, capture_output=True, cwd="/")

    def psql(self, database, sql=None, *, file=None):
        """What psql prints, without alignment; `file` is run as `psql -f` does."""
        done = self._psql(database, ["-f", file] if file else ["-c", sql], stop=True)
        if done.returncode != 0:
            raise RuntimeError(f"{file or sql}: {done.stderr[-2000:]}")
        return done.stdout

    def run(self, database, file, directory):
        """The errors of a script that is run to its end, without the places where they stand."""
        lines = self._psql(database, ["-f", file], stop=False, cwd=directory).stderr.splitlines()
        errors = [line[re.match(r"(psql:[^ ]*:\d+: )?", line).end():] for line in lines]
        return [line for line in errors if re.match(r"ERROR|FATAL|error|.*: No such file", line)]

    def _psql(self, database, what, stop, cwd=None):
        command = ["psql", "-X", "-q", "-At", "-h", self.directory, "-U", "owner", "-d", database,
                   "-v", f"ON_ERROR_STOP={int(stop)}"]
        return subprocess.run(command + what, capture_output=True, text=True, cwd=cwd, check=False)

    def create_database(self, name):
        self.psql("postgres", f'DROP DATABASE IF EXISTS "{name}"')
        self.psql("postgres", f'CREATE DATABASE "{name}"')

    def dump(self, database):
        """Schema and rows, by pg_dump."""
        command = ["pg_dump", "-h", self.directory, "-U", "owner", database]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        # \restrict has a new key each time.
        return [line for line in done.stdout.splitlines()
                if not line.startswith(("\\restrict", "\\unrestrict"))]
