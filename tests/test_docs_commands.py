"""docs/commands.md: every command and every option is there, and the examples run."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import docpages
import pytest
from casefiles import COUNCILS
from docpages import DOCS, ROOT
from putright import cli, hookspecs

PAGE = "commands.md"
_ALL = cli._parser()
PARSERS = next(dict(action.choices) for action in _ALL._actions if isinstance(action, argparse._SubParsersAction))
#: Examples that take seconds and that docs/using.md has word for word: test_documents.py runs them there.
_README = re.findall(r"^\$ (putright .+)$", (ROOT / "docs" / "using.md").read_text("utf-8"), re.MULTILINE)
COSTLY = [line for line in _README if re.match(r"putright (annual|notebooks|handbook|audit .*--output \w+/)", line)]
#: These go on until they are stopped: test_desk_guard.py runs them.
DESKS = re.findall(r"^\$ (putright desk.*)$", (DOCS / PAGE).read_text("utf-8"), re.MULTILINE)


def test_a_heading_for_each_command_and_none_besides() -> None:
    headings = [section.title for section in docpages.sections(PAGE) if section.level == 2]
    assert set(headings) == {"Options of every command", "Environment", *PARSERS}
    assert len(headings) == len(set(headings))


@pytest.mark.parametrize("command", PARSERS)
def test_a_command_has_its_options_and_an_example(command: str) -> None:
    text = docpages.section(PAGE, command).text
    rows = docpages.table(text, "argument or option", "meaning")
    named = {word.split()[0] for row in rows for word in docpages.words(row[0])}
    options = {option for action in PARSERS[command]._actions for option in action.option_strings}
    assert named >= options - {"-h", "--help"}
    assert {name for name in named if name.startswith("-")} <= options
    assert f"$ putright {command}" in text
    assert text.strip()[0].isupper(), "say what it is for before the table"


def test_the_options_of_every_command_and_the_environment() -> None:
    rows = docpages.table(docpages.section(PAGE, "Options of every command").text, "option", "meaning")
    named = {word.split()[0] for row in rows for word in docpages.words(row[0])}
    assert named == {option for action in _ALL._actions for option in action.option_strings}
    rows = docpages.table(docpages.section(PAGE, "Environment").text, "variable", "meaning")
    read = {
        name
        for path in (ROOT / "checker").rglob("*.py")
        for name in re.findall(r'"(PUTRIGHT_[A-Z_]+)"', path.read_text("utf-8"))
    }
    assert {docpages.words(row[0])[0] for row in rows} == read
    assert hookspecs.ALLOW_LIST in read


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("casefiles.COUNCILS", [*COUNCILS, "runnymede"])
    count = docpages.run_page(DOCS / PAGE, tmp_path, skip=[*COSTLY, *DESKS])
    assert count > 15
