"""docs/contract.md: every citation of it resolves, every word of the code is in it, and its examples are true."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import casefiles
import docpages
import pytest
import yaml
from casefiles import EVERY_FIELD, audit, audit_whole, case, council, run, write
from docpages import ROOT
from putright import cli, fields
from putright.auditing.findings import COLUMNS, MARKS, VERDICTS
from putright.casework import waivers
from putright.records.rejections import REJECTED
from putright.rulebooks.limits import DaysOff
from putright.rulebooks.rules import KINDS

PAGE = "contract.md"
TEXT = docpages.text_of(PAGE)
NUMBERS = [section.number for section in docpages.sections(PAGE) if section.number]

# --- citations ------------------------------------------------------------------------------------

_CITED = re.compile(r"\b[Cc]ontract\s+(\d+(?:\.\d+)*)(?: to (\d+(?:\.\d+)*))?")
#: Ways to cite the contract that are no longer used.
_OLD = {
    "a section of Counting": re.compile(r"\bCounting \d"),
    "a section by its old title": re.compile(r"'(Verdicts|Counting|Nothing is lost|A case record|A finding)'"),
    "the old name": re.compile(r"case-record contract|case-records\.md"),
    "a folder outside the project": re.compile(r"(?<![\w/-])shared/(design|reference|register|wording|seeds)"),
    "a second number without 'contract'": re.compile(r"\b[Cc]ontract \d[\d.]*(, | and )\d+\.\d"),
}
_FOLDERS = ("checker", "handbook", "plugins", "tests", "notebooks", "docs")


def _sources() -> Iterator[Path]:
    for folder in _FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".yaml", ".md") and path != Path(__file__) and "build" not in path.parts:
                yield path
    yield from (path for path in sorted(ROOT.glob("*")) if path.suffix in (".py", ".md"))


SOURCES = {path: path.read_text("utf-8") for path in _sources()}


def test_each_citation_is_a_heading_of_the_contract() -> None:
    cited = {
        f"{path.relative_to(ROOT)}: contract {number}": number
        for path, text in SOURCES.items()
        for match in _CITED.finditer(text)
        for number in match.groups()
        if number
    }
    assert len(cited) > 40
    assert [where for where, number in cited.items() if number not in NUMBERS] == []


@pytest.mark.parametrize("what", _OLD)
def test_no_old_citation_is_left(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
        for path, text in SOURCES.items()
        for match in _OLD[what].finditer(text)
    ]
    assert found == []


def test_the_numbers_run_on() -> None:
    """No number is left out or given twice, and the nine rules of counting keep theirs."""
    for number in NUMBERS:
        *above, last = number.split(".")
        before = ".".join([*above, str(int(last) - 1)])
        assert last == "1" or before in NUMBERS, number
    assert len(NUMBERS) == len(set(NUMBERS))
    assert {f"4.{n}" for n in range(1, 10)} <= set(NUMBERS)


# --- the words of the code ------------------------------------------------------------------------


def _first_words(number: str, *headings: str) -> list[str]:
    """The code words in the first column of the tables of a section."""
    rows = docpages.table(docpages.section(PAGE, number).text, *headings)
    return [word for row in rows for word in docpages.words(row[0])]


def _per_stage(number: str, *headings: str) -> list[str]:
    """The names of a table with a column of stages, ``N`` replaced by each."""
    found = []
    for name, stages, *_ in docpages.table(docpages.section(PAGE, number).text, *headings):
        word = docpages.words(name)[0]
        found += [word.replace("stageN", f"stage{n}") for n in stages.split(", ")] if stages else [word]
    return found


def test_fields() -> None:
    named = [*_first_words("1.3", "field", "type"), *_per_stage("1.4", "field", "stages")]
    assert len(named) == len(set(named))
    assert set(named) == set(fields.FIELDS)


def test_each_field_has_the_type_of_the_code() -> None:
    kinds = {
        "date": {fields.Type.DATE},
        "text": {fields.Type.TEXT},
        "true or false": {fields.Type.BOOLEAN},
        "list": {fields.Type.CONTENTS, fields.Type.FLAGS},
        "pounds": {fields.Type.POUNDS},
        "list of ISO 8601 intervals": {fields.Type.HOLDS},
    }
    for name, kind, *_ in docpages.table(docpages.section(PAGE, "1.3").text, "field", "type"):
        field = fields.FIELDS.get(name.strip("`"))
        if field and kind.split(",")[0] in kinds:
            assert field.type in kinds[kind.split(",")[0]], name
            assert field.required == ("required" in kind), name
    for name, stages, kind, _ in docpages.table(docpages.section(PAGE, "1.4").text, "field", "stages"):
        field = fields.FIELDS.get(name.strip("`").replace("N", stages[-1]))
        if field and kind in kinds:
            assert field.type in kinds[kind], name


def test_procedures_outcomes_and_flags() -> None:
    procedure, outcome = (
        next(row for row in docpages.table(docpages.section(PAGE, number).text, "field") if row[0] == f"`{name}`")
        for number, name in (("1.3", "procedure"), ("1.4", "stageN_outcome"))
    )
    assert tuple(docpages.words(procedure[1])) == fields.PROCEDURES
    assert tuple(docpages.words(outcome[2])) == fields.OUTCOMES
    assert tuple(docpages.words(docpages.section(PAGE, "1.7").text)) == tuple(fields.FLAGS)


def test_words_for_letters_each_with_its_meaning() -> None:
    rows = docpages.table(docpages.section(PAGE, "1.6").text, "word", "meaning")
    named = {row[0].strip("`"): row[1] for row in rows}
    assert list(named) == list(fields.CONTENTS)
    assert all(named.values())


def test_the_national_rulebook_of_each_procedure() -> None:
    rows = docpages.table(docpages.section(PAGE, "2.2").text, "procedure", "national rulebook")
    assert {docpages.words(left)[0]: docpages.words(right)[0] for left, right in rows} == fields.NATIONAL


def test_days_off() -> None:
    assert set(_first_words("4.1", "`days_off`")) == set(DaysOff.__args__)  # type: ignore[attr-defined]


def test_verdicts_marks_and_kinds() -> None:
    assert set(_first_words("5.1", "verdict", "meaning")) == set(VERDICTS)
    assert set(_first_words("6.3", "mark", "meaning")) == set(MARKS)
    assert set(_first_words("6.5", "kind")) == set(KINDS)


def test_columns_of_a_finding() -> None:
    assert _first_words("6.2", "column", "meaning") == list(COLUMNS)
    assert {"link", *waivers.COLUMNS} <= set(docpages.words(docpages.section(PAGE, "6.2").text))


def test_rules() -> None:
    named = _per_stage("6.4", "rule", "stages")
    assert sorted(named) == sorted(fields.RULES)


def test_the_order_of_steps() -> None:
    text = docpages.section(PAGE, "5.3").text
    said = re.split(r",\s+", text.partition("order: ")[2].partition(".")[0])
    every = ("requested", "request_refused", "acknowledged", "department_notified", "statement_agreed")
    every += ("extension_notified", "panel_invited", "panel_met", "panel_reported", "responded")
    assert [step.replace(" ", "_") for step in said] == list(every)
    for stage in fields.STAGES:
        own = [step.removeprefix(f"stage{stage}_") for step in fields.steps(stage)]
        assert own == [step for step in every if step in own]


def test_rejected_rows_and_the_summary(tmp_path: Path) -> None:
    assert set(docpages.words(docpages.section(PAGE, "7.4").text)) == {"--rejected FILE", *REJECTED}
    summary = audit_whole(write(tmp_path / "cases.jsonl", [case("received=2026-03-02")])).summary
    said = set(docpages.words(docpages.section(PAGE, "7.6").text))
    assert said == {*summary, *summary["reconciliation"], "waivers", "--waivers"}


# --- the command line -----------------------------------------------------------------------------


def _options() -> list[tuple[str, str]]:
    """(command, option) of every option there is."""
    parsers = next(action.choices for action in cli._parser()._actions if action.choices and "audit" in action.choices)
    return [
        (name, option)
        for name, parser in parsers.items()
        for action in parser._actions
        for option in action.option_strings
    ]


def test_every_fixed_option_is_one_of_the_program() -> None:
    there = {option for _, option in _options()}
    rows = docpages.table(docpages.section(PAGE, "7.2").text, "option")
    named = {word.split()[0] for row in rows for word in docpages.words(row[0])}
    assert named <= there
    assert {"--as-at", "--from", "--to", "--summary", "--rejected", "--mapping", "--all", "--strict"} <= named
    everywhere = {word.split()[0] for word in docpages.words(TEXT) if word.startswith("--")}
    assert everywhere - {"--from/--to"} <= there


def test_every_fixed_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file of one case; the committee pack, which takes seconds and is in the README too, is only understood."""
    block = next(block for block in docpages.blocks(docpages.DOCS / PAGE) if block.language == "console")
    commands = docpages.commands(block)
    assert [command.words[1] for command in commands] == ["audit", "audit", "explain", "due", "assess"]
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "cases.jsonl", [case("received=2026-06-01")])
    for command in commands:
        words = [{"CASES": "cases.jsonl", "REFERENCE": "A1"}.get(word, word) for word in command.words[1:]]
        cli._parser().parse_args(words)
        if "pack/" not in words:
            result = run(*words)
            assert result.code == 0, result.err
            assert result.out
    keys = docpages.words(docpages.section(PAGE, "7.1").text.rpartition("keys ")[2])
    assert len(keys) == 5
    assert set(keys) <= set(json.loads(result.out)[0])


