#!/usr/bin/env python3
"""The house rules of docs/design.md as checks: style.py RULE [--root=DIR].

Prints one line per violation (path:line: what) and exits 1 when there is one. Each rule is a
function from files (path relative to the root -> text) to violations; style_self_test.py plants a
violation of each.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

CODE = (".h", ".cpp")
LINE_LIMIT = 100
FUNCTION_LIMIT = 70

# Rule `rooms`: which rooms of ours a room may include, beside the public face (engine/*.h) and
# itself. The first match of a file's path wins.
PUBLIC = r"engine/\w+\.h"
ROOMS = [
    (r"engine/\w+\.h", ()),
    (r"engine/\w+\.cpp", ("engine/",)),
    (r"engine/base/", ()),
    (r"engine/debounce/", ("engine/base/",)),
    (r"engine/queue/", ("engine/base/",)),
    (r"engine/sql/", ("engine/base/",)),
    (r"engine/source/", ("engine/base/", "engine/sql/")),
    (r"engine/dependency/", ("engine/base/", "engine/sql/")),
    (r"engine/organize/", ("engine/base/", "engine/sql/", "engine/dependency/")),
    (r"engine/tree/", ("engine/base/", "engine/sql/", "engine/source/", "engine/dependency/",
                       "engine/organize/")),
    (r"engine/order/", ("engine/base/", "engine/sql/")),
    (r"engine/run/", ("engine/base/", "engine/debounce/", "engine/queue/", "engine/sql/",
                      "engine/source/", "engine/dependency/", "engine/organize/",
                      "engine/tree/")),
    (r"io/cli/", ("io/",)),
    (r"io/graph/", ("io/base/", "io/state/")),
    (r"io/neo4j/", ("io/base/", "io/state/", "io/graph/")),
    (r"io/", ("io/base/",)),
    (r"(tests|bench)/", ("",)),
]
# Libraries by the room that is named for them; any room may use the standard library, and any
# .cpp file fmt.
LIBRARIES = [
    (r"tl/", r"engine/result\.h"),
    (r"fmt/", r".*\.cpp"),
    (r"concurrentqueue/", r"(engine/queue/.*|bench/queue_peers\.h)"),
    (r"hwy/", r"engine/sql/.*"),
    (r"emmintrin\.h", r"engine/sql/word_scan\.h"),  # in line, so without a choice at run time
    (r"(xxhash|xxh_x86dispatch)\.h", r"(engine/source|io/file|io/neo4j)/.*"),
    (r"utf8proc\.h", r"engine/tree/.*"),
    (r"archive", r"io/file/.*"),
    (r"sqlite3\.h", r"(io/state|tests)/.*"),
    (r"simdjson\.h", r"io/state/.*"),
    (r"curl/", r"io/neo4j/.*"),
    (r"openssl/", r"tests/io/neo4j/.*"),
    (r"liburing\.h", r"io/watch/.*"),
    (r"iconv\.h", r"engine/(encoder|source/legacy_text)\.cpp"),
    (r"uchardet/", r"engine/source/.*"),
    (r"nlohmann/", r"(io|tests)/.*"),
    (r"(CLI|spdlog)/|mimalloc", r"(io/cli|tests/cli|bench)/.*"),
    (r"(gtest|gmock)/", r"tests/.*"),
    (r"(oneapi/tbb|boost)/", r"bench/.*"),
    (r"sanitizer/", r"engine/base/[at]san\.h"),
    (r"benchmark/", r"bench/.*"),
    (r"(sys|linux|asm)/|\w+\.h$", r"(io|tests|bench)/.*"),  # the operating system's
    # The one system call inside the engine: the event count sleeps on a futex.
    (r"(linux/futex|sys/syscall|unistd|time)\.h", r"engine/queue/event_count\.cpp"),
]
STANDARD = re.compile(r"[a-z_0-9]+$")  # <vector>, <cstdint>: no slash, no suffix


def lines_of(text):
    return text.split("\n")


def room_of(path):
    for pattern, may in ROOMS:
        if re.match(pattern, path):
            own = path.rsplit("/", 1)[0] + "/" if not re.fullmatch(PUBLIC, path) else ""
            return own, may
    return None


def may_include_ours(path, target):
    if re.fullmatch(PUBLIC, target):
        return True
    own, may = room_of(path)
    # A subfolder belongs to its room: engine/sql/kernels/x.h to engine/sql/.
    rooms = [own] if own.count("/") <= 2 else ["/".join(own.split("/")[:2]) + "/"]
    if own in ("engine/", "io/", ""):
        rooms = []
    return any(target.startswith(room) for room in [*rooms, *may])


def check_rooms(files):
    for path, text in files.items():
        if not path.endswith(CODE) or room_of(path) is None:
            continue
        for number, line in enumerate(lines_of(text), 1):
            ours = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if ours:
                target = ours.group(1)
                if target not in files:
                    yield path, number, f'"{target}" is not a path of this repository'
                elif not may_include_ours(path, target):
                    yield path, number, f'this room may not include "{target}"'
            theirs = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
            if theirs and not STANDARD.fullmatch(theirs.group(1)):
                name = theirs.group(1)
                if not any(re.match(lib, name) and re.fullmatch(where, path)
                           for lib, where in LIBRARIES):
                    yield path, number, f"this room may not include <{name}>"


def check_lines(files):
    for path, text in files.items():
        if not path.endswith(CODE + (".py", ".sh", "CMakeLists.txt")):
            continue
        for number, line in enumerate(lines_of(text), 1):
            if len(line) > LINE_LIMIT:
                yield path, number, f"{len(line)} columns, {LINE_LIMIT} at most"
            if line.rstrip() != line:
                yield path, number, "white space at the end"


def check_format(files):
    if not shutil.which("clang-format-14"):
        return
    # One process for all of them: starting it takes as long as reading ten of our files.
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        code = [path for path in files if path.endswith(CODE)]
        for path in [*code, ".clang-format"]:
            root.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
            root.joinpath(path).write_text(files.get(path, ""))
        found = subprocess.run(["clang-format-14", "--dry-run", "--style=file", *code], cwd=root,
                               capture_output=True, text=True, check=True).stderr
    first = {}
    warning = r"^(\S+?):(\d+):\d+: warning: code should be clang"
    for path, number in re.findall(warning, found, re.M):
        first.setdefault(path, int(number))
    for path, number in first.items():
        yield path, number, "not as clang-format-14 -i writes it"


LITERAL = re.compile(
    r'R"(?P<tag>[^\s()\\]{0,16})\(.*?\)(?P=tag)"'  # raw string
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'"  # not the ' of 1'000
    r"|//[^\n]*|/\*.*?\*/", re.S)


def blank(text, keep_comments=False):
    """The text without what stands in literals and comments, at the same places."""
    def empty(match):
        found = match.group(0)
        if keep_comments and found.startswith("/"):
            return found
        return "".join(c if c == "\n" else " " for c in found)
    return LITERAL.sub(empty, text)


SCOPE = re.compile(r"(?:template\s*<.*>\s*)?(?:namespace|class|struct|union|enum|extern)\b", re.S)


def function_bodies(text):
    """(first line, last line) of every outermost function body."""
    text = re.sub(r"(?m)^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group(0)),
                  blank(text))
    stack = []  # of [is it a function body, line]
    head = 0
    for match in re.finditer(r"[{};]", text):
        at = match.start()
        if match.group(0) == "{":
            before = re.sub(r"\b(?:public|protected|private)\s*:(?!:)", "", text[head:at]).strip()
            inside = any(is_body for is_body, _ in stack)
            is_body = (not inside and not SCOPE.match(before) and ")" in before
                       and not before.endswith(("=", ",", "(")))
            stack.append((is_body, text.count("\n", 0, at) + 1))
        elif match.group(0) == "}" and stack:
            is_body, first = stack.pop()
            if is_body:
                yield first, text.count("\n", 0, at) + 1
        head = match.end()


def check_functions(files):
    for path, text in files.items():
        if path.endswith(CODE):
            for first, last in function_bodies(text):
                lines = last - first
                if lines > FUNCTION_LIMIT:
                    yield path, first, f"a function of {lines} lines, {FUNCTION_LIMIT} at most"


def installed_headers(files):
    installed = set()
    for path, text in files.items():
        folder, _, name = path.rpartition("/")
        if name == "CMakeLists.txt":
            for listed in re.findall(r"FILE_SET HEADERS[^)]*\)", text):
                installed |= {f"{folder}/{header}" for header in re.findall(r"[\w/-]+\.h", listed)}
    return sorted(installed & files.keys())


def check_headers(files):
    for path, text in files.items():
        if path.endswith(".h"):
            if not text.startswith("//"):
                yield path, 1, "a header begins with a comment that says what it is"
            if "#pragma once" not in text:
                yield path, 1, "#pragma once is missing"
    for path in installed_headers(files):
        beginning = files[path].partition("#pragma once")[0]
        for told in ("Thread contract", "Errors"):
            if not re.search(rf"^//.*\b{told}: \S", beginning, re.M):
                yield path, 1, f'is installed, and its comment has no "{told}: ..."'


ATOMIC = re.compile(r"(?:\.|->)\s*(load|store|exchange|fetch_\w+|compare_exchange_\w+|test_and_set)"
                    r"\s*\(|\batomic_(?:thread|signal)_fence\s*\(")


def arguments(text, opening):
    depth = 0
    for at in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return text[opening:at + 1]
    return text[opening:]


def check_atomics(files):
    for path, text in files.items():
        if not path.endswith(CODE) or not path.startswith(("engine/", "io/", "bench/")):
            continue
        code = blank(text)
        comments = lines_of(blank(text, keep_comments=True))
        for match in ATOMIC.finditer(code):
            number = code.count("\n", 0, match.start()) + 1
            found = arguments(code, match.end() - 1)
            if "memory_order" not in found:
                yield path, number, f"{match.group(0).strip()}...): name the memory order"
            elif re.search(r"memory_order(?:::|_)(?!relaxed)", found):
                last = number + found.count("\n")
                if not re.search(r"\bpairs? with", " ".join(comments[max(0, number - 4):last])):
                    yield path, number, 'a comment "pairs with ..." belongs on or above this line'
        for name in set(re.findall(r"\batomic(?:_\w+)?(?:<[^;{}()]*>)?\s+(\w+)\s*[{;=]", code)):
            # A bare name that a member shares with a local variable says nothing: x.name does.
            use = name if name.endswith("_") else rf"\w(?:\.|->){name}"
            operator = re.compile(rf"(?:\+\+|--)\s*(?:\w+(?:\.|->))*{use}\b(?!\s*[.\[(-])"
                                  rf"|{use}\s*(?:\+\+|--|[-+|&^]?=(?!=))")
            for match in operator.finditer(code):
                number = code.count("\n", 0, match.start()) + 1
                if "atomic" not in lines_of(code)[number - 1]:
                    yield path, number, f"{name} is atomic: write the operation and its order"


def check_sources(files):
    for path in files:
        if not path.endswith(".cpp"):
            continue
        folder, name = path.rsplit("/", 1)
        listed, below = False, name
        while folder:
            text = files.get(f"{folder}/CMakeLists.txt", "")
            listed = listed or re.search(rf"(?<![\w./-]){re.escape(below)}(?![\w.])", text)
            folder, _, last = folder.rpartition("/")
            below = f"{last or folder}/{below}"
        if not listed:
            yield path, 1, "no CMakeLists.txt names this file"


def check_installed(files):
    """Whoever has the installed headers has what they include, and nothing that no one asks for."""
    installed = installed_headers(files)
    text = "\n".join(files[path] for path in installed) + files.get("docs/design.md", "")
    for path in installed:
        if not re.fullmatch(PUBLIC, path) and not re.search(rf'(`|#include "){path}[`"]', text):
            yield path, 1, "is installed, and no front door needs it (docs/design.md names those)"
        for match in re.finditer(r'^#include "([^"]+)"', files[path], re.M):
            if match.group(1) not in installed:
                number = files[path].count("\n", 0, match.start()) + 1
                yield path, number, f"is installed, and {match.group(1)} is not"


def check_paths(files):
    machine = "|".join(("work", "root", "home", "tmp/brief"))
    pattern = re.compile(r"(?<![\w.~*})/-])/(?:" + machine + r")/[\w.]+")
    for path, text in files.items():
        for number, line in enumerate(lines_of(text), 1):
            found = pattern.search(line)
            if found and not path.startswith("docs/sample/"):
                yield path, number, f"{found.group(0)}...: a path of one machine"


# What is not finished, or says nothing.
WORDS = ["to" + "do", "fix" + "me", "ha" + "ck", "x" + "xx", "obvi" + "ously", "as an " + "ai",
         "language " + "model", "chat" + "bot", "not yet " + "implemented", "lorem " + "ipsum"]


def check_words(files):
    pattern = re.compile(r"\b(?:" + "|".join(WORDS) + r")\b", re.I)
    for path, text in files.items():
        for number, line in enumerate(lines_of(text), 1):
            found = pattern.search(line)
            if found:
                yield path, number, f'"{found.group(0)}" is a word that we do not leave behind'


# What pages claim of the tests and of their own examples.
SHOWING = {"docs/watching.md", "docs/reliability.md"}
EXAMPLES = ("docs/embedding.md", "## The pieces by themselves", "tests/consumer/project/")


def check_shown(files):
    tests = "\n".join(text for path, text in files.items() if re.match(r"tests/.*\.cpp$", path))
    for path in sorted(SHOWING & files.keys()):
        for number, line in enumerate(lines_of(files[path]), 1):
            for suite, name in re.findall(r"`([A-Z]\w*[a-z]\w*)\.(\w+)`", line):
                if not re.search(rf"\({suite}, {name}\)", tests):
                    yield path, number, f"there is no test {suite}.{name}"
    page, heading, folder = EXAMPLES
    real = {line.strip() for path, text in files.items() if path.startswith(folder)
            for line in lines_of(text)}
    _, found, rest = files.get(page, "").partition(heading)
    first = files.get(page, "").count("\n") - rest.count("\n") + 1
    inside = False
    for number, line in enumerate(lines_of(rest) if found else [], first):
        if line.startswith("```"):
            inside = not inside
        elif inside and line.strip() not in real:
            yield page, number, f"no line of {folder}: {line.strip()}"


# A setting is an option of the command line, a row of the table in docs/design.md, and, where the
# engine goes by it, a field of Options under the same name.
OPTIONS_OF_EMBEDDERS = {"segment_size"}


def check_options(files):
    code, page, face = "io/cli/load_options.cpp", "docs/design.md", "engine/options.h"
    load = files.get(code, "")
    defined = set(re.findall(r'(?:define\.add\w*|set_config)\(\s*"(--[\w-]+)"', load))
    defined |= {"--state"} if "define.add_state()" in load else set()
    rows = [(path, number, set(re.findall(r"(--[\w-]+)", line.split(" | ")[0])))
            for path in (page, "README.md")
            for number, line in enumerate(lines_of(files.get(path, "")), 1)
            if line.startswith("| `--")]
    for path, number, names in rows:
        for name in sorted(names - defined):
            yield path, number, f"{name}: no option of a load"
    told = set().union(*(names for path, _, names in rows if path == page))
    for name in sorted(defined - told):
        yield code, 1, f"{name}: {page} has no row for it"
    fields = re.findall(r"^  [\w:]+(?:<.*>)? (\w+)(?: =.*|\{.*\})?;",
                        files.get(face, "").partition("struct Options {")[2], re.M)
    for field in fields:
        name = "--" + field.removesuffix("_globs").replace("_", "-")
        if field not in OPTIONS_OF_EMBEDDERS and name not in told:
            yield face, 1, f"{field}: {page} has no row for {name}"


def check_ascii(files):
    for path, text in files.items():
        if path.startswith("tests/") and path.endswith(CODE):
            continue  # what a test feeds in is plainest as it is
        if path.endswith(CODE + (".py", ".sh", ".json", "CMakeLists.txt")):
            for number, line in enumerate(lines_of(text), 1):
                if not line.isascii():
                    yield path, number, "not ASCII: write an escape"


RULES = {name[len("check_"):]: rule for name, rule in list(globals().items())
         if name.startswith("check_")}


def read_files(root):
    """What is, or is about to be, under version control; without git, what lies there."""
    listing = subprocess.run(
        ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=False)
    if listing.returncode == 0:
        names = [name for name in listing.stdout.split("\0") if name]
    else:
        names = [str(path.relative_to(root)) for path in pathlib.Path(root).rglob("*")
                 if path.relative_to(root).parts[0] not in ("build", "out", ".git")]
    files = {}
    for name in names:
        path = pathlib.Path(root, name)
        if path.is_file():
            try:
                files[name] = path.read_bytes().decode("utf-8")
            except UnicodeDecodeError:
                pass  # the UTF-16 sample is data
    return files


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rule", choices=RULES)
    parser.add_argument("--root", default=".")
    options = parser.parse_args()
    found = list(RULES[options.rule](read_files(options.root)))
    for path, number, what in found:
        print(f"{path}:{number}: {what}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
