"""Which edition of a rulebook judges: by the day received, or by the day of each stage (contract 2.3)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import putright
import pytest
from putright import national
from putright.hookspecs import hookimpl
from putright.plugins import Host, build
from putright.rulebooks.reading import RulebookError

BOOK = """\
rulebook: glen.corporate
title: Complaints
authority: Glen Council
edition: {edition}
in_force: {in_force}
edition_by: {by}
days_off: next_working_day
source: {{document: Made up for tests}}
owner: Complaints team
clauses:
  - id: "1"
    heading: Answering
    text: Both answers.
    rules:
      - {{rule: complain-in-time, kind: window, from: matter_known, to: received, within: {days} months}}
      - {{rule: respond-stage1, kind: deadline, from: received, to: stage1_responded, within: {days} working days}}
      - {{rule: request-stage2, kind: window, from: stage1_responded, to: stage2_requested, within: {days} weeks}}
      - {{rule: respond-stage2, kind: deadline, from: stage2_requested, to: stage2_responded,
         within: {days} working days}}
"""
RULES = ("complain-in-time", "respond-stage1", "request-stage2", "respond-stage2")


class Glen:
    """A council with two editions: 5 of everything up to the end of May 2026, 10 from then to the end of 2026."""

    def __init__(self, folder: Path, first: str, second: str) -> None:
        self.paths = []
        for edition, by, in_force, days in (
            ("old", first, "{from: 2026-01-01, to: 2026-05-31}", 5),
            ("new", second, "{from: 2026-06-01, to: 2026-12-31}", 10),
        ):
            path = folder / f"{edition}.yaml"
            path.write_text(BOOK.format(edition=edition, by=by, in_force=in_force, days=days), encoding="utf-8")
            self.paths.append(path)

    @hookimpl
    def putright_rulebooks(self) -> list[Path]:
        return self.paths


def host(folder: Path, first: str, second: str) -> Host:
    return build([("national", national, "1"), ("glen", Glen(folder, first, second), "1")])


def findings(
    folder: Path, by: str, case: dict[str, Any], as_at: dt.date = dt.date(2026, 9, 30)
) -> list[dict[str, Any]]:
    made = host(folder, by, by)
    records = putright.Records.from_dicts([{"reference": "A"} | case], made, council="glen")
    audit = putright.audit(records, made, as_at=as_at, include_not_applicable=True)
    return [each for each in audit.findings.to_dicts() if each["rulebook"] == "glen.corporate"]


MAY, JUNE = dt.date(2026, 5, 4), dt.date(2026, 6, 15)
ANSWERED = {"received": MAY, "matter_known": MAY, "stage1_responded": dt.date(2026, 5, 8)}
#: What chooses, the case, and the edition of each rule in the order of RULES.
EDITIONS = [
    ("received", ANSWERED | {"stage2_requested": JUNE}, "old old old old"),
    ("stage", ANSWERED | {"stage2_requested": JUNE}, "old old new new"),
    ("stage", ANSWERED | {"stage2_requested": dt.date(2026, 5, 29)}, "old old old old"),
    ("stage", ANSWERED, "old old old old"),
    ("stage", {"received": JUNE, "matter_known": MAY, "stage2_requested": JUNE}, "new new new new"),
    ("stage", ANSWERED | {"flags": ["straight_to_stage2"], "stage1_responded": None}, "old old old old"),
]


@pytest.mark.parametrize(("by", "case", "editions"), EDITIONS)
def test_one_edition_judges_each_rule(tmp_path: Path, by: str, case: dict[str, Any], editions: str) -> None:
    found = findings(tmp_path, by, case)
    assert [each["rule"] for each in found] == sorted(RULES, key=list(RULES).index), "each rule once"
    assert [each["edition"] for each in found] == editions.split()


def test_the_due_date_is_that_of_the_edition(tmp_path: Path) -> None:
    case = ANSWERED | {"stage2_requested": JUNE, "stage2_responded": dt.date(2026, 6, 29)}
    by_stage = {each["rule"]: (each["verdict"], each["due"]) for each in findings(tmp_path, "stage", case)}
    by_receipt = {each["rule"]: (each["verdict"], each["due"]) for each in findings(tmp_path, "received", case)}
    assert by_stage["respond-stage2"] == ("met", dt.date(2026, 6, 29))
    assert by_receipt["respond-stage2"] == ("breach", dt.date(2026, 6, 22))
    assert by_stage["respond-stage1"] == by_receipt["respond-stage1"] == ("met", dt.date(2026, 5, 12))


def test_before_and_after_go_by_the_same_day(tmp_path: Path) -> None:
    case = {
        "received": dt.date(2025, 12, 1),
        "stage1_responded": dt.date(2025, 12, 4),
        "stage2_requested": dt.date(2027, 1, 4),
        "stage2_responded": dt.date(2027, 1, 11),
    }
    found = {each["rule"]: each for each in findings(tmp_path, "stage", case, dt.date(2027, 2, 1))}
    assert (found["respond-stage1"]["edition"], found["respond-stage1"]["marks"]) == ("old", ["before_edition"])
    assert (found["respond-stage2"]["edition"], found["respond-stage2"]["marks"]) == ("new", ["after_edition"])


def test_only_editions_that_judged_are_named(tmp_path: Path) -> None:
    made = host(tmp_path, "stage", "stage")
    records = putright.Records.from_dicts([{"reference": "A"} | ANSWERED], made, council="glen")
    summary = putright.audit(records, made, as_at=dt.date(2026, 9, 30)).summary
    assert [each["editions"] for each in summary["rulebooks"] if each["rulebook"] == "glen.corporate"] == [["old"]]


def test_due_goes_by_the_same_editions(tmp_path: Path) -> None:
    made = host(tmp_path, "stage", "stage")
    events = {"stage2_requested": JUNE}
    dates = putright.due(made, "glen", received=MAY, events=events)
    found = {each.rule: (each.edition, each.due) for each in dates if each.rulebook == "glen.corporate"}
    assert found["respond-stage1"] == ("old", dt.date(2026, 5, 12))
    assert found["respond-stage2"] == ("new", dt.date(2026, 6, 29))


def test_all_editions_are_chosen_alike(tmp_path: Path) -> None:
    with pytest.raises(RulebookError) as caught:
        host(tmp_path, "received", "stage")
    assert "new.yaml:6:" in str(caught.value)
    assert "edition 'old' has 'edition_by: received', and 'new' 'stage': give all editions the same" in str(
        caught.value
    )
