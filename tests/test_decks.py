"""Hand-reasoned cases: for every rule of every rulebook, at least one of each verdict it can have.

A deck is a YAML file in ``decks/`` named for its rulebook. Each entry is one case and one rule: the
reason, worked out by hand from the clause and a calendar; the record; what must be found.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from ownplugins import is_tested_here
from putright import plugins
from putright.auditing.audits import audit
from putright.fields import FIELDS
from putright.files.tables import ROW, ROW_ERROR, Table
from putright.records.caserecords import make_records
from putright.rulebooks import Rulebook, Ruling
from putright.rulebooks.rules import Contents, Extension, Independence, Notice, Question, Timed

HOST = plugins.load()
#: A plugin with tests of its own shows its rules there.
BOOKS = sorted(name for name in HOST.editions if is_tested_here(name))
DECKS = Path(__file__).parent / "decks"
#: A case of each national rulebook names no council and this procedure.
NATIONAL = {
    "lgsco": "corporate",
    "housing": "housing",
    "children-2006": "children",
    "adults-2009": "adults",
    "public-health-2012": "public-health",
}
CHECKED = ("start", "due", "done", "days_taken", "days_over", "edition")
#: ``not_kept`` names fields that the case's whole file lacks; it keeps every other.
KEYS = {"rule", "reason", "case", "as_at", "verdict", "marks", "missing", "not_kept", *CHECKED}
#: Marks that come from the rulebook or the audit, and not from the case.
_ASIDE = ("source_unclear", "before_edition", "after_edition")


@cache
def deck(name: str) -> list[dict[str, Any]]:
    path = DECKS / f"{name}.yaml"
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # every process reads every deck: the quicker one
    entries: list[dict[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), loader)
    return entries


ENTRIES = [(name, entry) for name in BOOKS for entry in deck(name)]


def _identity(value: Any) -> str:
    return f"{value['rule']}: {value['verdict']}: {value['reason']}"[:90] if isinstance(value, dict) else str(value)


@pytest.mark.parametrize(("name", "entry"), ENTRIES, ids=_identity)
def test_case(name: str, entry: dict[str, Any]) -> None:
    assert set(entry) <= KEYS, "an unknown key"
    found = _finding(name, entry)
    assert found["verdict"] == entry["verdict"], _message(name, entry)
    for key in CHECKED:
        if key in entry:
            assert found[key] == entry[key], (key, _message(name, entry))
    marks = [mark for mark in found["marks"] if mark not in _ASIDE]
    assert sorted(marks) == sorted(entry.get("marks", [])), _message(name, entry)
    assert sorted(found["missing"]) == sorted(entry.get("missing", [])), _message(name, entry)


def _message(name: str, entry: dict[str, Any]) -> str:
    return str(_audited([(name, entry)], messages=True)[0]["message"])


def _finding(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    """The finding of an entry, from one audit of all the entries of its deck that have its date and fields."""
    alike = _alike(name, entry["as_at"], tuple(entry.get("not_kept", ())))
    return alike[next(place for place, each in enumerate(deck(name)) if each is entry)]


@cache
def _alike(name: str, as_at: dt.date, not_kept: tuple[str, ...]) -> dict[int, dict[str, Any]]:
    """The findings of a deck's entries of one audit date, by their place in the deck."""
    entries = {
        place: entry
        for place, entry in enumerate(deck(name))
        if (entry["as_at"], tuple(entry.get("not_kept", ()))) == (as_at, not_kept)
    }
    found = _audited([(name, entry) for entry in entries.values()])
    return dict(zip(entries, found, strict=True))


