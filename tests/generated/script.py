"""Scripts written together with their truth: which units there are and what each does to which
objects. Seeded, so a failure can be had again."""

import json
import random
import subprocess

FIELDS = ("action", "type", "database", "schema", "name", "parent", "parent_schema",
          "constraint_kind", "minor", "dynamic", "conditional")


def made(kind, schema, name, parent=None, action="create", **more):
    """One object as `engine inspect --format=json` shows it, without the fields that are absent."""
    told = {"action": action, "type": kind, "database": None, "schema": schema, "name": name,
            "parent": parent}
    told.update(more)
    return told


class Script:
    """Text under construction, and the objects of each unit in order."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.parts = []
        self.units = []
        self.names = 0

    def write(self, text):
        self.parts.append(text)

    def pick(self, choices):
        return self.random.choice(choices)

    def chance(self, one_in):
        return self.random.randrange(one_in) == 0

    def text(self):
        return "".join(self.parts)


def inspected(engine, path, dialect):
    """The objects of each unit, as the engine tells them."""
    command = [engine, "inspect", "--format=json", f"--dialect={dialect}", path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    units = []
    for line in done.stdout.splitlines():
        part = json.loads(line)
        if part["kind"] == "unit":
            units.append(part["objects"])
        else:
            assert not part["objects"], f"a {part['kind']} with objects: {line}"
    return units


def key(one):
    return tuple(one.get(field) for field in FIELDS)


def compare(expected, told):
    """(objects expected, told, in both, lines about what differs)."""
    lines = []
    if len(expected) != len(told):
        lines.append(f"{len(expected)} units expected, {len(told)} told")
    both = 0
    for number, (want, got) in enumerate(zip(expected, told), 1):
        want, got = [key(one) for one in want], [key(one) for one in got]
        missing = [one for one in want if one not in got]
        extra = [one for one in got if one not in want]
        both += len(want) - len(missing)
        lines += [f"unit {number}: missing {one}" for one in missing]
        lines += [f"unit {number}: invented {one}" for one in extra]
        if not missing and not extra and want != got:
            lines.append(f"unit {number}: order {got} for {want}")
    return sum(map(len, expected)), sum(map(len, told)), both, lines


def report(what, totals, lines):
    """Prints recall and precision; the exit status."""
    expected, told, both = totals
    print(f"{what}: {expected} objects expected, {told} told, {both} in both: "
          f"recall {both / expected:.4%}, precision {both / told if told else 1:.4%}")
    for line in lines[:40]:
        print(line)
    return 1 if lines else 0
