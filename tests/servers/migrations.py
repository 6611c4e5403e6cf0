"""Scripts that change what they have made, as migrations do: the tree of each, in every layout and
with rows apart or inline, loads in both orders to what the script itself leaves in its server. The
files are run one behind the other in one session, as docs/objects.md has it. What is called
"..._run_again" is loaded over what the script has made before.

PROGRAM ENGINE [--quick] [SCRIPT...]: --quick takes of the two layouts that differ most
one for each script, in turn."""

import os
import subprocess
import tempfile

from trees import LAYOUTS, ORDERS, whole_text

QUICK_LAYOUTS = [LAYOUTS[0], LAYOUTS[-1]]

# What servers of several dialects understand.
PLAIN = {
    "rows_between_tables": """
        CREATE TABLE a (i int, n text);
        CREATE TABLE b (i int, n text);
        INSERT INTO a VALUES (1, 'x');
        INSERT INTO b SELECT i + 10, n FROM a;
        INSERT INTO a SELECT i + 100, n FROM b;
        INSERT INTO b SELECT i + 1000, n FROM a;
        INSERT INTO a VALUES (2, 'y');
        """,
    "drops_first_run_again": """
        DROP VIEW IF EXISTS v;
        DROP TABLE IF EXISTS c;
        DROP TABLE IF EXISTS p;
        CREATE TABLE p (id int PRIMARY KEY);
        CREATE TABLE c (id int PRIMARY KEY, pid int, FOREIGN KEY (pid) REFERENCES p (id));
        CREATE VIEW v AS SELECT id FROM p;
        INSERT INTO p VALUES (1);
        INSERT INTO c VALUES (1, 1);
        """,
    "last_without_an_end":
        "CREATE TABLE t (i int); CREATE VIEW v AS SELECT i FROM t;\nCREATE INDEX x ON t (i)",
}


class Migrations:
    """`load(text)` gives (lines that tell what a new database holds then, errors). Where no order
    can exist, `engine order` has to say so: of the scripts in `may_be_unsure` it may."""

    def __init__(self, engine, dialect, load, may_be_unsure=()):
        self.engine, self.dialect, self.may_be_unsure = engine, dialect, may_be_unsure
        self.loaded = {}  # what was loaded already: many layouts come to the same text
        self.load = load
        self.failures, self.said = [], []

    def state(self, text):
        if text not in self.loaded:
            self.loaded[text] = self.load(text)
        return self.loaded[text]

    def compare(self, name, text, layouts):
        self.loaded.clear()
        with tempfile.TemporaryDirectory() as directory:
            os.mkdir(f"{directory}/in")
            with open(f"{directory}/in/script.sql", "w", encoding="utf-8") as file:
                file.write(text)
            before = text if name.endswith("_run_again") else ""
            expected, errors = self.state(before + text)
            assert not errors, (name, errors)
            for layout, data in layouts:
                out = f"{directory}/{layout}-{data}"
                subprocess.run([self.engine, f"{directory}/in", out, f"--dialect={self.dialect}",
                                "--no-metadata", f"--layout={layout}", f"--data={data}"],
                               check=True, capture_output=True)
                for order in ORDERS:
                    self.compare_order((name, layout, data), f"{out}/script", order,
                                       (before, expected))

    def compare_order(self, what, tree, order, wanted):
        before, expected = wanted
        done = subprocess.run([self.engine, "order", tree, *order], check=True,
                              capture_output=True, text=True)
        files = done.stdout.splitlines()
        where = ", ".join([*what, *(order or ["source"])])
        if "no order is sure" in done.stderr:
            if what not in self.may_be_unsure:
                self.failures.append(f"{where}: {done.stderr.strip()}")
            self.said.append(where)
            return
        got, errors = self.state(before + whole_text(files))
        if got != expected or errors:
            lost = [line for line in expected if line not in got]
            new = [line for line in got if line not in expected]
            shown = " ".join(file[len(tree) + 1:] for file in files)
            self.failures.append(f"{where}: {errors} lost {lost} new {new}\n    {shown}")

    def run(self, scripts, names):
        """The exit status."""
        is_quick = names[:1] == ["--quick"]
        names = names[is_quick:] or list(scripts)
        for number, name in enumerate(names):
            layouts = [QUICK_LAYOUTS[number % 2]] if is_quick else LAYOUTS
            self.compare(name, scripts[name], layouts)
        print(f"{len(names)} scripts, {len(self.failures)} failures, "
              f"{len(self.said)} orders said not to exist")
        print("\n".join(self.failures + [f"no order: {line}" for line in self.said]))
        return 1 if self.failures else 0
