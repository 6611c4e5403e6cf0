"""Trees as a user has them: loaded by the engine, read by their manifest, run in the order that
`engine order` gives."""

import collections
import json
import os
import subprocess

ORDERS = ([], ["--by-dependency"])
LAYOUTS = [("nested", "separate"), ("flat", "separate"), ("compact", "separate"),
           ("nested", "inline"), ("compact", "inline")]


class Tree:
    """The tree of one source, which stands in `directory`/in; `form` is one of LAYOUTS."""

    def __init__(self, engine, directory, dialect, text, form=LAYOUTS[0]):
        self.engine = engine
        self.form = form
        self.made_from = (engine, directory, dialect, text)
        self.source = directory + "/in/script.sql"
        os.makedirs(directory + "/in", exist_ok=True)
        with open(self.source, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        root = "-".join([directory + "/out", *form])
        subprocess.run([engine, directory + "/in", root, f"--dialect={dialect}",
                        f"--layout={form[0]}", f"--data={form[1]}"], check=True,
                       capture_output=True)
        self.path = root + "/script"
        os.chmod(directory, 0o755)

    def in_layouts(self):
        """The same source in all layouts but this one's."""
        return [Tree(*self.made_from, form) for form in LAYOUTS if form != self.form]

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


def compare_orders(tree, whole, load, *, forgiving=(), layouts=False):
    """Lines that say where the tree, loaded by `load(files)` in each order, is not as `whole`; both
    are (dump, errors). And that this would be seen: without one output it is not the same.
    `layouts`: so in each of LAYOUTS.
    `forgiving`: the orders in which steps that leave nothing behind may fail: an update of rows
    that are not there, a step from one version of a schema to the next whose object has gone."""
    failures, loaded = [], {}
    for one in [tree, *(tree.in_layouts() if layouts else [])]:
        for arguments in ORDERS:
            files = one.files(arguments)
            text = whole_text(files)  # with metadata each file says which it is
            if text not in loaded:
                loaded[text] = load(files)
            dump, errors = loaded[text]
            found = differing(whole[0], dump)
            if arguments not in forgiving:
                found += new_errors(whole[1], errors)
            failures += [f"{one.form}, engine order {' '.join(arguments)}: {line}"
                         for line in found]
    left_out = tree.some_definition()
    dump, _ = load([path for path in tree.files([]) if path != left_out])
    if not differing(whole[0], dump):
        failures.append(f"nobody misses {left_out}")
    return failures
