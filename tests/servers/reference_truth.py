"""What `engine deps` tells of a script, beside what a server knows of it: recall, precision, and
the proof that the comparison can fail."""

import json
import os
import subprocess


def edges(tree):
    """Every edge of the output that `tree` lies in, as JSON has it."""
    done = subprocess.run([tree.engine, "deps", os.path.dirname(tree.path), "--format=json"],
                          capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def missed(expected, told, least):
    """Lines that say what differs, where recall or precision is below `least`; and the two."""
    both = len(expected & told)
    recall = both / len(expected) if expected else 1
    precision = both / len(told) if told else 1
    lines = []
    if min(recall, precision) < least:
        lines = [f"not told:   {one}" for one in sorted(expected - told, key=repr)]
        lines += [f"not listed: {one}" for one in sorted(told - expected, key=repr)]
    return lines, recall, precision


def compare(what, expected, told, least=1.0, may_be_empty=False):
    """Lines that say how `told` differs from `expected` (sets), and that this would be seen: each
    with a part of it taken away is not good enough."""
    lines, recall, precision = missed(expected, told, least)
    print(f"{what}: {len(expected)} known to the server, {len(told)} told, "
          f"recall {recall:.2%}, precision {precision:.2%}")
    out = [f"{what}: {line}" for line in lines]
    if not expected:
        return out + ([] if may_be_empty else [f"{what}: the server knows of none"])
    planted = set(sorted(expected, key=repr)[:int(len(expected) * (1 - least)) + 1])
    if not missed(expected, told - planted, least)[0]:
        out.append(f"{what}: nobody misses {planted}")
    if not missed(expected - planted, told, least)[0]:
        out.append(f"{what}: nobody sees that {planted} are made up")
    return out
