"""The objects that are there when a script has run, as `engine inspect` tells them: what it
creates, less what it drops again."""

import collections
import json
import subprocess

# schema None: not written, and no state of the script says it. detail: the signature of a routine,
# the kind of a constraint.
Object = collections.namedtuple("Object", "type database schema name parent detail")

RELATIONS = ("table", "view", "materialized_view", "foreign_table", "sequence", "virtual_table")

# The schema that PostgreSQL looks into first, whatever the path says.
CATALOG = "pg_catalog"


def plain(signature):
    return signature.replace(CATALOG + ".", "")


def inspect(engine, path, dialect):
    """The objects of all units, in order, as JSON has them."""
    command = [engine, "inspect", "--format=json", f"--dialect={dialect}", path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        yield from json.loads(line)["objects"]


class Objects:
    """Unnamed ones are kept in a list: nothing tells two of them apart."""

    def __init__(self, fold=lambda name: name):
        self.objects = []
        self.fold = fold

    def run(self, events):
        for event in events:
            action = event["action"]
            if action == "create":
                self.create(event)
            elif action == "drop":
                self.drop(event)
            elif event["parent"] and event["type"] == "sequence":
                self.own(event)
        return self

    def create(self, event):
        made = self._object(event)
        if made.name is None or made not in self.objects:
            self.objects.append(made)

    def drop(self, event):
        gone = self._object(event)
        kind = RELATIONS if gone.type in RELATIONS else (gone.type,)

        def is_gone(one):
            if one.parent == gone.name and gone.type in RELATIONS and one.schema == gone.schema:
                return True
            return (one.type in kind and self.fold(one.name or "") == self.fold(gone.name or "")
                    and (one.schema == gone.schema or (one.schema, gone.schema) == (CATALOG, None))
                    and (gone.parent is None or one.parent == gone.parent)
                    and (not event.get("signature") or one.detail == plain(gone.detail)))

        self.objects = [one for one in self.objects if not is_gone(one)]

    def own(self, event):
        owned = self._object(event)
        self.objects = [one._replace(parent=owned.parent) if
                        (one.type, one.schema, one.name) == (owned.type, owned.schema, owned.name)
                        else one for one in self.objects]

    @staticmethod
    def _object(event):
        return Object(event["type"], event["database"], event["schema"], event["name"],
                      event["parent"], event.get("signature") or event.get("constraint_kind"))


def differences(told, listed, implied=frozenset()):
    """Lines that say what of `listed` (by the server) is not `told`, and the other way round. An
    unnamed object stands for one of its type, parent and detail."""
    told = list(told)
    out = []
    left = []
    for one in listed:
        if one in told:
            told.remove(one)
        else:
            left.append(one)
    for one in left:
        unnamed = one._replace(name=None)
        if unnamed in told:
            told.remove(unnamed)
        elif one not in implied:
            out.append(f"not told:   {tuple(one)}")
    out += [f"not listed: {tuple(one)}" for one in told]
    return sorted(out)
