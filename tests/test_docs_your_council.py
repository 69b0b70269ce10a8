"""docs/your-council.md: the whole afternoon, command by command, in a folder of its own."""

from __future__ import annotations

import contextlib
import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import casefiles
import councils
import docpages
import pytest
import yaml
from docpages import DOCS, ROOT

PAGE = DOCS / "your-council.md"
#: What the reader has installed: the handbook, and Scotland's national rulebook for the last part.
INSTALLED = ["handbook", "spso"]


@pytest.mark.slow
def test_every_command_of_the_afternoon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order, with the files that the page shows; pip only has to make the folder findable."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(casefiles, "COUNCILS", [*INSTALLED])
    with contextlib.ExitStack() as stack:

        def pip(*words: str) -> None:
            assert words[:3] == ("install", "--no-deps", "-e")
            stack.enter_context(councils.installed([tmp_path / words[3]]))
            casefiles.COUNCILS.append("slough")

        ran = docpages.run_page(PAGE, tmp_path, programs={"pip": pip, "pytest": _pytest})
    assert ran == sum(len(docpages.commands(block)) for block in docpages.blocks(PAGE) if block.language == "console")
    assert (tmp_path / "findings.xlsx").stat().st_size and (tmp_path / "self-assessment.xlsx").stat().st_size
    assert (tmp_path / "handbook" / "councils" / "slough" / "corporate" / "index.html").is_file()


def _pytest(folder: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "putright.testing", "-p", "no:cacheprovider"]
    path = os.pathsep.join([os.environ["PYTHONPATH"], *filter(None, sys.path)])
    environment = {**os.environ, "PYTHONPATH": path, "PUTRIGHT_PLUGINS": "slough"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "5 passed" in done.stdout, done.stdout


def test_the_rules_are_those_of_the_finished_rulebook() -> None:
    """Where the page has a rule, plugins/slough has the same, but for a note."""
    whole = (ROOT / "plugins" / "slough" / "putright_slough" / "corporate.yaml").read_text("utf-8")
    books = [block.text for block in docpages.blocks(PAGE) if block.file and "rulebook: slough" in block.text]
    rules = {(clause["id"], rule["rule"]): rule for clause, rule in _rules(books[-1])}
    finished = {(clause["id"], rule["rule"]): rule for clause, rule in _rules(whole)}
    assert len(rules) == 4
    for place, rule in rules.items():
        assert rule == {key: value for key, value in finished[place].items() if key != "note"}


def _rules(text: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for clause in yaml.safe_load(text)["clauses"]:
        for rule in clause.get("rules", []):
            yield clause, rule


def test_the_answers_are_those_of_the_plugin_s_own_test() -> None:
    with (ROOT / "plugins" / "slough" / "tests" / "published.csv").open(encoding="utf-8", newline="") as file:
        published = [
            [f"{row['section']} {row['heading']}", row["published"], row["putright"]] for row in csv.DictReader(file)
        ]
    shown = docpages.table(PAGE.read_text("utf-8"), "section of the Code", "the council says", "putright says")
    assert shown == published
