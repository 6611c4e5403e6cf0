#!/usr/bin/env python3
"""Every rule of style.py finds the violation planted for it, and lets the right way pass."""

import shutil
import unittest

import style

GOOD_HEADER = "// A thing.\n#pragma once\n"


def found(rule, files):
    return [(path, number) for path, number, _ in style.RULES[rule](files)]


class Rooms(unittest.TestCase):
    FILES = {"engine/clock.h": "", "engine/queue/priority_queue.h": "",
             "engine/base/counter.h": "", "engine/sql/scanner.h": "", "io/file/tree_writer.h": "",
             "io/base/descriptor.h": "", "engine/sql/kernels/avx2.h": "",
             "engine/organize/draft.h": "", "engine/tree/layout.h": ""}

    def check(self, path, include, violations):
        files = dict(self.FILES)
        files[path] = f"#include {include}\n"
        self.assertEqual(len(found("rooms", files)), violations, f"{path} includes {include}")

    def test_stages_do_not_see_each_other(self):
        self.check("engine/debounce/debouncer.h", '"engine/queue/priority_queue.h"', 1)
        self.check("engine/queue/event_count.h", '"engine/sql/scanner.h"', 1)
        self.check("engine/sql/splitter.cpp", '"engine/queue/priority_queue.h"', 1)

    def test_io_sees_the_public_face_only(self):
        self.check("io/file/join.cpp", '"engine/clock.h"', 0)
        self.check("io/file/join.cpp", '"engine/base/counter.h"', 1)
        self.check("io/cli/main.cpp", '"engine/queue/priority_queue.h"', 1)
        self.check("io/host/cpus.cpp", '"io/file/tree_writer.h"', 1)
        self.check("io/host/cpus.cpp", '"io/base/descriptor.h"', 0)
        self.check("io/cli/main.cpp", '"io/file/tree_writer.h"', 0)

    def test_the_public_face_includes_only_itself(self):
        self.check("engine/engine.h", '"engine/clock.h"', 0)
        self.check("engine/engine.h", '"engine/base/counter.h"', 1)
        self.check("engine/engine.h", "<fmt/core.h>", 1)
        self.check("engine/engine.h", "<vector>", 0)

    def test_a_room_sees_itself_and_what_the_table_says(self):
        self.check("engine/sql/splitter.cpp", '"engine/sql/scanner.h"', 0)
        self.check("engine/sql/splitter.cpp", '"engine/sql/kernels/avx2.h"', 0)
        self.check("engine/sql/kernels/avx2.cpp", '"engine/sql/scanner.h"', 0)
        self.check("engine/organize/draft.cpp", '"engine/sql/scanner.h"', 0)
        self.check("engine/organize/draft.cpp", '"engine/tree/layout.h"', 1)
        self.check("engine/tree/layout.cpp", '"engine/organize/draft.h"', 0)
        self.check("engine/base/counter.cpp", '"engine/sql/scanner.h"', 1)
        self.check("engine/engine.cpp", '"engine/sql/scanner.h"', 0)
        self.check("engine/engine.cpp", '"io/file/tree_writer.h"', 1)

    def test_libraries_and_the_system_stay_in_their_rooms(self):
        self.check("engine/sql/splitter.cpp", "<sys/mman.h>", 1)
        self.check("io/file/mapped.cpp", "<sys/mman.h>", 0)
        self.check("engine/queue/priority_queue.h", "<concurrentqueue/concurrentqueue.h>", 0)
        self.check("engine/run/worker_pool.h", "<concurrentqueue/concurrentqueue.h>", 1)

    def test_an_include_is_a_repository_path(self):
        self.check("engine/sql/splitter.cpp", '"scanner.h"', 1)


