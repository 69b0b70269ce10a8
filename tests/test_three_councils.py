"""What the rulebooks of Brighton & Hove, Runnymede and Stoke-on-Trent say of their own reach: actors, flags, doubts.

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
from putright.rulebooks import Rulebook, short_doubt

HOST = plugins.load()
COUNCILS = ("brighton-hove", "runnymede", "stoke-on-trent")
BOOKS = {council: HOST.editions[f"{council}.corporate"][0] for council in COUNCILS}
BRIGHTON, RUNNYMEDE, STOKE = BOOKS.values()
AS_AT = dt.date(2026, 9, 30)

#: council, rule, who acts, where the document says so; 'the council' where it says 'we' or nobody
ACTORS = [
    ("brighton-hove", "complain-in-time", "the complainant", "Appendix B, line 267"),
    ("brighton-hove", "resolve-informally", "the service team", "6, line 50"),
    ("brighton-hove", "refusal-contents", "the council", "Appendix B, line 273"),
    ("brighton-hove", "acknowledge-stage1", "Customer Feedback Team", "7, line 69"),
    ("brighton-hove", "acknowledgement-stage1-contents", "Customer Feedback Team", "7, line 69"),
    ("brighton-hove", "respond-stage1", "the service team", "7, line 79; 9, line 149"),
    ("brighton-hove", "extend-stage1", "the service team", "7, line 79"),
    ("brighton-hove", "extension-stage1-contents", "the service team", "7, line 79"),
    ("brighton-hove", "response-stage1-contents", "the service team", "7, line 85"),
    ("brighton-hove", "acknowledge-stage2", "Customer Feedback Team", "7, line 106"),
    ("brighton-hove", "refusal-stage2-contents", "Customer Feedback Team", "7, line 117"),
    ("brighton-hove", "notify-department", "Customer Feedback Manager", "7, line 121"),
    ("brighton-hove", "respond-stage2", "Customer Feedback Manager", "7, lines 125 and 129"),
    ("brighton-hove", "extend-stage2", "Customer Feedback Team", "7, line 129"),
    ("brighton-hove", "response-stage2-contents", "Customer Feedback Manager", "7, line 125"),
    ("runnymede", "complain-in-time", "the complainant", "2.15(3)"),
    ("runnymede", "consent", "a person who complains for somebody else", "9.2"),
    ("runnymede", "acknowledge-stage1", "the council", "2.14(1)"),
    ("runnymede", "respond-stage1", "the Corporate Head concerned", "2.11"),
    ("runnymede", "extend-stage1", "the Corporate Head concerned", "2.11"),
    ("runnymede", "acknowledge-stage2", "the council", "2.14(4)"),
    ("runnymede", "respond-stage2", "the council", "2.14(5)"),
    ("runnymede", "response-stage2-contents", "the council", "2.15(11)"),
    ("stoke-on-trent", "complain-in-time", "the complainant", "Excluded complaints, line 92"),
    ("stoke-on-trent", "consent", "the council", "Contacting, line 54"),
    ("stoke-on-trent", "acknowledge-stage1", "the council", "Stage 1, line 119"),
    ("stoke-on-trent", "respond-stage1", "the council", "Stage 1, line 131"),
    ("stoke-on-trent", "request-stage2", "the complainant", "Stage 2, line 155"),
    ("stoke-on-trent", "acknowledge-stage2", "the council", "Stage 2, line 157"),
    (
        "stoke-on-trent",
        "independence-stage2",
        "an independent officer of the Feedback Team, with a senior manager",
        "Stage 2, line 153",
    ),
    ("stoke-on-trent", "respond-stage2", "the council", "Stage 2, line 161"),
]


@pytest.mark.parametrize(("council", "rule", "who", "where"), ACTORS, ids=[f"{each[0]} {each[1]}" for each in ACTORS])
def test_who_acts(council: str, rule: str, who: str, where: str) -> None:
    assert BOOKS[council].rulings()[rule].who == who, where


def findings(council: str, **case: str) -> list[dict[str, object]]:
    """The findings on one case of a council, national ones included; its file keeps every field."""
    record = {"reference": "1", "council": council, "procedure": "corporate", **case}
    row_error = pl.Series([None], dtype=pl.String)
    frame = pl.DataFrame({ROW: [1], ROW_ERROR: row_error, **{k: [v] for k, v in record.items()}})
    records = make_records(Table(frame, day_first=False), HOST.vocabulary, None, kept=frozenset(FIELDS))
    return audit(records, HOST, AS_AT).findings.to_dicts()


def test_runnymede_leaves_landlord_complaints_to_another_policy() -> None:
    """1.2 (lines 19 to 22): the Housing Committee approved a policy of its own for them."""
    case = {"received": "2026-06-01", "stage1_acknowledged": "2026-06-15"}
    assert "runnymede.corporate" in {found["rulebook"] for found in findings("runnymede", **case)}
    assert "runnymede.corporate" not in {found["rulebook"] for found in findings("runnymede", flags="landlord", **case)}


def test_all_that_runnymede_finds_is_marked_as_read_from_a_report() -> None:
    case = {"received": "2026-06-01", "stage1_acknowledged": "2026-06-15", "stage1_responded": "2026-06-22"}
    own = [found for found in findings("runnymede", **case) if found["rulebook"] == "runnymede.corporate"]
    assert own
    for found in own:
        assert "source_unclear" in found["marks"]  # type: ignore[operator]
        assert "read from a committee report" in str(found["message"])


def test_all_that_brighton_finds_says_that_the_procedure_is_superseded() -> None:
    case = {"received": "2026-06-01", "stage1_acknowledged": "2026-06-15", "stage1_responded": "2026-06-22"}
    own = [found for found in findings("brighton-hove", **case) if found["rulebook"] == "brighton-hove.corporate"]
    assert own
    for found in own:
        assert "source_unclear" in found["marks"]  # type: ignore[operator]
        assert "superseded by a newer policy" in str(found["message"])


@pytest.mark.parametrize(("book", "last"), [(RUNNYMEDE, "2027-03-31"), (STOKE, "2028-03-31"), (BRIGHTON, "")])
def test_the_last_day_that_a_council_can_have(book: Rulebook, last: str) -> None:
    """West Surrey takes over from Runnymede on 1 April 2027; Staffordshire's councils end by 1 April 2028."""
    assert str(book.last_day or "") == last


