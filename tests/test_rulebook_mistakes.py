"""What an officer may get wrong in a rulebook: each mistake says where it is, the value found and what is allowed."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import get_args

import pytest
import yaml
from putright import fields
from putright.checking.checks import check
from putright.plugins import load
from putright.rulebooks import Topic
from putright.rulebooks.reading import RulebookError, examine, read_rulebook
from putright.rulebooks.rules import KINDS

BASE = """\
rulebook: testshire.corporate
title: Complaints
authority: Testshire Council
edition: April 2026
in_force: {from: 2026-04-01}
source: {document: Complaints policy}
governed_by: [lgsco]
days_off: next_working_day
owner: Complaints team
clauses:
  - id: "1.1"
    heading: Acknowledging
    who: Complaints team
    topic: stage 1
    text: We acknowledge a complaint in 5 working days.
    rules:
      - rule: acknowledge-stage1
        kind: deadline
        from: received
        to: stage1_acknowledged
        within: 5 working days
        answers: [lgsco 6.2]
  - id: "1.2"
    heading: Responding
    topic: stage 1
    text: We respond in 10 working days.
    rules:
      - rule: respond-stage1
        kind: deadline
        from: stage1_acknowledged
        to: stage1_responded
        within: 10 working days
      - rule: extend-stage1
        kind: extension
        extends: respond-stage1
        by: 10 working days
        cap: soft
        beyond_cap: [reason]
      - rule: response-stage1-contents
        kind: contents
        holds: [decision, reasons]
        if: {outcome: [upheld]}
