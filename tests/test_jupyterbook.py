"""Jupyter Book runs on Node.js and may reach this machine alone; without what it needs there is a sentence."""

from __future__ import annotations

import http.server
import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from putright.documents import jupyterbook

#: What a program on Node.js may try, and how it tells what came of it.
TRIED = """
const tell = (name, said) => console.log(JSON.stringify([name, String(said)]));
const why = (error) => String(error.cause ?? error);
const home = process.argv[1];
(async () => {
  tell("home", await (await fetch(home)).text());
  for (const [name, where] of [["name", "http://putright.invalid/"], ["address", "http://192.0.2.1/"],
                               ["secure", "https://192.0.2.1/"], ["six", "http://[2001:db8::1]/"]]) {
    await fetch(where).then(() => tell(name, "reached"), (error) => tell(name, why(error)));
  }
  await new Promise((done) => require("net").connect(443, "192.0.2.1").on("error", (error) => {
    tell("socket", error); done(); }));
  await new Promise((done) => require("dns").lookup("putright.invalid", (error) => { tell("lookup", error); done(); }));
  await require("dns").promises.resolve("putright.invalid").catch((error) => tell("resolve", error));
  try { require("dgram").createSocket("udp4").send("x", 53, "192.0.2.1"); } catch (error) { tell("datagram", error); }
  process.exit(0);
})();
"""


class _Says(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"here")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def home() -> Iterator[str]:
    """The address of a server on this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Says) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.node
def test_node_reaches_this_machine_and_no_other(home: str) -> None:
    done = subprocess.run(
        ["node", "-e", TRIED, home],
        env=jupyterbook._environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said = dict(json.loads(line) for line in done.stdout.splitlines())
    assert said.pop("home") == "here"
    assert set(said) == {"name", "address", "secure", "six", "socket", "lookup", "resolve", "datagram"}
    assert all("putright refuses a connection" in words for words in said.values()), said


@pytest.mark.node
def test_what_starts_another_node_is_held_too(home: str) -> None:
    inner = f"require('child_process').spawnSync(process.execPath, ['-e', {TRIED!r}, '{home}'], {{stdio: 'inherit'}})"
    inner = inner.replace(repr(TRIED), json.dumps(TRIED))
    done = subprocess.run(
        ["node", "-e", inner], env=jupyterbook._environment(), capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.count("putright refuses a connection") == 8


def test_options_of_the_user_s_own_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODE_OPTIONS", "--max-old-space-size=512")
    assert jupyterbook._environment()["NODE_OPTIONS"].startswith("--max-old-space-size=512 --require ")


@pytest.mark.parametrize("version", [None, f"v{jupyterbook.NODE - 2}.1.0", "nonsense"])
def test_without_the_right_node_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str | None
) -> None:
    if version:
        node = tmp_path / "node"
        node.write_text(f"#!/bin/sh\necho {version}\n", "utf-8")
        node.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(jupyterbook.JupyterBookError, match=f"needs Node.js {jupyterbook.NODE} or later"):
        jupyterbook.check_tools()
