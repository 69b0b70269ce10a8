"""The fixtures that pytest finds: what they say when they cannot help, and that they cost others nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from docpages import ROOT

OWN = """\
import sys

def test_nothing_of_putright_was_loaded_for_a_test_that_asks_for_none():
    assert "putright.testing" in sys.modules and "pytest" in sys.modules
    assert not {"putright.plugins", "polars", "pydantic"} & set(sys.modules)
"""
EXPECTED = "def test_expected(putright_expected):\n    putright_expected.check()\n"


def _pytest(folder: Path, text: str, config: str = "[pytest]\n") -> subprocess.CompletedProcess[str]:
    (folder / "test_own.py").write_text(text, "utf-8")
    (folder / "pytest.ini").write_text(config, "utf-8")
    path = os.pathsep.join(place for place in sys.path if place)
    environment = {**os.environ, "PYTHONPATH": path, "PUTRIGHT_PLUGINS": "runnymede"}
    off = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "putright.testing", *off]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_test_that_asks_for_no_fixture_loses_no_time(tmp_path: Path) -> None:
    done = _pytest(tmp_path, OWN)
    assert done.returncode == 0, done.stdout


def test_without_expected_dates_it_says_so(tmp_path: Path) -> None:
    done = _pytest(tmp_path, EXPECTED)
    assert done.returncode != 0
    assert "putright_expected: no rulebook has expected dates: write some under 'expect'" in done.stdout + done.stderr


def test_a_council_that_is_not_installed_is_named(tmp_path: Path) -> None:
    done = _pytest(tmp_path, EXPECTED, "[pytest]\nputright_councils = runymede\n")
    assert done.returncode != 0
    assert "no plugin is named runymede; did you mean 'runnymede'?" in done.stdout + done.stderr


def test_pytest_finds_it_by_its_entry_point_and_nothing_else_needs_pytest() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"putright.testing": "putright.testing"}
    assert not any(need.startswith("pytest") for need in project["dependencies"])
    script = "import sys, putright, putright.cli, putright.api.checks\nsys.exit('pytest' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
