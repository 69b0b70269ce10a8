"""Amounts of money in case records: what is read, what is refused, and what waits for its remedy. Contract 1.3."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from putright import plugins
from putright.records.caserecords import Records
from putright.records.parsing import UnreadableValue, parse_pounds


@pytest.mark.parametrize(
    "text, pence",
    [
        ("250", 25_000),
        ("0", 0),
        ("£250", 25_000),
        ("£ 250.5", 25_050),
        ("1,250.50", 125_050),
        ("gbp 1,250", 125_000),
        ("33.299999999999997", 3_330),
    ],
)
def test_an_amount_is_read(text: str, pence: int) -> None:
    assert parse_pounds(text) == pence


@pytest.mark.parametrize(
    "text", ["1.250,50", "12,50", "250 voucher", "-20", "€250", "1.234", "yes", "250-300", "07700900123", "£", "1e3"]
)
def test_what_may_be_another_amount_is_refused(text: str) -> None:
    with pytest.raises(UnreadableValue):
        parse_pounds(text)


@given(st.integers(0, 10**9))
def test_every_amount_comes_back(pence: int) -> None:
    pounds = Decimal(pence) / 100
    assert parse_pounds(str(pounds)) == parse_pounds(f"£{pounds:,.2f}") == pence


def test_amounts_in_records_of_any_kind() -> None:
    rows = [
        {"reference": "A-1", "received": dt.date(2026, 1, 5), "remedy_amount": 250.0},
        {"reference": "A-2", "received": dt.date(2026, 1, 5), "remedy_amount": "£1,250.50"},
        {"reference": "A-3", "received": dt.date(2026, 1, 5), "remedy_amount": None},
        {"reference": "A-4", "received": dt.date(2026, 1, 5), "remedy_amount": "a voucher"},
    ]
    records = Records.from_dicts(rows, plugins.load())
    assert records.frame["remedy_amount"].to_list() == [25_000, 125_050, None]
    assert records.frame["remedy_amount"].dtype == pl.Int64
    (rejected,) = records.rejected.to_dicts()
    assert (rejected["reference"], rejected["field"]) == ("A-4", "remedy_amount")
    assert "write it as 250 or 1,250.50" in rejected["message"]