# --- examples -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Example:
    """A rulebook's rules and one row of the table under them."""

    line: int
    rules: list[dict[str, Any]]
    record: str
    as_at: str
    finding: str

    @property
    def case(self) -> dict[str, Any]:
        """The record; ``without`` a field is one that the file does not keep."""
        case: dict[str, Any] = dict(EVERY_FIELD)
        for pair in self.record.split(", "):
            name, value = pair.split(" ", 1)
            if name == "without":
                del case[value]
            else:
                assert name in fields.FIELDS, name
                case[name] = value
        return case

    @property
    def expected(self) -> tuple[str, dict[str, Any]]:
        """The rule that the finding is of, and what is said of it; marks are always compared."""
        rule, colon, rest = self.finding.partition(": ")
        parts = (rest if colon else self.finding).split(", ")
        expected: dict[str, Any] = {"verdict": parts[0], "marks": []}
        for part in parts[1:]:
            if part in MARKS:
                expected["marks"].append(part)
                continue
            name, value = part.split(" ")
            assert name in COLUMNS, name
            expected[name] = None if value == "-" else int(value) if name.startswith("days") else value
            if name == "missing":
                expected[name] = [value]
        return rule if colon else self.rules[0]["rule"], expected


def _examples() -> Iterator[Example]:
    lines = TEXT.splitlines()
    for block in docpages.blocks(docpages.DOCS / PAGE):
        if block.language != "yaml":
            continue
        rules = yaml.safe_load(block.text)
        number = block.line + block.text.count("\n") + 3
        assert lines[number - 1].startswith("| the record | audit date |"), f"{block.place}: a table is missing"
        number += 2
        while number <= len(lines) and lines[number - 1].startswith("|"):
            record, as_at, finding = (cell.strip() for cell in lines[number - 1].strip("|").split("|"))
            yield Example(number, rules if isinstance(rules, list) else [rules], record, as_at, finding)
            number += 1