class Text(unittest.TestCase):
    def test_lines(self):
        self.assertFalse(found("lines", {"engine/a.h": "x" * 100}))
        self.assertEqual(found("lines", {"engine/a.h": "\n" + "x" * 101}), [("engine/a.h", 2)])
        self.assertTrue(found("lines", {"engine/a.h": "x \n"}))

    @unittest.skipUnless(shutil.which("clang-format-14"), "clang-format-14 is not installed")
    def test_format(self):
        config = "BasedOnStyle: Google\nColumnLimit: 100\n"
        self.assertFalse(found("format", {".clang-format": config, "a.h": "int a;\n"}))
        self.assertEqual(found("format", {".clang-format": config, "a.h": "int a;\nint  b;\n"}),
                         [("a.h", 2)])

    def test_headers(self):
        self.assertFalse(found("headers", {"engine/a.h": GOOD_HEADER}))
        self.assertTrue(found("headers", {"engine/a.h": "#pragma once\n"}))
        self.assertTrue(found("headers", {"engine/a.h": "// A thing.\n"}))

    def test_installed_headers(self):
        listed = {"engine/CMakeLists.txt": "FILE_SET HEADERS BASE_DIRS ${X} FILES a.h)",
                  "engine/b.h": GOOD_HEADER}
        told = "// A thing.\n//\n// Thread contract: a value. Errors: none.\n#pragma once\n"
        self.assertFalse(found("headers", {**listed, "engine/a.h": told}))
        for missing in ("Thread contract: a value.", "Errors: none."):
            self.assertEqual(found("headers", {**listed, "engine/a.h": told.replace(missing, "")}),
                             [("engine/a.h", 1)])
        late = GOOD_HEADER + "// Thread contract: a value. Errors: none.\n"
        self.assertEqual(len(found("headers", {**listed, "engine/a.h": late})), 2)

    def test_paths(self):
        self.assertTrue(found("paths", {"a.md": "see " + "/ro" + "ot/x"}))
        self.assertTrue(found("paths", {"a.md": "see " + "/tm" + "p/brief/x"}))
        self.assertFalse(found("paths", {"a.md": "engine/work/x and -/home, fetch/work/y"}))

    def test_words(self):
        for word in style.WORDS:
            self.assertTrue(found("words", {"a.cpp": f"// {word.upper()}: later"}), word)
        self.assertFalse(found("words", {"a.cpp": "// to do well is method" + "o" + "logy"}))

    def test_ascii(self):
        self.assertTrue(found("ascii", {"a.cpp": "// caf\u00e9"}))
        self.assertFalse(found("ascii", {"a.md": "caf\u00e9"}))

    def test_sources(self):
        files = {"engine/sql/a.cpp": "", "engine/sql/CMakeLists.txt": "target_sources(x a.cpp)",
                 "engine/b.cpp": "", "engine/CMakeLists.txt": "sql/c.cpp", "engine/sql/c.cpp": ""}
        self.assertEqual(found("sources", files), [("engine/b.cpp", 1)])

    def test_installed(self):
        files = {"engine/CMakeLists.txt": "FILE_SET HEADERS BASE_DIRS ${X} FILES a.h sql/b.h)",
                 "engine/a.h": '#pragma once\n#include "engine/sql/b.h"\n',
                 "engine/sql/b.h": '#include "engine/c.h"\n', "engine/c.h": ""}
        self.assertEqual(found("installed", files), [("engine/sql/b.h", 1)])

    def test_installed_for_nobody(self):
        files = {"engine/CMakeLists.txt": "FILE_SET HEADERS BASE_DIRS ${X} FILES a.h sql/b.h)",
                 "engine/a.h": "", "engine/sql/b.h": ""}
        self.assertEqual(found("installed", files), [("engine/sql/b.h", 1)])
        self.assertFalse(found("installed", {**files, "docs/design.md": "`engine/sql/b.h`"}))
        self.assertFalse(found("installed", {**files, "engine/a.h": '#include "engine/sql/b.h"'}))

    def test_options(self):
        page = "docs/design.md"
        files = {"io/cli/load_options.cpp": 'define.add_flag("--no-metadata", x);\ndefine.add(\n'
                                            '  "--dialect", y);\ndefine.add_state();\n',
                 page: "| `--no-metadata` | off |\n| `--dialect=NAME` | auto | not --other |\n"
                       "| `--state=PATH` | |\n",
                 "engine/options.h": "struct Options {\n  bool no_metadata = false;\n"
                                     "  std::vector<Dialect> dialect_globs;\n"
                                     "  std::uint64_t segment_size = 32ull << 20;\n};\n"}
        self.assertEqual(found("options", files), [])
        forgotten = dict(files, **{page: files[page].replace("--dialect", "--dialects")})
        self.assertEqual(len(found("options", forgotten)), 3)

    def test_shown(self):
        files = {"tests/a_test.cpp": "TEST_F(Suite, Holds) {\n}\n",
                 "docs/watching.md": "`Suite.Holds`\n`Suite.Is`, `UPPER.SQL`\n",
                 "docs/embedding.md": "```cpp\nany();\n```\n## The pieces by themselves\n"
                                      "```cpp\n  f();\ng();\n```\nprose\n",
                 "tests/consumer/project/main.cpp": "f();\n"}
        self.assertEqual(found("shown", files), [("docs/watching.md", 2), ("docs/embedding.md", 7)])


