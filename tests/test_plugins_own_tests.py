"""The plugins that are made with the kit alone: their own tests pass, with what any author has."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from docpages import ROOT
from ownplugins import TESTED_BY_THEMSELVES

FOLDERS = sorted(set(TESTED_BY_THEMSELVES.values()))


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_its_own_tests_pass(folder: Path) -> None:
    """In its folder, with its own configuration; only its own plugins are loaded."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    words = [sys.executable, "-m", "pytest", "-q", "-p", "putright.testing", "-p", "no:cacheprovider"]
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "passed" in done.stdout and "skipped" not in done.stdout, done.stdout


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_it_imports_only_what_a_plugin_may_import(folder: Path) -> None:
    """The kit alone: `putright.hookspecs`, and in its tests `putright` and the fixtures."""
    for path in folder.rglob("*.py"):
        found = re.findall(r"^(?:from|import) (putright[\w.]*)", path.read_text("utf-8"), re.MULTILINE)
        assert set(found) <= {"putright.hookspecs", "putright"}, path.relative_to(ROOT)