def test_brighton_has_no_rule_of_its_own_on_who_considers_stage_2() -> None:
    """The Ombudsman's Code is used to judge it, and says so."""
    assert "independence-stage2" not in BRIGHTON.rulings()
    case = {"received": "2026-03-02", "stage2_requested": "2026-04-28", "stage2_responded": "2026-05-22"}
    found = findings("brighton-hove", **case, stage1_handler="A", stage2_handler="A")
    assert {each["rulebook"] for each in found if each["rule"] == "independence-stage2"} == {"lgsco"}


@pytest.mark.parametrize("book", BOOKS.values(), ids=COUNCILS)
def test_a_day_off_is_read_both_ways(book: Rulebook) -> None:
    """None of the documents says what an event on a day that is not a working day means."""
    rules = [part.rule for ruling in book.rulings().values() for part in ruling.parts]
    assert book.days_off == "either"
    assert not [rule for rule in rules if getattr(rule, "days_off", None)]


@pytest.mark.parametrize("book", BOOKS.values(), ids=COUNCILS)
def test_the_first_sentence_of_a_doubt_is_short(book: Rulebook) -> None:
    """A finding shows only that sentence, as part of one of its own."""
    for ruling in book.rulings().values():
        for doubt in ruling.unclear:
            short = short_doubt(doubt)
            assert len(short) <= 130, short
            assert ". " not in short, short