"""

LIMIT = (
    "'within': expected a number from 1 to 999 and a unit, for example '10 working days', '28 calendar days', "
    "'2 weeks', '12 months' or '6 months inclusive'"
)
DATE = "must be a date between 1900 and 2199, written as 22/11/2026 or 2026-11-22"
LIST = "must be a list: [one, another], or each on a line of its own after '- '"
NAME = (
    "must be a name in lower case: letters, digits and '-', for a council with '.' and its procedure after it "
    "('corporate', 'children', 'adults', 'housing', 'public-health' or the council's own), for example "
    "'newtown.corporate'"
)
TOPICS = ", ".join(get_args(Topic))
DATES = ", ".join(sorted(fields.DATES))

SAID = {
    "LIMIT": LIMIT,
    "DATE": DATE,
    "LIST": LIST,
    "NAME": NAME,
    "TOPICS": TOPICS,
    "DATES": DATES,
    "KINDS": ", ".join(KINDS),
}
TABLE = yaml.safe_load((Path(__file__).parent / "mistakes" / "rulebook.yaml").read_text("utf-8"))


def write(folder: Path, text: str, name: str = "book.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_rulebook_without_a_mistake_has_none(tmp_path: Path) -> None:
    assert not examine(write(tmp_path, BASE)).problems


@pytest.mark.parametrize("row", TABLE, ids=lambda row: " ".join(row["into"].split()) or "nothing")
def test_a_mistake_says_where_what_and_what_to_do(tmp_path: Path, row: dict[str, str]) -> None:
    assert row["change"] in BASE
    path = write(tmp_path, BASE.replace(row["change"], row["into"], 1))
    problems = examine(path).problems
    found = [(problem.place, problem.sentence.removeprefix(f"clause {problem.clause}: ")) for problem in problems]
    says = re.sub(r"\{([A-Z]+)\}", lambda match: SAID[match[1]], row["says"])
    assert (f"{path}:{row['at']}", says) in found
    with pytest.raises(RulebookError) as caught:
        read_rulebook(path)
    assert str(caught.value).splitlines() == [str(problem) for problem in problems]


def test_the_table_has_at_least_the_57_mistakes_that_were_tried() -> None:
    assert len({(row["change"], row["into"]) for row in TABLE}) >= 57


@pytest.mark.parametrize(
    ("good", "bad"),
    [('id: "1.2"', "id: 1.20"), ("authority: Testshire Council", "authority: yes"), ('id: "1.2"', "id: 2026-04-01")],
)
def test_what_yaml_would_take_for_a_number_a_date_or_true_stays_text(tmp_path: Path, good: str, bad: str) -> None:
    book = read_rulebook(write(tmp_path, BASE.replace(good, bad, 1)))
    assert bad.split(": ")[1] in (book.authority, book.clauses[1].id)


def test_mistakes_of_every_kind_are_found_together(tmp_path: Path) -> None:
    """A key twice, a wrong rule, a word, a clause twice and a rule that fits no other: all at once, and no more."""
    text = BASE
    for good, bad in [
        ("owner: Complaints team", "owner: Complaints team\nowner: Me"),
        ("within: 5 working days", "within: five"),
        ("holds: [decision, reasons]", "holds: [desicion]"),
        ('id: "1.2"', 'id: "1.1"'),
        ("by: 10 working days", "by: 10 months"),
    ]:
        text = text.replace(good, bad, 1)
    said = [problem.message for problem in examine(write(tmp_path, text)).problems]
    assert len(said) == 5
    for part in (
        "'owner' appears twice",
        "'within': expected",
        "'desicion' is not",
        "this 'id' appears twice",
        "months",
    ):
        assert any(part in each for each in said), part


def test_a_rule_that_rests_on_a_wrong_one_is_not_called_wrong(tmp_path: Path) -> None:
    text = BASE.replace("within: 10 working days", "within: ten")
    assert len(examine(write(tmp_path, text)).problems) == 1


def test_a_mistake_in_an_included_file_names_that_file(tmp_path: Path) -> None:
    shared = 'clauses:\n  - {id: "0.1", heading: A, text: B, rules: [{rule: extend-stage2, kind: extension, by: any, '
    shared += "cap: none, extends: respond-stage2}]}\n"
    other = write(tmp_path, shared, "shared.yaml")
    path = write(tmp_path, BASE.replace("clauses:", "include: [shared.yaml]\nclauses:", 1))
    (problem,) = examine(path).problems
    assert (problem.file, problem.line, problem.clause, problem.rule) == (other, 2, "0.1", "extend-stage2")


def test_a_file_of_clauses_by_another_name_is_suggested(tmp_path: Path) -> None:
    write(tmp_path, "clauses: []\n", "general.yaml")
    path = write(tmp_path, BASE.replace("clauses:", "include: [General.yml]\nclauses:", 1))
    assert "there is no file 'General.yml'; did you mean 'general.yaml'?" in str(examine(path).problems[0])


EDITIONS = [
    ("to: 2026-03-30", "edition 'old' ends on 2026-03-30, and 'April 2026' begins on 2026-04-01"),
    ("to: 2026-04-01", "edition 'old' ends on 2026-04-01, and 'April 2026' begins on 2026-04-01"),
    ("from: 2025-04-01", "edition 'old' has no last day ('in_force: {to: …}'), and 'April 2026' begins on 2026-04-01"),
]


@pytest.mark.parametrize(("days", "message"), EDITIONS)
def test_editions_that_overlap_or_leave_a_gap(tmp_path: Path, days: str, message: str) -> None:
    new = write(tmp_path, BASE, "new.yaml")
    text = BASE.replace("from: 2026-04-01", days, 1).replace("edition: April 2026", "edition: old")
    old = write(tmp_path, text, "old.yaml")
    (problem,) = check(load([]), [str(old), str(new)], dt.date(2026, 6, 1)).mistakes
    assert message in problem.message and (problem.file, problem.line) == (new, 5)


def test_a_file_to_include_is_not_taken_for_a_rulebook(tmp_path: Path) -> None:
    path = write(tmp_path, 'clauses:\n  - {id: "1", heading: A, text: B}\n')
    (problem,) = examine(path).problems
    assert problem.message.startswith("this is a file of clauses, for rulebooks to include")