EXAMPLES = list(_examples())


def _book(name: str, rules: list[dict[str, Any]]) -> str:
    rules = [dict(rule) for rule in rules]
    held = [1] if any(rule.pop("holds", None) for rule in rules if rule["kind"] == "deadline") else []
    clause = {"id": "1", "heading": "A", "text": "A.", "stops_clock_of": held, "rules": rules}
    head = {"rulebook": name, "title": "A", "authority": "A", "edition": "A", "owner": "A"}
    return yaml.safe_dump({**head, "days_off": "next_working_day", "source": {"document": "A"}, "clauses": [clause]})


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, Any]]:
    """The finding of each example by its line: an audit for each audit date and set of fields."""
    folder = tmp_path_factory.mktemp("examples")
    found: dict[int, dict[str, Any]] = {}
    sets = {repr(example.rules): example.rules for example in EXAMPLES}
    names = {key: f"example{place}" for place, key in enumerate(sets)}
    groups: dict[tuple[str, tuple[str, ...]], list[Example]] = {}
    for example in EXAMPLES:
        groups.setdefault((example.as_at, tuple(example.case)), []).append(example)
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.object(casefiles, "COUNCILS", []))
        for key, name in names.items():
            stack.enter_context(council(folder / name, name, [_book(f"{name}.corporate", sets[key])]))
        for (as_at, _), group in groups.items():
            cases = [{**each.case, "reference": str(each.line), "council": names[repr(each.rules)]} for each in group]
            result = audit(write(folder / "cases.jsonl", cases), "--all", as_at=as_at)
            assert result.code == 0, result.err
            for finding in result.lines:
                if finding["rulebook"] == f"{finding['council']}.corporate":
                    found.setdefault(int(finding["reference"]), {})[finding["rule"]] = finding
    return found


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"line {example.line}")
def test_an_example_is_true(findings: dict[int, dict[str, Any]], example: Example) -> None:
    rule, expected = example.expected
    finding = findings[example.line][rule]
    assert {name: finding[name] for name in expected} == expected, finding["message"]


def test_each_rule_of_counting_has_an_example() -> None:
    starts = {section.number: section.line for section in docpages.sections(PAGE) if section.number}
    for n in range(1, 10):
        end = starts.get(f"4.{n + 1}", starts["5"])
        assert any(starts[f"4.{n}"] < example.line < end for example in EXAMPLES), f"4.{n}"
