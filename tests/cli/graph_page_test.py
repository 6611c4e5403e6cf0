"""The page of `engine deps --format=html` in a real browser: drawn, searched, clicked.
graph_page_test.py ENGINE. Exit 77: no chromium or no chromedriver.

ENGINE_SCREENSHOT names a file for a picture of it."""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

SKIPPED = 77
SCRIPT = """CREATE TABLE customer (id int PRIMARY KEY);
CREATE TABLE "</script><b>odd" (id int PRIMARY KEY, customer int REFERENCES customer (id));
CREATE VIEW spending AS SELECT * FROM customer JOIN "</script><b>odd" USING (id);
CREATE VIEW summary AS SELECT * FROM spending;
"""


class Browser:
    """A session of chromedriver's own protocol (W3C WebDriver)."""

    def __init__(self, driver, profile):
        self.process = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if "started successfully on port" in line:
                self.base = "http://127.0.0.1:" + line.rstrip().rstrip(".").split()[-1]
                break
        options = {"args": ["--headless", "--no-sandbox", "--disable-gpu", "--window-size=1200,800",
                            "--disable-dev-shm-usage", f"--user-data-dir={profile}"]}
        self.base += "/session/" + self.call("POST", "/session", {
            "capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})["sessionId"]

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.base + path, method=method,
                                         data=None if body is None else json.dumps(body).encode())
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def element(self, selector):
        found = self.call("POST", "/element", {"using": "css selector", "value": selector})
        return "/element/" + next(iter(found.values()))

    def texts(self, selector):
        found = self.call("POST", "/elements", {"using": "css selector", "value": selector})
        return [self.call("GET", f"/element/{next(iter(one.values()))}/text") for one in found]

    def close(self):
        try:
            self.call("DELETE", "")
        finally:
            self.process.terminate()
            self.process.wait()


def check(found, expected, what):
    if found != expected:
        print(f"{what}: {found!r}, not {expected!r}")
        sys.exit(1)


def drive(browser, page):
    browser.call("POST", "/url", {"url": page.as_uri()})
    check(sorted(browser.texts(".node text")),
          ["</script><b>odd", "</script><b>odd: (foreign_key)", "</script><b>odd: (primary_key)",
           "customer", "customer: (primary_key)", "spending", "summary"], "all that is drawn")
    browser.call("POST", browser.element("#search") + "/value", {"text": "SPEND"})
    check(browser.texts("#found button span"), ["spending"], "what is found")
    browser.call("POST", browser.element("#found button") + "/click", {})
    check(sorted(browser.texts(".node text")),
          ["</script><b>odd", "customer", "spending", "summary"], "what lies around it")
    check(browser.texts(".node.selected text"), ["spending"], "what is selected")
    details = browser.call("GET", browser.element("#details") + "/text")
    check([line for line in ("reads customer (line 3)", "summary reads it", "s.sql:3")
           if line not in details], [], "what is not told of it")
    at = browser.call("POST", "/execute/sync", {
        "script": "return document.querySelector('#graph g').getAttribute('transform')",
        "args": []})
    browser.call("POST", "/actions", {"actions": [
        {"type": "wheel", "id": "wheel", "actions": [
            {"type": "scroll", "x": 800, "y": 400, "deltaX": 0, "deltaY": -200, "duration": 0}]}]})
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        now = browser.call("POST", "/execute/sync", {
            "script": "return document.querySelector('#graph g').getAttribute('transform')",
            "args": []})
        if now != at:
            break
        time.sleep(0.1)
    check(now != at, True, "the wheel zooms")
    other = browser.call("POST", "/execute/sync", {
        "script": "return [...document.querySelectorAll('.node')].find("
                  "one => one.querySelector('text').textContent == 'customer').dataset.id",
        "args": []})
    browser.call("POST", browser.element(f".node[data-id='{other}']") + "/click", {})
    check(browser.texts(".node.selected text"), ["customer"], "what a click selects")


def main():
    driver, chromium = shutil.which("chromedriver"), shutil.which("chromium")
    if not driver or not chromium:
        print("chromium and chromium-driver are not installed")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory(prefix="engine-page-") as directory:
        folder = pathlib.Path(directory)
        folder.joinpath("in").mkdir()
        folder.joinpath("in/s.sql").write_text(SCRIPT)
        engine = [sys.argv[1]]
        subprocess.run([*engine, "--dialect=postgresql", folder / "in", folder / "out"],
                       check=True, capture_output=True)
        mermaid = subprocess.run([*engine, "deps", folder / "out", "--format=mermaid"],
                                 check=True, capture_output=True, text=True).stdout
        check("#60;/script#62;#60;b#62;odd" in mermaid and "<" not in mermaid, True,
              f"a name in Mermaid is no HTML: {mermaid}")
        page = folder / "page.html"
        page.write_bytes(subprocess.run([*engine, "deps", folder / "out", "--format=html"],
                                        check=True, capture_output=True).stdout)
        browser = Browser(driver, folder / "profile")
        try:
            drive(browser, page)
            if "ENGINE_SCREENSHOT" in os.environ:
                picture = base64.b64decode(browser.call("GET", "/screenshot"))
                pathlib.Path(os.environ["ENGINE_SCREENSHOT"]).write_bytes(picture)
        finally:
            browser.close()


main()
