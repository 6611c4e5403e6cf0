"""Trees as a user has them: loaded by the engine, read by their manifest, run in the order that
`engine order` gives."""

import collections
import json
import os
import subprocess

ORDERS = ([], ["--by-dependency"])


class Tree:
    """The tree of one source, which stands in `directory`/in."""

    def __init__(self, engine, directory, dialect, text):
        self.engine = engine
        self.source = directory + "/in/script.sql"
        os.makedirs(directory + "/in", exist_ok=True)
        with open(self.source, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        root = directory + "/out"
        subprocess.run([engine, directory + "/in", root, f"--dialect={dialect}"], check=True,
                       capture_output=True)
        self.path = root + "/script"
        os.chmod(directory, 0o755)

    def outputs(self):
        with open(self.path + "/manifest.json", encoding="utf-8") as file:
            return json.load(file)["outputs"]

    def objects(self):
        """What the manifest lists, output by output, as they begin in the source."""
        for output in self.outputs():
            yield from output.get("objects", [])

    def files(self, arguments):
        done = subprocess.run([self.engine, "order", self.path, *arguments], capture_output=True,
                              text=True, check=True)
        files = done.stdout.splitlines()
        outputs = sorted(os.path.join(self.path, output["path"]) for output in self.outputs())
        assert sorted(files) == outputs, "engine order does not name every output once"
        return files

    def some_definition(self):
        """An output that a comparison has to miss: the last child of a table, else the last
        definition of all."""
        defined = [output for output in self.outputs() if output["kind"] == "definition"
                   and any(one["action"] == "create" for one in output["objects"])]
        children = [output for output in defined if output["objects"][0]["parent"]]
        return os.path.join(self.path, (children or defined)[-1]["path"])


def whole_text(paths):
    """The text of these files, one behind the other."""
    text = ""
    for path in paths:
        with open(path, encoding="utf-8", newline="") as file:
            text += file.read()
    return text


def new_errors(whole, parts):
    """Errors of the parts that the whole script does not have."""
    new = collections.Counter(parts) - collections.Counter(whole)
    return [f"new error, {count} times: {line}" for line, count in new.items()]


def differing(expected, got):
    """Lines that say how two dumps differ; the same lines in another order differ too."""
    if got == expected:
        return []
    new = list((collections.Counter(got) - collections.Counter(expected)).elements())
    lost = list((collections.Counter(expected) - collections.Counter(got)).elements())
    return [f"dump differs: lost {lost[:20]}, new {new[:20]}"]


def compare_orders(tree, whole, load, *, forgiving=()):
    """Lines that say where the tree, loaded by `load(files)` in each order, is not as `whole`; both
    are (dump, errors). And that this would be seen: without one output it is not the same.
    `forgiving`: the orders in which steps that leave nothing behind may fail: an update of rows
    that are not there, a step from one version of a schema to the next whose object has gone."""
    failures = []
    for arguments in ORDERS:
        files = tree.files(arguments)
        dump, errors = load(files)
        found = differing(whole[0], dump)
        if arguments not in forgiving:
            found += new_errors(whole[1], errors)
        failures += [f"engine order {' '.join(arguments)}: {line}" for line in found]
    left_out = tree.some_definition()
    dump, _ = load([path for path in tree.files([]) if path != left_out])
    if not differing(whole[0], dump):
        failures.append(f"nobody misses {left_out}")
    return failures
