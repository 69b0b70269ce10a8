"""The columnar engine against the brute-force oracle, which was written apart from it.

Whatever the case, whatever the rulebook and whatever fields the file keeps, both must give every rule
the same verdict, dates, days, marks and missing words.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import oracle
import pytest
from casemaking import OWN, as_records, cases, kept_fields
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from putright import fields, national, plugins
from putright.auditing.audits import audit
from putright.hookspecs import OwnField, hookimpl
from putright.rulebooks import Rulebook

BOOKS = Path(__file__).parent / "books"
CLOSURES = {dt.date(2025, 12, day): "Christmas closure" for day in (24, 29, 30, 31)}


class Shire:
    """A made-up council with one rulebook and closure days."""

    def __init__(self, name: str) -> None:
        self.path = BOOKS / f"{name}.yaml"

    @hookimpl
    def putright_rulebooks(self) -> list[Path]:
        return [self.path]

    @hookimpl
    def putright_closure_days(self) -> dict[dt.date, str]:
        return CLOSURES


class Askshire(Shire):
    """Another, with fields of its own."""

    @hookimpl
    def putright_fields(self) -> dict[str, OwnField]:
        return {
            name: OwnField("true/false" if own.type is fields.Type.BOOLEAN else "date", own.meaning, own.after)
            for name, own in OWN.items()
        }


def _host() -> plugins.Host:
    import putright_coventry

    shires = [(name, (Askshire if name == "askshire" else Shire)(name), "0") for name in SHIRES]
    return plugins.build([("national", national, "0"), ("coventry", putright_coventry, "0"), *shires])


SHIRES = ("testshire", "dayshire", "askshire")
HOST = _host()
KINDS = [
    ("testshire", "corporate"),
    ("dayshire", "corporate"),
    ("askshire", "corporate"),
    ("coventry", "corporate"),
    ("coventry", "children"),
    ("coventry", "adults"),
    ("coventry", "housing"),
]


#: From the first case's receipt to the audit date: while it runs, when it is over, and when all of them are.
DAYS_LATER = st.one_of(st.integers(0, 40), st.integers(40, 200), st.integers(200, 1500))


@pytest.mark.parametrize(("council", "procedure"), KINDS)
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(cases(), min_size=1, max_size=25), days=DAYS_LATER, kept=kept_fields())
def test_engine_says_what_the_oracle_says(
    council: str, procedure: str, rows: list[dict[str, Any]], days: int, kept: frozenset[str] | None
) -> None:
    as_at = rows[0]["received"] + dt.timedelta(days)
    compare(council, procedure, rows, as_at, kept)


def compare(
    council: str, procedure: str, rows: list[dict[str, Any]], as_at: dt.date, kept: frozenset[str] | None = None
) -> int:
    """Assert agreement on every case that is not rejected; how many findings were compared."""
    records = as_records(rows, HOST.councils, council, procedure, kept, HOST.vocabulary.fields)
    own = HOST.vocabulary.fields_of(council)
    found = audit(records, HOST, as_at, include_not_applicable=True, messages=False).findings
    known = {(row["reference"], row["rulebook"], row["rule"]): row for row in found.iter_rows(named=True)}
    audited = set(records.frame.filter(records.frame["received"] <= as_at)["reference"])
    compared = 0
    for place, case in enumerate(rows, start=1):
        if str(place) not in audited:
            continue
        flags = frozenset(case.get("flags", ()) if kept is None or "flags" in kept else ())
        for book in books_of(council, procedure, flags, case["received"]):
            closures = frozenset() if book.is_national else frozenset(CLOSURES if council in SHIRES else ())
            allowed = bool(book.held_stages())
            expected = oracle.judge(case, book, as_at, closures, holds_allowed=allowed, kept=kept, own=own)
            for rule, want in expected.items():
                got = known.pop((str(place), book.rulebook, rule))
                assert _said(got) == _wanted(want), (book.rulebook, rule, case, as_at, kept)
                compared += 1
    assert not known, "the engine has findings that the oracle has not"
    return compared


def books_of(council: str, procedure: str, flags: frozenset[str], received: dt.date) -> list[Rulebook]:
    """The rulebooks that judge a case, by contract 2: the council's own, and those it is governed by."""
    landlord = "landlord" in flags and procedure == "corporate"
    names = [f"{council}.housing"] if landlord and f"{council}.housing" in HOST.editions else []
    names += [f"{council}.{procedure}"] if not names and f"{council}.{procedure}" in HOST.editions else []
    own = [edition(name, received) for name in names]
    own = [book for book in own if book.for_flag is None or book.for_flag in flags]
    own = [book for book in own if book.not_for_flag is None or book.not_for_flag not in flags]
    if not own:
        national_name = "housing" if landlord else fields.NATIONAL[procedure]
        return [edition(national_name, received)]
    governing = [name for book in own for name in book.governed_by]
    if {"lgsco", "housing"} <= set(governing):
        governing.remove("lgsco" if "landlord" in flags else "housing")
    return [*own, *(edition(name, received) for name in governing)]


def edition(name: str, received: dt.date) -> Rulebook:
    """The edition in force on a day; the earliest for a day before all of them."""
    editions = sorted(HOST.editions[name], key=lambda book: book.in_force.start or dt.date.min)
    begun = [book for book in editions if (book.in_force.start or dt.date.min) <= received]
    return begun[-1] if begun else editions[0]


def _said(got: dict[str, Any]) -> SimpleNamespace:
    marks = set(got["marks"]) - {"before_edition", "after_edition", "provisional", "source_unclear"}
    if got["verdict"] == "not_applicable":
        return SimpleNamespace(verdict="not_applicable")
    return SimpleNamespace(
        verdict=got["verdict"],
        **{name: got[name] for name in ("start", "due", "done", "days_taken", "days_over")},
        marks=marks,
        missing=set(got["missing"]),
    )


def _wanted(want: oracle.Expected) -> SimpleNamespace:
    if want.verdict == "not_applicable":
        return SimpleNamespace(verdict="not_applicable")
    return SimpleNamespace(
        verdict=want.verdict,
        **{name: getattr(want, name) for name in ("start", "due", "done", "days_taken", "days_over")},
        marks=set(want.marks),
        missing=set(want.missing),
    )
