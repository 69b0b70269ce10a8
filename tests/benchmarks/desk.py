"""How long the desk takes from the choice of a file to the first page of findings, and how much memory it holds.

``nox -s benchmark`` runs it; results go to ``desk.md`` next to this file. With numbers as arguments, so many cases
instead of 600 and 100,000. Pages are asked for as a browser without script does.
"""

from __future__ import annotations

import datetime as dt
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from benchmark import AS_AT, write

RESULTS = Path(__file__).with_name("desk.md")
SIZES = (600, 100_000)
#: What a page of findings is asked to be chosen by.
CHOSEN = ("?verdict=breach", "?stage=2", "?verdict=judgement&stage=1", "?verdict=met&page=1000")
_BOUNDARY = "a-file"


class Visitor:
    """Somebody who uses a desk."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "putright", "desk", "--no-open"]
        self.desk = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.desk.stdout is not None
        self._root, _, token = self.desk.stdout.readline().strip().partition("/?")
        self._cookie = ""
        self._cookie = self.ask("GET", f"/?{token}")[1]["set-cookie"].partition(";")[0]
        self.peak = 0
        threading.Thread(target=self._watch, daemon=True).start()

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, dict[str, str], bytes]:
        """One request, and its answer."""
        connection = http.client.HTTPConnection(self._root.removeprefix("http://"), timeout=600)
        headers = {"Cookie": self._cookie, "Origin": self._root}
        if body is not None:
            headers["Content-Type"] = f"multipart/form-data; boundary={_BOUNDARY}"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def page(self, path: str) -> str:
        """A page, once nothing is being worked out; where it leads on, that page. Gives its address."""
        while True:
            status, headers, text = self.ask("GET", path)
            if status == 303:
                path = headers["location"]
            elif b"<progress" not in text:
                return path

    def _watch(self) -> None:
        while self.desk.poll() is None:
            try:
                desk = psutil.Process(self.desk.pid)
                held = sum(each.memory_info().rss for each in (desk, *desk.children(recursive=True)))
            except psutil.Error:
                continue
            self.peak = max(self.peak, held)
            time.sleep(0.1)


def measured(cases: Path) -> tuple[float, list[float], float]:
    """Seconds to the first findings, seconds of each choice, and peak GiB of the desk with all its processes."""
    visitor = Visitor()
    try:
        visitor.page("/")
        time.sleep(5)  # while an officer looks for the file, a process gets ready
        start = time.perf_counter()
        begun = visitor.ask("POST", "/runs", _form(cases))[1]["location"]
        rows = visitor.page(begun)
        findings = rows.replace("/rows", "/findings")
        visitor.page(findings)
        first = time.perf_counter() - start
        choices = []
        for chosen in CHOSEN:
            start = time.perf_counter()
            visitor.page(findings + chosen)
            choices.append(time.perf_counter() - start)
        return first, choices, visitor.peak / 2**30
    finally:
        visitor.desk.terminate()
        visitor.desk.wait()


def _form(cases: Path) -> bytes:
    """The first page's form, filled in."""
    parts = b"".join(
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in {"council": "coventry", "as_at": AS_AT.isoformat()}.items()
    )
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{cases.name}"\r\n\r\n'.encode()
    return parts + head + cases.read_bytes() + f"\r\n--{_BOUNDARY}--\r\n".encode()


def main(sizes: tuple[int, ...]) -> None:
    """Measure, print and write."""
    lines = [
        "# How long the desk takes",
        "",
        f"{dt.date.today()}, {os.cpu_count()} cores. From the choice of a file in putright's own layout to the first",
        "page of findings, and from a choice of findings to their page (the middle and the longest of four).",
        "",
        "| cases in the file | seconds to findings | a choice, middle | a choice, longest | peak GiB |",
        "|---|---|---|---|---|",
    ]
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            cases = Path(name) / "cases.csv"
            write(size, cases)
            first, choices, peak = measured(cases)
            cells = (
                f"{size:,}", f"{first:.1f}", f"{statistics.median(choices):.2f}", f"{max(choices):.2f}", f"{peak:.2f}",
            )  # fmt: skip
            lines.append(f"| {' | '.join(cells)} |")
            print(lines[-1], flush=True)
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
