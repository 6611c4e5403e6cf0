#!/usr/bin/env python3
"""What `engine deps` tells of generated scripts is what they were generated to say:
references_test.py ENGINE DIALECT SCRIPTS, as many scripts as that. Only what the generator follows
is compared: the objects of `referrers`; the statements between them are noise."""

import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers"))
from oracle_references import OracleReferences  # pylint: disable=wrong-import-position
from reference_truth import compare, edges
from trees import Tree
from tsql_references import TsqlReferences

DIALECTS = {"oracle": (OracleReferences, None), "tsql": (TsqlReferences, "dbo")}


def told(tree, script, default_schema):
    for edge in edges(tree):
        source, kind, target = edge["from"], edge["kind"], edge["to"]
        if kind != "contains" and (source["type"], source["name"]) in script.referrers:
            server = target["database"] or ""
            yield (kind, source["type"], source["schema"] or default_schema, source["name"],
                   *([server] if server.startswith("@") else []),
                   target["schema"] or default_schema, target["name"])


def main():
    engine, dialect, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    kind, default_schema = DIALECTS[dialect]
    failures = []
    expected, found = set(), set()
    for seed in range(count):
        script = kind(seed)
        for _ in range(150):
            script.add()
        with tempfile.TemporaryDirectory() as directory:
            tree = Tree(engine, directory, dialect, script.text())
            expected |= {(seed, *edge) for edge in script.edges}
            found |= {(seed, *edge) for edge in told(tree, script, default_schema)}
    failures = compare(f"{dialect}, {count} scripts", expected, found)
    print("\n".join(failures[:60]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
