"""docs/files.md: every key of every file that people write, and of what putright writes, is there and no other."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docpages
import pytest
from casefiles import COUNCILS, audit_whole, case, run, write
from docpages import ROOT
from putright.casework import waivers
from putright.disclosure import figuresfile
from putright.mapping import mappingfile, reading
from putright.statistics import supplied
from pydantic import BaseModel

PAGE = "files.md"


def _keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def _first(title: str, *headings: str) -> list[str]:
    rows = docpages.table(docpages.section(PAGE, title).text, *headings)
    return [docpages.words(row[0])[0] for row in rows]


@pytest.mark.parametrize(
    ("title", "heading", "model"),
    [
        ("Mapping", "key", mappingfile.Mapping),
        ("Mapping", "key of a field", mappingfile.Source),
        ("Mapping", "key of `stage`", mappingfile.StageColumn),
        ("Mapping", "key of one of `events`", mappingfile.Target),
        ("Mapping", "key of `status`", mappingfile.Status),
        ("Mapping", "key of `words`", mappingfile.Words),
        ("Supplied figures", "key", supplied.Supplied),
        ("Waivers", "key of a waiver", waivers.Waiver),
        ("Published figures", "key", figuresfile.PublishedFigures),
    ],
    ids=str,
)
def test_every_key_of_a_file(title: str, heading: str, model: type[BaseModel]) -> None:
    named = _first(title, heading)
    assert len(named) == len(set(named))
    assert set(named) == _keys(model)


def test_every_key_within_supplied_and_published_figures() -> None:
    for title, module in (("Supplied figures", supplied), ("Published figures", figuresfile)):
        words = set(docpages.words(docpages.section(PAGE, title).text))
        words |= {word.strip('{"').split('"')[0].split(":")[0] for word in words}
        models = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, BaseModel)]
        for model in models:
            assert _keys(model) <= words, model.__name__


def _example(name: str) -> str:
    text = docpages.text_of(PAGE)
    return text.partition(f"<!-- example: {name} -->\n```yaml\n")[2].partition("```")[0]


@pytest.mark.parametrize(
    ("name", "read"),
    [("mapping", reading.read_mapping), ("supplied", supplied.read_supplied), ("waivers", waivers.read_waivers)],
)
def test_an_example_is_read_without_a_mistake(tmp_path: Path, name: str, read: Callable[[Path], Any]) -> None:
    path = tmp_path / f"{name}.yaml"
    path.write_text(_example(name), "utf-8")
    assert read(path)


# --- what putright writes -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two audits of a file of two cases, a sheet to fill in, and a document."""
    folder = tmp_path_factory.mktemp("files")
    records = [
        case("reference=A1 council=coventry received=2026-06-01 stage1_acknowledged=2026-06-03"),
        case("reference=A2 council=coventry received=2026-06-22"),
    ]
    cases = write(folder / "cases.jsonl", records)
    for name, as_at in (("before", "2026-06-05"), ("after", "2026-06-30")):
        assert run("audit", cases, "--as-at", as_at, "--output", folder / f"{name}.jsonl").code == 0
    assert run("handcheck", folder / "after.jsonl", "--cases", "1", "--output", folder / "sheet.xlsx").code == 0
    (folder / "policy.md").write_text("13.6 We acknowledge complaints within five working days.\n", "utf-8")
    shutil.copy(ROOT / "tests" / "books" / "doubtville.yaml", folder / "warned.yaml")
    return folder


#: How to ask each command for JSON.
ASKED = {
    "explain": "cases.jsonl A1 --as-at 2026-06-30",
    "due": "--council coventry --received 2026-12-18",
    "watch": "cases.jsonl --as-at 2026-06-23",
    "changes": "before.jsonl after.jsonl",
    "handcheck": "--read sheet.xlsx",
    "check": "warned.yaml",
    "verify": "coventry --procedure corporate --document policy.md",
    "assess": "coventry --procedure corporate",
    "compare": "coventry runnymede",
    "rules": "--council coventry",
    "plugins": "",
    "reviews": "--as-at 2026-02-01",
}


@pytest.mark.parametrize("command", ASKED)
def test_the_json_of_a_command(folder: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr("casefiles.COUNCILS", [*COUNCILS, "runnymede"])
    result = run(command, *ASKED[command].split(), "--format", "json")
    assert result.code == 0, result.err
    found = json.loads(result.out)
    row = next(
        row
        for row in docpages.table(docpages.section(PAGE, "JSON of the commands").text, "command", "what it is")
        if row[0] == f"`{command}`"
    )
    assert isinstance(found, list if row[1] == "a list" else dict)
    assert docpages.words(row[2]) == list(found[0] if isinstance(found, list) else found)


def test_every_command_that_writes_json_is_there() -> None:
    rows = docpages.table(docpages.section(PAGE, "JSON of the commands").text, "command", "what it is")
    named = {docpages.words(row[0])[0] for row in rows}
    offered = {
        section.title
        for section in docpages.sections("commands.md")
        if any("json}" in row[0] or ",json," in row[0] for row in docpages.table(section.text, "argument or option"))
    }
    assert named == offered == set(ASKED)


def test_how_complete_the_data_is(tmp_path: Path) -> None:
    summary = audit_whole(write(tmp_path / "cases.jsonl", [case("received=2026-03-02")])).summary
    assert _first("The summary", "key of `data_quality`") == list(summary["data_quality"])


def test_the_receipt_of_published_figures_and_the_figures(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    result = run(
        "audit", "cases.jsonl", "--council", "coventry", "--as-at", "2026-06-30", "--publish", "--output", "out/"
    )
    assert result.code == 0, result.err
    receipt = json.loads((folder / "out" / "receipt.json").read_text("utf-8"))
    text = docpages.section(PAGE, "Receipt").text
    assert set(docpages.words(text)) - {"receipt.json", "file", "sha256"} == set(receipt)
    assert set(receipt["outputs"][0]) == {"file", "sha256"}
    figures = json.loads((folder / "out" / "figures.json").read_text("utf-8"))
    assert _first("Published figures", "key") == list(figures)