class Functions(unittest.TestCase):
    def body(self, lines, head="int f(int a) "):
        return head + "{\n" + "  a();\n" * lines + "}\n"

    def test_long_functions(self):
        self.assertFalse(found("functions", {"a.cpp": self.body(69)}))
        self.assertTrue(found("functions", {"a.cpp": self.body(70)}))

    def test_methods_lambdas_and_constructors(self):
        for head in ("class C {\n int f() const override ", "namespace n {\nC::C() : a_(1) ",
                     "struct S {\n public:\n template <class T> auto f(T t) -> int ",
                     "auto f = [](int a) mutable ", "static Result<void> f(struct stat& s) "):
            self.assertTrue(found("functions", {"a.cpp": self.body(80, head)}), head)

    def test_what_is_no_function(self):
        for head in ("class C ", "namespace { ", "const int t[] = ", "enum class E : int ",
                     "struct alignas(64) S : B<int(int)> "):
            self.assertFalse(found("functions", {"a.cpp": self.body(80, head)}), head)

    def test_braces_in_literals_and_comments(self):
        text = "int f() {\n  g('{', \"{{\", 1'000); // {\n}\n" + "int a;\n" * 80
        self.assertFalse(found("functions", {"a.cpp": text}))


class Atomics(unittest.TestCase):
    def check(self, text, violations):
        self.assertEqual(len(found("atomics", {"engine/a.cpp": text})), violations, text)

    def test_orders_are_named(self):
        self.check("a.load();", 1)
        self.check("a->store(f(x));", 1)
        self.check("a.load(std::memory_order_relaxed);", 0)
        self.check("a.fetch_add(\n    1, std::memory_order::relaxed);", 0)
        self.check("// a.load()", 0)

    def test_pairs_are_named(self):
        self.check("a.load(std::memory_order_acquire);", 1)
        self.check("a.load(std::memory_order_acquire);  // pairs with the release in f", 0)
        self.check("// acquire: pairs with g\na.load(std::memory_order_acquire);", 0)
        self.check("// pairs with g\n\n\n\n\na.load(std::memory_order_acquire);", 1)
        self.check("std::atomic_thread_fence(std::memory_order_seq_cst);", 1)

    def test_operators_hide_the_order(self):
        self.check("std::atomic<int> n_{0};\nvoid f() { ++n_; }", 1)
        self.check("std::atomic<int> n_{0};\nvoid f() { n_ = 3; }", 1)
        self.check("std::atomic<int> n_{0};\nvoid f() { n_ += 3; }", 1)
        self.check("struct S { std::atomic<int> n{0}; };\nvoid f(S& s) { ++s.n; }", 1)
        self.check("struct S { std::atomic<int> n{0}; };\nvoid f(S& s) { s.n = 1; }", 1)
        self.check("struct S { std::atomic<int> n{0}; };\nvoid f() { int n = 1; ++n; }", 0)
        self.check("std::atomic<int> n_{0};\nvoid f() { g(n_ == 3); }", 0)


if __name__ == "__main__":
    unittest.main()
