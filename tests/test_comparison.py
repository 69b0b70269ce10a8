"""Councils side by side: every cell is what the rulebook says, and every difference is said in words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import casefiles
import councils
import openpyxl
import pytest
from casefiles import Result, council, run
from putright import fields, plugins
from putright.policy import comparison
from putright.policy.comparison import Comparison

COUNCILS = ["coventry", "telford-wrekin", "brighton-hove", "stoke-on-trent", "runnymede"]


@pytest.fixture(autouse=True)
def every_council(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casefiles, "COUNCILS", list(COUNCILS))


def data(*arguments: str) -> dict[str, Any]:
    result = run("compare", *arguments, "--format", "json")
    assert result.code == 0, result.err
    found: dict[str, Any] = json.loads(result.out)
    return found


@pytest.fixture(scope="module")
def corporate() -> Comparison:
    return comparison.compare(plugins.load(), COUNCILS)


def step(found: dict[str, Any], rule: str) -> dict[str, Any]:
    (row,) = [row for row in found["steps"] if row["rule"] == rule]
    return dict(row)


# --- cells, as the sources have them ----------------------------------------------------------------

#: rule, column, limit, what it counts from, kind, clause
CELLS = """
    acknowledge-stage1 | lgsco          | 5 working days  | receipt                     | deadline | 6.2
    acknowledge-stage1 | housing        | 5 working days  | receipt                     | deadline | 6.2
    acknowledge-stage1 | coventry       | 5 working days  | receipt                     | deadline | 13.6
    acknowledge-stage1 | brighton-hove  | 2 working days  | receipt                     | deadline | 7 (acknowledging)
    acknowledge-stage1 | telford-wrekin | 2 working days  | receipt                     | deadline | 6.9.2
    respond-stage1     | lgsco          | 10 working days | the stage 1 acknowledgement | deadline | 6.3
    respond-stage1     | brighton-hove  | 10 working days | receipt                     | deadline | 7 (replying)
    respond-stage1     | stoke-on-trent | 10 working days | the stage 1 acknowledgement | aim      | Stage 1
    respond-stage2     | brighton-hove  | 20 working days | the stage 2 request         | aim      | 7 (stage 2)
    respond-stage2     | runnymede      | 20 working days | the stage 2 acknowledgement | deadline | 2.14(5)
    request-stage2     | coventry       | 20 working days | the stage 1 response        | window   | 14.2
    request-stage2     | stoke-on-trent | 10 working days | the stage 1 response        | window   | Stage 2
    request-stage2     | lgsco          | nothing
    request-stage2-limit | coventry     | 6 months        | the stage 1 response        | window   | 14.4
    triage             | coventry       | 1 working day   | receipt                     | deadline | App C
    triage             | runnymede      | nothing
    consent            | coventry       | by the stage 1 acknowledgement | -            | deadline | 7.4
    acknowledge-withdrawal | coventry   | no time limit   | -                           | deadline | 11.1/11.2
    complain-in-time   | telford-wrekin | 12 months       | the matter arising          | window   | 4.5
    independence-stage2 | coventry      | -               | -                           | independence | 14.8
