#!/usr/bin/env python3
"""The engine's objects are the truth of generated scripts, unit by unit: generated_test.py ENGINE
DIALECT SCRIPTS, as many scripts as that, in UTF-8 and UTF-16."""

import os
import sys
import tempfile

from script import compare, inspected, report
from oracle_script import OracleScript
from tsql_script import TsqlScript

DIALECTS = {"oracle": OracleScript, "tsql": TsqlScript}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be")
MARKS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


def main():
    engine, dialect, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    expected = told = both = 0
    lines = []
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "script.sql")
        for seed in range(count):
            script = DIALECTS[dialect](seed)
            for _ in range(120):
                script.add()
            encoding = ENCODINGS[seed % len(ENCODINGS)]
            with open(path, "wb") as file:
                file.write(MARKS.get(encoding, b"") + script.text().encode(encoding))
            found = compare(script.units, inspected(engine, path, dialect))
            expected, told, both = expected + found[0], told + found[1], both + found[2]
            lines += [f"seed {seed}, {line}" for line in found[3]]
    return report(dialect, (expected, told, both), lines)


if __name__ == "__main__":
    sys.exit(main())
