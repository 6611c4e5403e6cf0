#!/usr/bin/env python3
"""Manifests against docs/manifest.schema.json: of the sample folder, of hostile names, and of the
sample databases where ENGINE_CORPUS names them; and manifests that are wrong, which it refuses."""

import argparse
import copy
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import jsonschema

LARGEST = 256 * 1024  # of a source of the sample databases; the validator is slow
STEP = 12             # every so many of them
HOSTILE = (
    'CREATE TABLE [a/b] (i int)\nGO\nCREATE TABLE [..] (i int)\nGO\nCREATE TABLE [x\ty] (i int)\n'
    "GO\nEXEC('CREATE TABLE made (i int)')\nGO\nIF OBJECT_ID('m') IS NULL CREATE TABLE m (i int)\n"
    'GO\nALTER TABLE elsewhere ADD CONSTRAINT c CHECK (i > 0)\nGO\nINSERT [a/b] VALUES (1)\nGO\n'
    "CREATE TABLE [\u00e9\u0301] (s varchar(9) DEFAULT 'open\nGO\n")


def wrong(good):
    """The manifest with one thing wrong at a time."""
    for key in ("version", "source", "options", "units", "outputs", "warnings", "checksum"):
        bad = copy.deepcopy(good)
        del bad[key]
        yield f"without {key}", bad
    changes = [
        (("version",), 2), (("source", "path"), "../x.sql"), (("source", "path"), "/x.sql"),
        (("source", "hash"), "F" * 32), (("source", "line_ends"), "both"), (("units",), -1),
        (("source", "dialect"), "auto"), (("options", "layout"), "round"), (("outputs",), {}),
        (("outputs", 0, "path"), "a/../b"), (("outputs", 0, "path"), "a//b"),
        (("outputs", 0, "kind"), "file"), (("outputs", 0, "size"), "12"),
        (("outputs", 0, "pieces", 0, "line"), 0), (("outputs", 0, "pieces", 0, "raw"), False),
        (("outputs", 0, "objects", 0, "action"), "invent"),
        (("outputs", 0, "objects", 0, "name"), 7), (("outputs", 0, "objects", 0, "dynamic"), 7),
    ]
    for path, value in changes:
        bad = copy.deepcopy(good)
        place = bad
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        yield f"{path} = {value!r}", bad


def strict(schema):
    """The schema without room for keys that it does not name: readers may meet newer ones, what is
    written now is all in it."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(part) for key, part in schema.items()}
    if isinstance(schema.get("properties"), dict) and "type" in schema:
        closed.setdefault("additionalProperties", False)
    return closed


def load(engine, source, output, *options):
    subprocess.run([engine, "--log-level=error", *options, source, output], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return sorted(output.rglob("manifest.json"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", required=True)
    parser.add_argument("--root", type=pathlib.Path, required=True, help="of the repository")
    options = parser.parse_args()
    schema = json.loads((options.root / "docs/manifest.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    writer = jsonschema.Draft202012Validator(strict(schema))
    checked = problems = 0
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        (work / "in/hostile").mkdir(parents=True)
        (work / "in/hostile/names.sql").write_text(HOSTILE, encoding="utf-8")
        shutil.copytree(options.root / "docs/sample", work / "in/sample")
        corpus = os.environ.get("ENGINE_CORPUS")
        if corpus:
            sources = [p for p in sorted(pathlib.Path(corpus).rglob("*.sql"))
                       if p.stat().st_size < LARGEST]
            for source in sources[::STEP]:
                to = work / "in/corpus" / source.relative_to(corpus)
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, to)
        else:
            print("ENGINE_CORPUS does not name the sample databases: the sample folder only")
        manifests = []
        for layout, data in (("nested", "separate"), ("compact", "inline"), ("flat", "drop")):
            manifests += load(options.engine, work / "in", work / f"out-{layout}",
                              f"--layout={layout}", f"--data={data}")
        for path in manifests:
            manifest = json.loads(path.read_bytes())
            checked += 1
            for error in writer.iter_errors(manifest):
                problems += 1
                print(f"{path.relative_to(work)}: {error.json_path}: {error.message}")
        good = next(m for m in map(json.loads, map(pathlib.Path.read_text, manifests))
                    if m["outputs"] and "objects" in m["outputs"][0])
    for what, bad in wrong(good):
        if validator.is_valid(bad):
            problems += 1
            print(f"taken for valid: {what}")
    print(f"{checked} manifests, {problems} problems")
    sys.exit(problems != 0 or checked < 6)


if __name__ == "__main__":
    main()