"""


@pytest.mark.parametrize("line", CELLS.split("\n")[1:-1], ids=lambda line: "-".join(line.split()[0:3:2]))
def test_a_cell_is_what_the_rulebook_says(line: str, corporate: Comparison) -> None:
    rule, column, *expected = (part.strip() for part in line.split("|"))
    name = column if column in ("lgsco", "housing") else f"{column}.corporate"
    cell = step(corporate.as_data(), rule)["cells"][name]
    if expected == ["nothing"]:
        assert cell is None
    else:
        assert [cell[key] or "-" for key in ("limit", "from", "kind", "clause")] == expected


#: rule, council, how it compares with the Code
BESIDE = [
    ("acknowledge-stage1", "coventry", []),
    ("acknowledge-stage1", "brighton-hove", ["ends sooner than that of lgsco, or on the same day"]),
    ("respond-stage1", "coventry", [
        "up to 10 working days more, and no longer, "
        "where lgsco allows up to 10 working days more, and longer only for good reason"]),
    ("respond-stage1", "telford-wrekin", []),
    ("respond-stage1", "brighton-hove", [
        "ends sooner than that of lgsco, or on the same day",
        "more time, with no limit, where lgsco allows up to 10 working days more, "
        "and longer only for good reason"]),
    ("respond-stage1", "stoke-on-trent", [
        "an aim, where lgsco has a deadline",
        "more time as agreed with the person, where lgsco allows up to 10 working days more, "
        "and longer only for good reason"]),
    ("triage", "coventry", ["lgsco has no such step"]),
    ("triage", "runnymede", []),
    ("independence-stage2", "runnymede", ["lgsco has this step"]),
    ("independence-stage2", "coventry", []),
    ("extension-stage1-contents", "runnymede", ["without, of what lgsco asks: new_date"]),
    ("extension-stage1-contents", "brighton-hove", [
        "without, of what lgsco asks: ombudsman", "besides what lgsco asks: apology"]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "name", "expected"), BESIDE, ids=[f"{rule}-{name}" for rule, name, _ in BESIDE])
def test_how_a_council_lies_to_its_code(rule: str, name: str, expected: list[str], corporate: Comparison) -> None:
    assert step(corporate.as_data(), rule)["beside"][f"{name}.corporate"] == expected


@pytest.mark.parametrize("procedure", ["corporate", "children", "adults"])
def test_every_rule_of_every_column_is_in_its_row(procedure: str) -> None:
    host = plugins.load()
    found = comparison.compare(host, COUNCILS, procedure)
    rules = [row.rule for row in found.steps]
    assert rules == [rule for rule in fields.RULES if rule in set(rules)], "the rows run as a case does"
    assert not any(rule.startswith("extend-") for rule in rules), "part of the step extended"
    for book in found.columns:
        told = {row.rule: row.cells[book.rulebook] for row in found.steps}
        for name, ruling in book.rulings().items():
            if name.startswith("extend-"):
                cell = told[ruling.rule.extends]  # type: ignore[attr-defined]
                assert cell is not None and cell.extension_clause == ruling.clause
            else:
                cell = told.pop(name)
                assert cell is not None and cell.clause == ruling.clause
                assert set(ruling.unclear) <= set(cell.unclear)
        assert not any(cell for name, cell in told.items() if name not in book.rulings())


@pytest.mark.parametrize("procedure", ["corporate", "children"])
def test_every_clause_with_a_topic_is_under_it(procedure: str) -> None:
    found = comparison.compare(plugins.load(), COUNCILS, procedure)
    for book in found.columns:
        told = [(row.topic, clause.id) for row in found.topics for clause in row.cells[book.rulebook]]
        assert sorted(told) == sorted((clause.topic, clause.id) for clause in book.clauses if clause.topic)
    for row in found.topics:
        for book in found.columns:
            lacking = row.differs.removeprefix("nothing in ").split(", ")
            assert (book.rulebook.split(".")[0] in lacking) == (not row.cells[book.rulebook])


# --- differences in words ---------------------------------------------------------------------------

BOOK = """
rulebook: {name}.corporate
title: Made up
authority: {name}
edition: first
source: {{document: Made up for tests}}
owner: Tests
governed_by: []
clauses:
  - {{id: "1", heading: Stage 1, text: One step., who: {who}, rules: [{rules}]}}
"""
#: A rule that every one of these is compared with.
PLAIN = (
    "{rule: respond-stage1, kind: deadline, from: received, to: stage1_responded, within: 10 working days}, "
    "{rule: extend-stage1, kind: extension, extends: respond-stage1, by: 10 working days, cap: hard}"
)
LETTER = "{rule: refusal-contents, kind: contents, holds: [explanation, ombudsman]}"
ALIKE = [
    (PLAIN, PLAIN, "the same in all"),
    (PLAIN, PLAIN.replace("within: 10", "within: 15"), "limit differs"),
    (PLAIN, PLAIN.replace("from: received", "from: stage1_acknowledged"), "what it counts from differs"),
    (PLAIN, PLAIN.replace("deadline", "aim"), "force differs"),
    (PLAIN, PLAIN.replace("hard", "soft"), "extension differs"),
    (PLAIN, PLAIN.split(", {")[0], "extension differs"),
    (PLAIN, PLAIN.replace("10", "15").replace("deadline", "aim"), "limit, extension, force differ"),
    (PLAIN, PLAIN.replace("days}", "days, unless: {flag: fraud}}", 1), "conditions differ"),
    (PLAIN, "", "nothing in beta"),
    (LETTER, LETTER, "the same in all"),
    (LETTER, LETTER.replace("explanation, ombudsman", "ombudsman, explanation"), "the same in all"),
    (LETTER, LETTER.replace(", ombudsman", ""), "contents differ"),
    (LETTER, LETTER.replace("]}", "], if: {flag: fraud}}"), "conditions differ"),
]


@pytest.fixture
def pair(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Two councils of the test's own; the words expected of their first row."""
    one, other, expected = request.param
    books = {"alpha": one, "beta": other or "{rule: triage, kind: aim, from: received, to: triaged}"}
    with (
        council(tmp_path / "a", "alpha", [BOOK.format(name="alpha", who="Ann", rules=books["alpha"])]),
        council(tmp_path / "b", "beta", [BOOK.format(name="beta", who="Team B", rules=books["beta"])]),
    ):
        yield expected


