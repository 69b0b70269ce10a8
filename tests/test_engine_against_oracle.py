"""The columnar engine against the brute-force oracle, which was written apart from it.

Whatever the case and whatever the rulebook, both must give every rule the same verdict, dates, days,
marks and missing words.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import oracle
import pytest
from casemaking import as_records, cases
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from putright import national, plugins
from putright.audit import audit, rulebook_names
from putright.hookspecs import hookimpl

BOOK = Path(__file__).parent / "books" / "testshire.yaml"
CLOSURES = {dt.date(2025, 12, day): "Christmas closure" for day in (24, 29, 30, 31)}


class Testshire:
    __test__ = False

    @hookimpl
    def putright_rulebooks(self) -> list[Path]:
        return [BOOK]

    @hookimpl
    def putright_closure_days(self) -> dict[dt.date, str]:
        return CLOSURES


def _host() -> plugins.Host:
    import putright_coventry

    return plugins.build(
        [("national", national, "0"), ("coventry", putright_coventry, "0"), ("testshire", Testshire(), "0")]
    )


HOST = _host()
KINDS = [
    ("testshire", "corporate"),
    ("coventry", "corporate"),
    ("coventry", "children"),
    ("coventry", "adults"),
    ("coventry", "housing"),
]


@pytest.mark.parametrize(("council", "procedure"), KINDS)
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(cases(), min_size=1, max_size=25), back=st.integers(0, 500))
def test_engine_says_what_the_oracle_says(council: str, procedure: str, rows: list[dict[str, Any]], back: int) -> None:
    as_at = max(row["received"] for row in rows) + dt.timedelta(500 - back)
    compare(council, procedure, rows, as_at)


def compare(council: str, procedure: str, rows: list[dict[str, Any]], as_at: dt.date) -> int:
    """Assert agreement on every case that is not rejected; how many findings were compared."""
    records = as_records(rows, HOST.councils, council, procedure)
    found = audit(records, HOST, as_at, every=True, messages=False).findings
    known = {(row["reference"], row["rulebook"], row["rule"]): row for row in found.iter_rows(named=True)}
    names = [n for n in rulebook_names(council, procedure, landlord=False) if n in HOST.editions]
    audited = set(records.frame.filter(records.frame["received"] <= as_at)["reference"])
    compared = 0
    for place, case in enumerate(rows, start=1):
        if str(place) not in audited:
            continue
        for name in names:
            (book,) = HOST.editions[name]
            closures = frozenset() if book.is_national else frozenset(CLOSURES if council == "testshire" else ())
            expected = oracle.judge(case, book, as_at, closures, holds_allowed=bool(book.held_stages()))
            for rule, want in expected.items():
                got = known.pop((str(place), name, rule))
                if want.done is None and (got["kind"] in ("window", "extension", "notice") or rule == "consent"):
                    # No overrun of the council's: after an earlier ending, how far past means nothing.
                    want = replace(want, days_over=got["days_over"])
                assert _said(got) == _wanted(want), (rule, case, as_at)
                compared += 1
    assert not known, "the engine has findings that the oracle has not"
    return compared


def _said(got: dict[str, Any]) -> SimpleNamespace:
    marks = set(got["marks"]) - {"before_edition", "provisional", "source_unclear"}
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
