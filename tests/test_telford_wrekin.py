"""What Telford & Wrekin's rulebooks say of their own reach: actors, flags, doubts and exclusions.

Each is from the council's document; the decks have the verdicts.
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from putright import plugins
from putright.auditing.audits import audit
from putright.fields import FIELDS
from putright.files.tables import ROW, ROW_ERROR, Table
from putright.records.caserecords import make_records

HOST = plugins.load()
(CORPORATE,) = HOST.editions["telford-wrekin.corporate"]
(CHILDREN,) = HOST.editions["telford-wrekin.children"]
AS_AT = dt.date(2026, 9, 30)

#: rule, who acts, the clause or table row that says so
ACTORS = [
    ("complain-in-time", "the complainant", "4.5"),
    ("start-at-stage2", "Complaints Manager", "15 para 2.6"),
    ("acknowledge-stage1", "Customer Relationship Team", "6.9.2, 6.13 step 2"),
    ("acknowledgement-stage1-contents", "Customer Relationship Team", "6.9.2, 6.13 step 2"),
    ("notify-department", "Customer Relationship Team", "6.13 step 3"),
    ("extend-stage1", "Customer Relationship Team", "6.9.8"),
    ("respond-stage1", "investigating officer", "6.9.2, 6.9.8, 6.9.9"),
    ("response-stage1-contents", "investigating officer; Service Delivery Manager", "6.9.2, 6.9.9; 6.13 step 4"),
    ("request-stage2", "the complainant", "6.13, stage 2, step 1"),
    ("acknowledge-stage2", "Customer Relationship Team", "6.13, stage 2, step 2"),
    ("acknowledgement-stage2-contents", "Customer Relationship Team", "6.13, stage 2, step 2"),
    ("independence-stage2", "Senior Formal Complaints Investigator", "6.10.1"),
    ("extend-stage2", "Senior Formal Complaints Investigator", "6.13, stage 2, step 3"),
    ("extension-stage2-contents", "Senior Formal Complaints Investigator", "6.13, stage 2, step 3"),
    ("respond-stage2", "Senior Formal Complaints Investigator", "6.10.4, 6.13, stage 2, step 5"),
    ("response-stage2-contents", "Senior Formal Complaints Investigator", "6.13, stage 2, step 5"),
    ("agree-action-plan", "Senior Formal Complaints Investigator", "6.13, stage 2, step 6"),
]


@pytest.mark.parametrize(("rule", "who", "where"), ACTORS, ids=[rule for rule, _, _ in ACTORS])
def test_who_acts(rule: str, who: str, where: str) -> None:
    assert CORPORATE.rulings()[rule].who == who, where


def findings(procedure: str, **case: str) -> dict[str, dict[str, object]]:
    """The findings of the council's own rulebook on one case, by rule; its file keeps every field."""
    record = {"reference": "1", "council": "telford-wrekin", "procedure": procedure, **case}
    row_error = pl.Series([None], dtype=pl.String)
    frame = pl.DataFrame({ROW: [1], ROW_ERROR: row_error, **{k: [v] for k, v in record.items()}})
    table = Table(frame, day_first=False)
    records = make_records(table, HOST.vocabulary, None, kept=frozenset(FIELDS))
    found = audit(records, HOST, AS_AT, include_not_applicable=True).findings.filter(
        rulebook=f"telford-wrekin.{procedure}"
    )
    return {row["rule"]: row for row in found.to_dicts()}


def test_appendix_a_judges_only_complaints_about_exploitation() -> None:
    """Lines 513 to 583: the guide is for these complaints, so the Regulations alone judge any other."""
    case = {"received": "2026-06-01", "stage1_acknowledged": "2026-06-08"}
    assert findings("children", **case) == {}
    assert findings("children", flags="cse", **case)["acknowledge-stage1"]["verdict"] == "breach"


@pytest.mark.parametrize("stage", [1, 2])
def test_a_hold_brings_its_doubt(stage: int) -> None:
    """5.3 (line 184) and 6.9.7 (line 264) do not say that a hold stops the clock."""
    case = {f"stage{stage}_acknowledged": "2026-06-04", "received": "2026-06-02"}
    if stage == 2:
        case["stage2_requested"] = "2026-06-03"
    held = findings("corporate", **case, **{f"stage{stage}_holds": "2026-06-05/2026-06-12"})
    assert "source_unclear" in held[f"respond-stage{stage}"]["marks"]  # type: ignore[operator]


def test_an_exclusion_keeps_its_condition() -> None:
    """5.2, lines 168 to 171: only where there is a right of appeal."""
    matters = [each.matter for clause in CORPORATE.clauses for each in clause.excludes]
    for subject in ("enforcement", "parking", "licensing", "planning decisions"):
        assert all("appeal" in matter for matter in matters if subject in matter), subject
    assert not [matter for matter in matters if matter.startswith("special educational needs")]


def test_a_day_off_is_read_both_ways() -> None:
    """The document does not say what an event on a day that is not a working day means."""
    for book in (CORPORATE, CHILDREN):
        rules = [part.rule for ruling in book.rulings().values() for part in ruling.parts]
        assert book.days_off == "either"
        assert not [rule for rule in rules if getattr(rule, "days_off", None)]


def test_the_first_sentence_of_a_doubt_is_short() -> None:
    """A finding shows only that sentence."""
    for book in (CORPORATE, CHILDREN):
        for ruling in book.rulings().values():
            for doubt in ruling.unclear:
                assert len(doubt.split(". ")[0]) <= 125, doubt