@pytest.mark.parametrize("pair", ALIKE, indirect=True, ids=[f"{number} {row[2]}" for number, row in enumerate(ALIKE)])
def test_what_differs_is_said_in_words(pair: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casefiles, "COUNCILS", ["alpha", "beta"])
    found = data("alpha", "beta")
    row = next(row for row in found["steps"] if row["rule"] in ("respond-stage1", "refusal-contents"))
    assert row["differs"] == pair
    assert row["beside"] == {}
    assert row["cells"]["alpha.corporate"]["who"] == ["Ann"]


# --- the command ------------------------------------------------------------------------------------


def test_the_terminal_shows_every_row_and_column_without_colour() -> None:
    result = run("compare", *COUNCILS)
    assert result.code == 0, result.err
    assert "\x1b" not in result.out
    words = " ".join(result.out.split())
    assert all(f"{name} (" in words for name in ["lgsco", "housing", "coventry", "runnymede"])
    assert "acknowledge stage 1" in words and "Differs: lgsco has no such step." in words
    assert "Who: Service Recovery" in words and "Clause 13.6" in words


def test_a_council_without_the_procedure_is_reported() -> None:
    found = data("coventry", "runnymede", "telford-wrekin", "--procedure", "children")
    assert found["without"] == ["There is no children procedure of runnymede here."]
    names = [column["rulebook"] for column in found["columns"]]
    assert names == ["children-2006", "coventry.children", "telford-wrekin.children"]
    shown = run("compare", "coventry", "runnymede", "--procedure", "children")
    assert "There is no children procedure of runnymede here." in shown.out


def test_a_council_named_twice_is_one_column() -> None:
    names = [column["rulebook"] for column in data("Coventry", "coventry ")["columns"]]
    assert names == ["lgsco", "coventry.corporate"]


def test_files_hold_what_the_terminal_does(tmp_path: Path) -> None:
    for ending in ("json", "xlsx"):
        result = run("compare", "coventry", "runnymede", "--output", tmp_path / f"side.{ending}")
        assert result.code == 0, result.err
        assert f"side.{ending}" in result.out
    whole = data("coventry", "runnymede")
    assert json.loads((tmp_path / "side.json").read_text("utf-8")) == whole
    book = openpyxl.load_workbook(tmp_path / "side.xlsx")
    assert book.sheetnames == ["steps", "topics", "in doubt"]
    steps, topics, whole_documents = (
        [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets
    )
    assert steps[0] == [
        "step",
        "what differs",
        "lgsco (February 2024)",
        "coventry (March 2025)",
        "runnymede (July 2024)",
    ]
    assert [row[:2] for row in steps[1:]] == [[row["asks"], row["differs"]] for row in whole["steps"]]
    place = [row["rule"] for row in whole["steps"]].index("acknowledge-stage1")
    assert steps[place + 1][3] == (
        "5 working days from receipt; a start on a day off counts from that day itself\n"
        "Who: Service Recovery team\nClause 13.6"
    )
    assert [row[0] for row in topics[1:]] == [row["topic"] for row in whole["topics"]]
    told = [doubt for column in whole["columns"] for doubt in column["doubts"]]
    assert [row[1] for row in whole_documents[1:]] == told
    headings = [clause["heading"] for clause in whole["topics"][0]["cells"]["coventry.corporate"]]
    assert all(heading in str(topics[1][3]) for heading in headings)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}


MISTAKES = [
    (["atlantis"], "no plugin is a council named 'atlantis'; known: "),
    (["coventry", "--procedure", "planning"], "no procedure is named 'planning'; known: corporate,"),
    (["runnymede", "stoke-on-trent", "--procedure", "children"],
     "there is no children procedure of runnymede or stoke-on-trent here"),
    (["coventry", "--output", "side.pdf"], "--output side.pdf: give a file ending in .json or .xlsx."),
    (["coventry", "--output", "nowhere/side.json"], "cannot be written"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "said"), MISTAKES, ids=[" ".join(each) for each, _ in MISTAKES])
def test_a_mistake_is_one_clear_sentence(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result: Result = run("compare", *arguments)
    assert result.code == 2
    assert said in result.err and len(result.err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_closure_days_are_told_where_they_make_a_limit_later(tmp_path: Path) -> None:
    """Contract 4.2: on limits that are not in working days they say nothing."""
    shutford = next(each for each in councils.COUNCILS if each.name == "shutford")
    with councils.installed([councils.write(shutford, tmp_path)]):
        found = comparison.compare(plugins.load(["shutford"]), ["shutford"])
    beside = {row.rule: row.beside["shutford.corporate"] for row in found.steps}
    assert beside["acknowledge-stage1"] == [
        "later than lgsco allows where the council's closure days fall, which lgsco counts: from 18 December 2026, "
        "4 January 2027 and not 29 December 2026"
    ]
    assert not any("closure days" in said for said in beside["complain-in-time"])
