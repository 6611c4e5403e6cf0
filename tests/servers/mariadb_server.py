"""A MariaDB server of its own: in a temporary directory, with its socket there, run by an ordinary
user."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time


def is_installed():
    return all(shutil.which(name, path="/usr/sbin:/usr/bin")
               for name in ("mariadbd", "mariadb-install-db", "mariadb"))


class MariadbServer:
    """with MariadbServer() as server: server.query("SELECT 1")"""

    def __init__(self):
        self.directory = tempfile.mkdtemp(prefix="engine-mariadb-")
        self.process = None
        # The server refuses to run as root.
        self.prefix = []
        if os.getuid() == 0:
            user = "mysql" if any(u.pw_name == "mysql" for u in pwd.getpwall()) else "nobody"
            shutil.chown(self.directory, user)
            self.prefix = ["runuser", "-u", user, "--"]

    def __enter__(self):
        data = f"--datadir={self.directory}/data"
        # Of several servers that share one, each removes what another needs.
        tmpdir = f"--tmpdir={self.directory}"
        install = ["mariadb-install-db", "--no-defaults", data, "--skip-test-db",
                   "--auth-root-authentication-method=normal", tmpdir]
        made = subprocess.run(self.prefix + install, check=False, capture_output=True, text=True,
                              cwd="/")
        if made.returncode != 0:
            raise RuntimeError("mariadb-install-db: " + (made.stdout + made.stderr)[-2000:])
        serve = ["mariadbd", "--no-defaults", data, "--skip-networking", "--event-scheduler=OFF",
                 "--innodb-flush-log-at-trx-commit=0",
                 # Counting rows in the background locks tables in whatever runs just then.
                 "--innodb-stats-persistent=OFF", tmpdir, f"--socket={self.directory}/socket",
                 f"--pid-file={self.directory}/pid"]
        environment = dict(os.environ, PATH=os.environ.get("PATH", "") + ":/usr/sbin")
        with open(self.directory + "/log", "wb") as log:
            self.process = subprocess.Popen(self.prefix + serve, stdout=log, stderr=log, cwd="/",
                                            env=environment)
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait(self):
        for _ in range(600):
            if self._client(["-e", "SELECT 1"], check=False).returncode == 0:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        with open(self.directory + "/log", encoding="utf-8", errors="replace") as log:
            raise RuntimeError("mariadbd did not start: " + log.read()[-2000:])

    def __exit__(self, *_):
        if self.process.poll() is None:
            # Asked through its socket: runuser passes no signal on.
            self._client(["-e", "SHUTDOWN"], check=False)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _client(self, arguments, check=True, **options):
        command = ["mariadb", "--no-defaults", f"--socket={self.directory}/socket", "-uroot", "-N",
                   "-B", "--default-character-set=utf8mb4"]
        done = subprocess.run(command + arguments, capture_output=True, text=True, check=False,
                              **options)
        if check and done.returncode != 0:
            raise RuntimeError(f"mariadb {arguments}: {done.stderr.strip()}")
        return done

    def query(self, sql):
        """Rows as lists of text."""
        return [line.split("\t") for line in self._client(["-e", sql]).stdout.splitlines()]

    def answers(self, script):
        """Rows as lists of text, of a script as the client runs it."""
        done = self._client(["--force"], input=script, check=False)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def run(self, script):
        """The text as the client runs it: DELIMITER and all. Its errors, without their places."""
        done = self._client(["--force"], check=False,
                            input="SET timestamp = 1000000000;\n" + script)
        return [re.sub(r" at line \d+( in file: .*?(?=: |$))?", "", line)
                for line in done.stderr.splitlines() if line.startswith("ERROR")]

    def databases(self, beside):
        return [name for (name,) in self.query("SHOW DATABASES") if name not in beside]

    def dump(self, databases):
        """Schema and rows, by mariadb-dump."""
        if not databases:
            return []
        command = ["mariadb-dump", "--no-defaults", f"--socket={self.directory}/socket", "-uroot",
                   "--routines", "--events", "--triggers", "--skip-dump-date",
                   "--skip-extended-insert", "--databases", *databases]
        done = subprocess.run(command, capture_output=True, check=True)
        return done.stdout.decode("utf-8", "surrogateescape").splitlines()