def _audited(entries: list[tuple[str, dict[str, Any]]], *, messages: bool = False) -> list[dict[str, Any]]:
    """The findings of entries of one deck and audit date, audited together."""
    name, first = entries[0]
    council, _, procedure = name.partition(".")
    base = {"council": council, "procedure": procedure}
    if name in NATIONAL:
        base = {"council": "", "procedure": NATIONAL[name]}
    cases = [
        {"reference": str(place)} | base | {key: _text(value) for key, value in entry["case"].items()}
        for place, (_, entry) in enumerate(entries)
    ]
    names = dict.fromkeys(key for case in cases for key in case)
    columns = {key: pl.Series([case.get(key) for case in cases], dtype=pl.String) for key in names}
    rows = {ROW: range(1, len(cases) + 1), ROW_ERROR: pl.Series([None] * len(cases), dtype=pl.String)}
    kept = frozenset(FIELDS) - set(first.get("not_kept", []))
    table = Table(pl.DataFrame(rows | columns), day_first=False)
    records = make_records(table, HOST.vocabulary, None, kept=kept)
    assert records.rejected.is_empty(), records.rejected["message"].to_list()
    findings = audit(records, HOST, first["as_at"], include_not_applicable=True, messages=messages).findings.filter(
        rulebook=name
    )
    by_case = {(row["reference"], row["rule"]): row for row in findings.iter_rows(named=True)}
    return [by_case[str(place), entry["rule"]] for place, (_, entry) in enumerate(entries)]


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(str(item) for item in value)
    if isinstance(value, bool):
        return str(value).lower()
    assert isinstance(value, dt.date | str), f"{value!r}: quote it"
    return str(value)


# --- completeness ---------------------------------------------------------------------------------


def possible(book: Rulebook, ruling: Ruling) -> set[str]:
    """The verdicts a rule can have, that its deck must show."""
    rule = ruling.rule
    if isinstance(rule, Timed) and rule.kind == "window":
        return {"met", "judgement", "no_evidence", "not_applicable"} - _windows_without(rule)
    if isinstance(rule, Timed) and rule.within is None:
        late = {rule.late_verdict} if rule.by else set()
        return {"met", "no_evidence", "not_applicable"} | late
    if isinstance(rule, Timed) and rule.when and rule.when.time_up:
        # Asked for only once the time was up and nothing had ended the stage: never running, never reopened.
        return {"met", rule.late_verdict, "no_evidence", "not_applicable"}
    if isinstance(rule, Timed):
        return {"met", rule.late_verdict, "running", "no_evidence", "judgement", "not_applicable"}
    if isinstance(rule, Notice):
        return {"met", rule.late, "no_evidence", "not_applicable"}
    if isinstance(rule, Independence):
        return {"met", rule.late, "no_evidence", "not_applicable"}
    if isinstance(rule, Question):
        return {"judgement", "not_applicable"}
    if isinstance(rule, Extension):
        extended = book.rulings()[rule.extends].rule
        assert isinstance(extended, Timed)
        return {"met", rule.late or extended.late_verdict, "no_evidence", "not_applicable"} | (
            {"judgement"} if rule.cap == "soft" else set()
        )
    shares = [part.rule for part in ruling.parts if isinstance(part.rule, Contents)]
    asked = {share.lacking for share in shares if not (share.when and share.when.person)}
    return {"met", "no_evidence", "not_applicable"} | asked if asked else {"judgement", "not_applicable"}


def _windows_without(rule: Timed) -> set[str]:
    if rule.rule == "complain-in-time":
        return set() if rule.unless else {"not_applicable"}  # every case was received
    return {"no_evidence"} if rule.rule == "resubmit-in-time" else set()  # it asks for both dates


@pytest.mark.parametrize("name", BOOKS)
def test_deck_is_complete(name: str) -> None:
    (book,) = HOST.editions[name]
    shown: dict[str, set[str]] = {}
    for entry in deck(name):
        shown.setdefault(entry["rule"], set()).add(entry["verdict"])
    lacking = {
        rule: sorted(possible(book, ruling) - shown.get(rule, set()))
        for rule, ruling in book.rulings().items()
        if possible(book, ruling) - shown.get(rule, set())
    }
    assert not lacking
    assert set(shown) <= set(book.rulings())


def test_no_deck_is_for_nothing() -> None:
    assert {path.stem for path in DECKS.glob("*.yaml")} == set(BOOKS)
